package dev.portolan.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.aws.dynamodb.DynamoDbStateStore;
import dev.portolan.aws.secrets.ManagedSecrets;
import dev.portolan.aws.secrets.ParameterStore;
import dev.portolan.aws.ses.SesNotifier;
import dev.portolan.aws.sqs.SqsContinuation;
import dev.portolan.aws.sqs.SqsDeadLetters;
import dev.portolan.driver.Address;
import dev.portolan.driver.Driver;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.state.InMemoryStateStore;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/// Drivers by the addresses that a deployment's environment has.
class DriversTest {

    private static final String URL = "https://sqs.eu-central-1.amazonaws.com/123456789012/wake";

    private final InstantSource clock = InstantSource.fixed(Instant.EPOCH);
    private final Driver.Host host = new Driver.Host(Map.of(), clock, new Random(1));

    private Object open(String address, BiFunction<Driver, String, Object> port) {
        Address read = Address.of("PORTOLAN_TEST", address);
        return read.open(Set.of(), getClass().getClassLoader(), driver -> port.apply(driver, read.name()));
    }

    @Test
    void eachAddressOpensItsDriverWithoutRegionOrCredentials() {
        assertThat(open("dynamodb:orders", (driver, name) -> driver.store(name, host)))
                .isInstanceOf(DynamoDbStateStore.class);
        assertThat(open("sqs:" + URL, (driver, name) -> driver.continuation(name, host)))
                .isInstanceOf(SqsContinuation.class);
        assertThat(open("sqs:" + URL, (driver, name) -> driver.deadLetters(name, host)))
                .isInstanceOf(SqsDeadLetters.class);
        assertThat(open(
                        "ses:Ada <ada@example.com>",
                        (driver, name) -> driver.notifier(name, new InMemoryStateStore(clock), host)))
                .isInstanceOf(SesNotifier.class);
        assertThat(open("secretsmanager:", (driver, name) -> driver.secrets(name, host)))
                .isInstanceOf(ManagedSecrets.class);
        assertThat(open("ssm:/portolan/", (driver, name) -> driver.secrets(name, host)))
                .isInstanceOf(ParameterStore.class);
    }

    @Test
    void aNameThatIsNoneIsRefusedWithItsPlace() {
        for (Runnable opened : List.<Runnable>of(
                () -> open("dynamodb:", (driver, name) -> driver.store(name, host)),
                () -> open("sqs:wake", (driver, name) -> driver.continuation(name, host)),
                () -> open("sqs:" + URL + ".fifo", (driver, name) -> driver.continuation(name, host)),
                () -> open("ses:Ada", (driver, name) -> driver.notifier(name, new InMemoryStateStore(clock), host)),
                () -> open("ssm:a b", (driver, name) -> driver.secrets(name, host)))) {
            Failure failure = catchThrowableOfType(Failure.class, opened::run);

            assertThat(failure.code()).isEqualTo(Code.FAILED_PRECONDITION);
            assertThat(failure.detail()).startsWith("PORTOLAN_TEST: ");
        }
    }

    /// A package carries the SDKs that it names: the other drivers are looked at, and must not fail at that.
    @Test
    void aDriverWhoseSdkIsNotThereIsInNobodysWay() throws Exception {
        List<URL> there = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!entry.matches(".*(sqs|sesv2|ssm|secretsmanager)-[^/\\\\]*\\.jar")) {
                there.add(Path.of(entry).toUri().toURL());
            }
        }
        try (URLClassLoader loader =
                new URLClassLoader(there.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Class<?> probe = loader.loadClass("dev.portolan.aws.DriversTest$Probe");

            assertThat(probe.getMethod("open", String.class).invoke(null, "ssm:/portolan/"))
                    .asString()
                    .contains("FAILED_PRECONDITION", "'ssm' lacks a class of its service's client");
            assertThat(probe.getMethod("open", String.class).invoke(null, "elsewhere:"))
                    .asString()
                    .contains("dynamodb, secretsmanager, ses, sqs, ssm");
        }
    }

    /// Opens an address where not everything is there.
    public static final class Probe {

        private Probe() {}

        /// What became of it.
        public static String open(String address) {
            Address read = Address.of("PORTOLAN_TEST", address);
            Driver.Host host = new Driver.Host(Map.of(), InstantSource.fixed(Instant.EPOCH), new Random(1));
            try {
                return read.open(Set.of(), Probe.class.getClassLoader(), driver -> driver.secrets(read.name(), host))
                        .find("probe-token");
            } catch (Failure failure) {
                return failure.code() + " " + failure.detail();
            }
        }
    }
}
