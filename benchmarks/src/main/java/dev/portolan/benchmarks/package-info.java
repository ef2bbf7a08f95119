/// What Portolan costs on top of the work itself, as ratios within one run.
@NullMarked
package dev.portolan.benchmarks;

import org.jspecify.annotations.NullMarked;
