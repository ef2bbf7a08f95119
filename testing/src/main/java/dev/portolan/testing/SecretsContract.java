package dev.portolan.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.secret.Secrets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What every keeper of secrets must keep.
public abstract class SecretsContract {

    /// The secrets under test, the same within one test.
    protected abstract Secrets secrets();

    /// Makes or changes a secret, as its owner does.
    protected abstract void store(String name, String secret);

    /// Lets time pass for the secrets under test; not for real.
    protected abstract void pass(Duration duration);

    @Test
    void aSecretIsFoundByItsName() {
        store("probe-token", "t0ken");
        store("mail-token", "other");

        assertThat(secrets().find("probe-token")).isEqualTo("t0ken");
        assertThat(secrets().find("mail-token")).isEqualTo("other");
    }

    @Test
    void aSecretKeepsItsCharacters() {
        String secret = "{\"user\": \"Zoë\", \"pässword\": \" 世界\\n=, \"}\n";
        store("probe-token", secret);

        assertThat(secrets().find("probe-token")).isEqualTo(secret);
    }

    @Test
    void aSecretThatIsNotThereIsNamed() {
        store("probe-token", "t0ken");

        Failure failure = catchThrowableOfType(Failure.class, () -> secrets().find("probe-tokens"));

        assertThat(failure.code()).isEqualTo(Code.NOT_FOUND);
        assertThat(failure.detail()).contains("probe-tokens");
    }

    @Test
    void aSecretThatWasMadeAfterItWasAskedForIsFound() {
        assertThatThrownBy(() -> secrets().find("probe-token")).isInstanceOf(Failure.class);

        store("probe-token", "t0ken");

        assertThat(secrets().find("probe-token")).isEqualTo("t0ken");
    }

    @Test
    void aSecretThatHasChangedIsUsedWithinMinutes() {
        store("probe-token", "old");
        secrets().find("probe-token");

        store("probe-token", "new");
        pass(Duration.ofMinutes(5));

        assertThat(secrets().find("probe-token")).isEqualTo("new");
    }

    @Test
    void noSecretIsSpoken() {
        store("probe-token", "t0ken");
        secrets().find("probe-token");

        assertThat(secrets().toString()).doesNotContain("t0ken");
    }
}
