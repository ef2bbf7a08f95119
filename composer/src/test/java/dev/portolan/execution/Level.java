package dev.portolan.execution;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A worker of a [World], in the midst of whose calls another one may come.
final class Level {

    /// The name under which it has the execution, or had it last.
    @Nullable
    String owner;

    /// The step that it is within, and until when its lease keeps others away; -1 for none.
    int within = -1;

    Instant until = Instant.MAX;
}
