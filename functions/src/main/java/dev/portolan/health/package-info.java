/// Whether endpoints answer: `health-probe`, what it looks at, and what it keeps of what it saw.
@NullMarked
package dev.portolan.health;

import org.jspecify.annotations.NullMarked;
