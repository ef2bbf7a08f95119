package dev.portolan.proofs;

import dev.portolan.state.StateStore;
import dev.portolan.testing.InterceptedStateStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The points at which a worker may be killed, each known by how many it passed before: before and after every
/// call of its store, and where its functions say.
final class Points {

    private final int last;
    private final Consumer<String> atLast;
    private final List<String> passed = new ArrayList<>();

    /// @param last the point at which something is to be done, from 0; -1 for none
    Points(int last, Consumer<String> atLast) {
        this.last = last;
        this.atLast = atLast;
    }

    /// Nothing happens at any.
    static Points none() {
        return new Points(-1, point -> {});
    }

    List<String> passed() {
        return passed;
    }

    void reached(String point) {
        passed.add(point);
        if (passed.size() - 1 == last) {
            atLast.accept(point);
        }
    }

    private <T> T around(String call, Supplier<T> made) {
        reached("before " + call);
        T answer = made.get();
        reached("after " + call);
        return answer;
    }

    /// A store whose calls are points. Listings are for those who look on.
    StateStore around(StateStore store) {
        return new InterceptedStateStore(store) {
            @Override
            protected <T> T around(Call call, String of, Supplier<T> made) {
                return switch (call) {
                    case LIST, GROUP -> made.get();
                    case DELETE -> throw new AssertionError("nothing is deleted");
                    case DUE -> Points.this.around("due", made);
                    case FIND, CREATE, REPLACE ->
                        Points.this.around(
                                call.name().toLowerCase(Locale.ROOT) + " " + of.substring(0, of.indexOf(':')), made);
                };
            }
        };
    }
}
