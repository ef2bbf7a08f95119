package dev.portolan.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.invocation.Headers;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What every keeper of dead letters must keep: all of the work, and why it was given up.
public abstract class DeadLettersContract {

    /// Work as it is found afterwards.
    ///
    /// @param id the event's
    /// @param key the one that its sender gave it, as it is found when the work is brought back
    /// @param body a text for a text, else a plain JSON tree
    public record Letter(
            String pipeline,
            String id,
            @Nullable String key,
            @Nullable Object body,
            String code,
            String detail) {}

    /// Puts work with the keeper under test.
    protected abstract void put(String pipeline, String id, Headers headers, @Nullable Object body, Failure reason);

    /// All that was put in this test, in any order.
    protected abstract List<Letter> letters() throws Exception;

    /// Puts work whose sender gave it no key.
    protected final void put(String pipeline, String id, @Nullable Object body, Failure reason) {
        put(pipeline, id, Headers.NONE, body, reason);
    }

    @Test
    void workIsKeptWithTheReason() throws Exception {
        put("order", "order:o-1", "{\"quantity\": -1}", new Failure(Code.INVALID, "/quantity: less than 1"));

        assertThat(letters())
                .containsExactly(new Letter(
                        "order", "order:o-1", null, "{\"quantity\": -1}", "INVALID", "/quantity: less than 1"));
    }

    @Test
    void theKeyThatItsSenderGaveIsKeptWhateverItsCharacters() throws Exception {
        List<String> keys = List.of(
                "order-8",
                "\"8\"",
                "{\"order\": 8}",
                " ",
                "a\tb",
                ":not a key",
                "Zoë 世界 🌍",
                "no characters \ufffe\uffff",
                "世".repeat(255),
                "\uffff".repeat(255));

        for (String key : keys) {
            put("order", "order:o-1", Headers.NONE.with("idempotency-key", key), "a", new Failure(Code.DENIED, "no"));
        }

        assertThat(letters()).extracting(Letter::key).containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void whatIsTooLongForAKeyDoesNotBecomeOne() throws Exception {
        Headers headers = Headers.NONE.with("Idempotency-Key", "x" + "🌍\ufffe".repeat(100_000));

        put("order", "order:o-1", headers, "a", new Failure(Code.INVALID, "a key has 1 to 255 printable characters"));

        assertThat(letters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.key()).hasSizeGreaterThan(255));
    }

    @Test
    void aBodyIsKeptAsItCame() throws Exception {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", "Zoë 世界 🌍");
        tree.put("credit", new BigDecimal("19.90"));
        tree.put("tags", List.of("new", 7, true));
        tree.put("nothing", null);
        List<Object> bodies = new ArrayList<>(Arrays.asList(
                tree,
                List.of(1, 2),
                "plain",
                "not {JSON",
                " \t\r\n",
                "control \u0000\u0001\u001b\u007f\u0085 characters",
                "no characters \ufffe\uffff",
                Map.of("text", "\u0000\u0008\uffff"),
                7,
                null));

        for (int i = 0; i < bodies.size(); i++) {
            put("order", "order:" + i, bodies.get(i), new Failure(Code.DENIED, "not for you"));
        }

        Map<String, Object> kept = new LinkedHashMap<>();
        letters().forEach(letter -> kept.put(letter.id(), letter.body()));
        assertThat(kept).hasSameSizeAs(bodies);
        for (int i = 0; i < bodies.size(); i++) {
            assertThat(kept.get("order:" + i)).as("body %d", i).isEqualTo(bodies.get(i));
        }
    }

    @Test
    void whatIsPutTwiceIsThere() throws Exception {
        put("order", "order:o-1", "a", new Failure(Code.DENIED, "first"));
        put("order", "order:o-1", "a", new Failure(Code.DENIED, "second"));

        assertThat(letters()).extracting(Letter::id).isNotEmpty().containsOnly("order:o-1");
    }

    @Test
    void aReasonOfManyWordsDoesNotKeepWorkOut() throws Exception {
        String words = "many words, \u0000 among them control characters \u001b\n ".repeat(2000);

        put("order", "order:o-1", "a", new Failure(Code.INVALID, words));

        assertThat(letters()).singleElement().satisfies(letter -> {
            assertThat(letter.body()).isEqualTo("a");
            assertThat(letter.detail()).startsWith("many words, ");
        });
    }

    @Test
    void aBodyOfTwoHundredKilobytesIsKept() throws Exception {
        String body = "x".repeat(200 * 1024);

        put("order", "order:o-1", body, new Failure(Code.DENIED, "not for you"));

        assertThat(letters()).extracting(Letter::body).containsExactly(body);
    }
}
