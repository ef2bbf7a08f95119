/// What nobody may read but the function that needs it.
@NullMarked
package dev.portolan.secret;

import org.jspecify.annotations.NullMarked;
