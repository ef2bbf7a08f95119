/// What `health-probe` reads beside its input: the endpoints in a file.
@NullMarked
package dev.portolan.composer.health;

import org.jspecify.annotations.NullMarked;
