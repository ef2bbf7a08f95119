package dev.portolan.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Violation;
import org.junit.jupiter.api.Test;

class NotificationTest {

    @Test
    void refusesHeaderInjectionInAddressAndSubject() {
        Failure failure = catchThrowableOfType(
                Failure.class, () -> new Notification("key", "a@b.org\r\nBcc: c@d.org", "Hi\u0007", "body"));

        assertThat(failure.violations())
                .containsExactly(
                        new Violation("to", "line break in a header"),
                        new Violation("subject", "control character in a header"));
    }

    @Test
    void aBodyMayHaveLines() {
        assertThat(new Notification("key", "a@b.org", "Hi", "one\ntwo").body()).isEqualTo("one\ntwo");
    }

    @Test
    void printsNothingPrivate() {
        assertThat(new Notification("run/notify", "a@b.org", "Hi", "body")).hasToString("Notification[key=run/notify]");
    }
}
