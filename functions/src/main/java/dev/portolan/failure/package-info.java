/// How things go wrong: one exception, one list of codes, one rule for trying again.
@NullMarked
package dev.portolan.failure;

import org.jspecify.annotations.NullMarked;
