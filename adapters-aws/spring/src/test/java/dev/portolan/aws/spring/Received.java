package dev.portolan.aws.spring;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// What functions were really called with, under either entry point.
final class Received {

    private static final List<Object> ALL = new CopyOnWriteArrayList<>();

    private Received() {}

    static <T> T add(T input) {
        ALL.add(input);
        return input;
    }

    /// What came since it was asked for last.
    static List<Object> take() {
        List<Object> taken = new ArrayList<>(ALL);
        ALL.clear();
        return taken;
    }
}
