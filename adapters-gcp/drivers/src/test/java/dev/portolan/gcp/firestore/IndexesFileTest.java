package dev.portolan.gcp.firestore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.state.Indexes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class IndexesFileTest {

    private static final Pattern FIELD = Pattern.compile("\"fieldPath\": \"(\\w+)\"");

    @Test
    void everyFieldOfADocumentIsInTheIndexesFile() throws IOException {
        Indexes all = new Indexes(Instant.EPOCH, "g", Instant.EPOCH);
        try (InputStream file = IndexesFileTest.class.getResourceAsStream("firestore.indexes.json")) {
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);

            assertThat(FIELD.matcher(text).results().map(field -> field.group(1)))
                    .containsExactlyInAnyOrderElementsOf(
                            FirestoreDocuments.document("n", "k", "t", new byte[0], all, Instant.EPOCH)
                                    .getFieldsMap()
                                    .keySet());
        }
    }
}
