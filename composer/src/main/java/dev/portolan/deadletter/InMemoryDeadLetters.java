package dev.portolan.deadletter;

import dev.portolan.composer.Event;
import dev.portolan.failure.Failure;
import java.util.ArrayList;
import java.util.List;

/// Keeps dead letters in memory: for tests.
public final class InMemoryDeadLetters implements DeadLetters {

    /// Work that was given up.
    public record Letter(String pipeline, Event event, Failure reason) {}

    private final List<Letter> letters = new ArrayList<>();

    @Override
    public synchronized void put(String pipeline, Event event, Failure reason) {
        letters.add(new Letter(pipeline, event, reason));
    }

    /// What was put so far, in order.
    public synchronized List<Letter> letters() {
        return List.copyOf(letters);
    }
}
