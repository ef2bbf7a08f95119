/// Taking a customer in: `validate`, `enrich` and `notify`, with the ports that they reach the world through.
///
/// Each takes and gives the whole JSON object: fields that it does not know survive, and what a later one adds
/// wins.
@NullMarked
package dev.portolan.intake;

import org.jspecify.annotations.NullMarked;
