package dev.portolan.composer;

import dev.portolan.invocation.Headers;
import org.jspecify.annotations.Nullable;

/// Work, as every adapter hands it over.
///
/// @param id names the work, not the delivery: the same when it is delivered again. Effects are keyed by it.
/// @param body a plain JSON tree, or a value that the first step takes as it is
/// @param headers what came with it
public record Event(String id, @Nullable Object body, Headers headers) {}
