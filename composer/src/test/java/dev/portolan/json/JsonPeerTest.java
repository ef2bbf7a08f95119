package dev.portolan.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.failure.Failure;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/// The codec and Jackson's streaming parser agree on what is JSON, over texts that are nearly JSON.
final class JsonPeerTest {

    private static final int TEXTS = 50_000;

    private static final JsonFactory PEER = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final List<String> PIECES = List.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            " ",
            "\n",
            "\"a\"",
            "\"b\"",
            "\"\\u00e9\\n\"",
            "\"",
            "\\",
            "\\u12",
            "0",
            "-",
            "1",
            "9",
            ".",
            "e",
            "E",
            "+",
            "true",
            "false",
            "null",
            "tru",
            "1.5e-3",
            "[1,2]",
            "{\"a\":1}",
            "\t",
            "\u0001",
            "é",
            "😀",
            "/",
            "//",
            "'",
            "NaN",
            "\u00a0",
            "{\"a\":",
            "\"c\":",
            "1,",
            "\uFEFF");

    private final Json json = new Json();

    @Test
    void whatOneAcceptsTheOtherAccepts() {
        SplittableRandom random = new SplittableRandom(4);
        int accepted = 0;
        for (int i = 0; i < TEXTS; i++) {
            String text = text(random);
            boolean ours = accepts(text);
            assertThat(ours).as(text).isEqualTo(peerAccepts(text));
            accepted += ours ? 1 : 0;
        }
        assertThat(accepted).isGreaterThan(TEXTS / 100);
    }

    /// A few pieces in a row, or a valid text with one character changed.
    private static String text(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        if (random.nextInt(3) == 0) {
            text.append("{\"a\": [1, -2.5e+10, \"x\\ty\", true], \"b\": {\"c\": null, \"d\": \"\"}}");
            int place = random.nextInt(text.length());
            text.replace(place, place + random.nextInt(2), PIECES.get(random.nextInt(PIECES.size())));
        } else {
            for (int i = random.nextInt(6); i >= 0; i--) {
                text.append(PIECES.get(random.nextInt(PIECES.size())));
            }
        }
        // A mark inside of a text is for Jackson what it is at the beginning.
        return text.indexOf("\uFEFF") > 0 ? text.toString().replace("\uFEFF", "x") : text.toString();
    }

    private boolean accepts(String text) {
        try {
            json.decode(text.getBytes(StandardCharsets.UTF_8));
            return true;
        } catch (Failure refused) {
            return false;
        }
    }

    private static boolean peerAccepts(String text) {
        try (JsonParser parser = PEER.createParser(ObjectReadContext.empty(), text.getBytes(StandardCharsets.UTF_8))) {
            if (parser.nextToken() == null) {
                return false;
            }
            @Nullable JsonToken token = parser.currentToken();
            int depth = 0;
            do {
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (token == JsonToken.VALUE_STRING) {
                    parser.getString();
                }
                if (depth == 0) {
                    return parser.nextToken() == null;
                }
                token = parser.nextToken();
            } while (token != null);
            return false;
        } catch (JacksonException refused) {
            return false;
        }
    }
}
