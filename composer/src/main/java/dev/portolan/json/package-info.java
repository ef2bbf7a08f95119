/// JSON text, and the JSON shapes of Java types: what a payload must look like to become a function's input.
@NullMarked
package dev.portolan.json;

import org.jspecify.annotations.NullMarked;
