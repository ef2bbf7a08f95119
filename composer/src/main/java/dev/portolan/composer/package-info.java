/// Definitions become pipelines, and pipelines become runs.
@NullMarked
package dev.portolan.composer;

import org.jspecify.annotations.NullMarked;
