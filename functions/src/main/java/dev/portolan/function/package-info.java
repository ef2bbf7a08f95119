/// How functions get their names: the two interfaces that a module of functions needs.
@NullMarked
package dev.portolan.function;

import org.jspecify.annotations.NullMarked;
