/// Where state is kept: one small port over every database.
@NullMarked
package dev.portolan.state;

import org.jspecify.annotations.NullMarked;
