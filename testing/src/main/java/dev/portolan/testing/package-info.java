/// Contract suites: what every driver of a port must pass. Compare [dev.portolan.state.StateStore].
@NullMarked
package dev.portolan.testing;

import org.jspecify.annotations.NullMarked;
