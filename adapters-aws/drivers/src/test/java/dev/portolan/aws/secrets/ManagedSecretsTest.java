package dev.portolan.aws.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.aws.client.Faults;
import dev.portolan.aws.client.LightClients;
import dev.portolan.aws.client.OnMoto;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.secret.Secrets;
import dev.portolan.testing.Moto;
import dev.portolan.testing.SecretsContract;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClientBuilder;

@Timeout(60)
class ManagedSecretsTest extends SecretsContract {

    private final String prefix = Moto.name("secrets") + "/";
    private final SecretsManagerClient owner = client().build();
    private final Set<String> names = new HashSet<>();
    private Instant now = Instant.parse("2030-01-01T00:00:00Z");
    private final Faults wire = new Faults("GetSecretValue");
    private final ManagedSecrets secrets = new ManagedSecrets(prefix, () -> wire.under(client()), () -> now);

    private static SecretsManagerClientBuilder client() {
        return OnMoto.at(LightClients.light(SecretsManagerClient.builder()));
    }

    @AfterEach
    void close() {
        owner.close();
    }

    @Override
    protected Secrets secrets() {
        return secrets;
    }

    @Override
    protected void store(String name, String secret) {
        if (names.add(name)) {
            owner.createSecret(create -> create.name(prefix + name).secretString(secret));
        } else {
            owner.putSecretValue(put -> put.secretId(prefix + name).secretString(secret));
        }
    }

    @Override
    protected void pass(Duration duration) {
        now = now.plus(duration);
    }

    @Test
    void aSecretIsReadOnceInFiveMinutes() {
        store("probe-token", "t0ken");

        secrets.find("probe-token");
        pass(Duration.ofMinutes(5).minusNanos(1));
        secrets.find("probe-token");
        assertThat(wire.requests()).isEqualTo(1);

        pass(Duration.ofNanos(1));
        secrets.find("probe-token");
        assertThat(wire.requests()).isEqualTo(2);
    }

    @Test
    void aBinarySecretIsRefusedWithTheRemedy() {
        owner.createSecret(create -> create.name(prefix + "bytes").secretBinary(SdkBytes.fromUtf8String("t0ken")));

        Failure failure = catchThrowableOfType(Failure.class, () -> secrets.find("bytes"));

        assertThat(failure.code()).isEqualTo(Code.FAILED_PRECONDITION);
        assertThat(failure.detail()).contains(prefix + "bytes is binary").doesNotContain("t0ken");
    }

    @Test
    void whatMayNotBeReadIsDeniedWithTheActionAndTheSecret() {
        Faults denied = Faults.always("GetSecretValue", Faults.refused(400, "AccessDeniedException"));
        ManagedSecrets theirs = new ManagedSecrets("portolan/", () -> denied.under(client()), () -> now);

        Failure failure = catchThrowableOfType(Failure.class, () -> theirs.find("probe-token"));

        assertThat(failure.code()).isEqualTo(Code.DENIED);
        assertThat(failure.detail())
                .isEqualTo("the caller may not do this: allow secretsmanager:GetSecretValue on the secret "
                        + "portolan/probe-token");
    }

    @Test
    void aKeyThatMayNotBeUsedIsDeniedWithTheKeysAction() {
        Faults denied = Faults.always(
                "GetSecretValue",
                Faults.refused(
                        400,
                        "AccessDeniedException",
                        "User: arn:aws:sts::1:assumed-role/x is not authorized to perform: kms:Decrypt on resource",
                        Map.of()));
        ManagedSecrets theirs = new ManagedSecrets("", () -> denied.under(client()), () -> now);

        Failure failure = catchThrowableOfType(Failure.class, () -> theirs.find("probe-token"));

        assertThat(failure.detail()).contains("allow kms:Decrypt on").doesNotContain("arn:");
    }

    @Test
    void aNameThatIsNoneAsksNobody() {
        for (String name : new String[] {"", "a b", "arn:aws:secretsmanager:x", "../a:7", "a*", "x".repeat(513)}) {
            Failure failure = catchThrowableOfType(Failure.class, () -> secrets.find(name));

            assertThat(failure.code()).isEqualTo(Code.INVALID);
        }
        assertThat(wire.requests()).isZero();
    }

    @Test
    void aPrefixThatIsNoneIsRefusedWhenItIsOpened() {
        Failure failure = catchThrowableOfType(
                Failure.class, () -> new ManagedSecrets("arn:aws:x", ManagedSecretsTest::client, () -> now));

        assertThat(failure.code()).isEqualTo(Code.FAILED_PRECONDITION);
    }
}
