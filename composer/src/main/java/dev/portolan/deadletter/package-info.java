/// Where work goes that can never succeed.
@NullMarked
package dev.portolan.deadletter;

import org.jspecify.annotations.NullMarked;
