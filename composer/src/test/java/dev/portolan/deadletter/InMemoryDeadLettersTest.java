package dev.portolan.deadletter;

import dev.portolan.composer.Event;
import dev.portolan.failure.Failure;
import dev.portolan.invocation.Headers;
import dev.portolan.testing.DeadLettersContract;
import java.util.List;

class InMemoryDeadLettersTest extends DeadLettersContract {

    private final InMemoryDeadLetters deadLetters = new InMemoryDeadLetters();

    @Override
    protected void put(String pipeline, String id, Headers headers, Object body, Failure reason) {
        deadLetters.put(pipeline, new Event(id, body, headers), reason);
    }

    @Override
    protected List<Letter> letters() {
        return deadLetters.letters().stream()
                .map(letter -> new Letter(
                        letter.pipeline(),
                        letter.event().id(),
                        letter.event().headers().first("Idempotency-Key"),
                        letter.event().body(),
                        letter.reason().code().name(),
                        letter.reason().detail()))
                .toList();
    }
}
