/// Executions that survive their process: one record each, written by compare-and-set at every step.
@NullMarked
package dev.portolan.execution;

import org.jspecify.annotations.NullMarked;
