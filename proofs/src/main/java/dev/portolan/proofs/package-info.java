/// What durable executions must be over every store: proofs of the engine and a driver together.
@NullMarked
package dev.portolan.proofs;

import org.jspecify.annotations.NullMarked;
