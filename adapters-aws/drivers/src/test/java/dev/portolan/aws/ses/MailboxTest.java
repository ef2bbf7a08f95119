package dev.portolan.aws.ses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.state.InMemoryStateStore;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailboxTest {

    @ParameterizedTest
    @CsvSource({
        "ada@example.com, ada@example.com",
        "<ada@example.com>, ada@example.com",
        "Ada Lovelace <ada@example.com>, \"Ada Lovelace\" <ada@example.com>",
        "'Lovelace, Ada <ada@example.com>', '\"Lovelace, Ada\" <ada@example.com>'",
        "\"Ada\" <ada@example.com>, \"Ada\" <ada@example.com>",
        "Zoë <zoe@bücher.example>, =?UTF-8?B?Wm/Dqw==?= <zoe@xn--bcher-kva.example>",
    })
    void aSenderIsWrittenInAscii(String text, String header) {
        assertThat(Mailbox.of(text).orElseThrow().header()).isEqualTo(header);
    }

    @Test
    void aLongNameBecomesSeveralWordsOfWholeLetters() {
        String header =
                Mailbox.of("🌍".repeat(30) + " <ada@example.com>").orElseThrow().header();

        assertThat(header.split(" ")).hasSize(4).allMatch(word -> word.length() <= 75);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Portolan", "Portolan <>", "Portolan <nobody>", "A <a@b.org", "A\r\nBcc: b <a@b.org>"})
    void aSenderThatIsNoAddressIsRefusedWhenItIsOpened(String from) {
        InstantSource clock = InstantSource.fixed(Instant.EPOCH);

        Failure failure = catchThrowableOfType(
                Failure.class,
                () -> new SesNotifier(from, new InMemoryStateStore(clock), () -> null, clock, pause -> {}));

        assertThat(failure.code()).isEqualTo(Code.FAILED_PRECONDITION);
        assertThat(failure.detail()).contains("as in ses:Portolan <portolan@example.com>");
    }
}
