package dev.portolan.health;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Nearest;
import dev.portolan.failure.Violation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What `health-probe` is to look at, and how often.
///
/// @param rounds how often the endpoint of the shortest interval is probed within the call, 1 to 60, while the
///     others keep theirs; null for once
/// @param only names of endpoints; null for all of them
public record ProbeRequest(
        @Nullable Integer rounds, @Nullable List<String> only) {

    private static final int MOST_ROUNDS = 60;

    /// How many rounds there are.
    ///
    /// @throws Failure `INVALID` if they are too few or too many
    int often() {
        if (rounds == null) {
            return 1;
        }
        if (rounds < 1 || rounds > MOST_ROUNDS) {
            throw Failure.invalid("/rounds", "must be 1 to " + MOST_ROUNDS);
        }
        return rounds;
    }

    /// Those of all endpoints that are asked for.
    ///
    /// @throws Failure `INVALID` if one is not there, with the nearest name
    List<Endpoint> chosen(List<Endpoint> all) {
        if (only == null) {
            return all;
        }
        if (only.isEmpty()) {
            throw Failure.invalid("/only", "names none; leave it out for all");
        }
        List<String> names = all.stream().map(Endpoint::name).toList();
        List<Violation> unknown = new ArrayList<>();
        for (int i = 0; i < only.size(); i++) {
            if (!names.contains(only.get(i))) {
                unknown.add(new Violation("/only/" + i, "no such endpoint" + Nearest.hint(only.get(i), names)));
            }
        }
        if (!unknown.isEmpty()) {
            throw Failure.invalid(unknown);
        }
        return all.stream().filter(endpoint -> only.contains(endpoint.name())).toList();
    }
}
