/// What a function may know of the call that it is part of, and how it ends the chain.
@NullMarked
package dev.portolan.invocation;

import org.jspecify.annotations.NullMarked;
