package dev.portolan.local;

import dev.portolan.execution.Execution;
import dev.portolan.execution.Executions;
import dev.portolan.execution.Operations;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Nearest;
import java.time.Instant;
import java.util.List;

/// Finds an execution for a person who may have mistyped its id.
final class KnownExecutions {

    /// How many of the latest are looked through for the one that was meant.
    private static final int LOOKED_THROUGH = 1000;

    private static final int SHOWN = 3;

    private KnownExecutions() {}

    /// The execution of an id.
    ///
    /// @throws Failure `NOT_FOUND` with the ids that may have been meant
    static Execution get(Executions executions, String id) {
        return executions.find(id).orElseThrow(() -> {
            Operations.Query all = new Operations.Query(null, null, Instant.EPOCH, LOOKED_THROUGH);
            List<String> ids = executions.operations().list(all).executions().stream()
                    .map(Execution::id)
                    .toList();
            return new Failure(Failure.Code.NOT_FOUND, "no execution '" + id + "'" + hint(id, ids));
        });
    }

    private static String hint(String id, List<String> ids) {
        List<String> containing =
                ids.stream().filter(one -> one.contains(id)).limit(SHOWN).toList();
        if (!containing.isEmpty()) {
            return "; did you mean '" + String.join("', '", containing) + "'?";
        }
        String nearest = Nearest.hint(id, ids);
        return nearest.isEmpty() ? "; 'portolan execution list' shows those there are" : nearest;
    }
}
