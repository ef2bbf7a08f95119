/// Observers that tell others' libraries, which are here if they are: loaded when a deployment names them,
/// and not before.
@NullMarked
package dev.portolan.telemetry;

import org.jspecify.annotations.NullMarked;
