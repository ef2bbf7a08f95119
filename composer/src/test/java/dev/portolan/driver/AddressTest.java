package dev.portolan.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.secret.Secrets;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AddressTest {

    private static final Driver.Host HOST = new Driver.Host(Map.of(), InstantSource.system(), new Random(1));

    @TempDir
    private Path folder;

    /// Secrets that are their own names.
    public static final class Echo implements Driver {
        @Override
        public String scheme() {
            return "echo";
        }

        @Override
        public Secrets secrets(String name, Host host) {
            return secret -> name + "/" + secret;
        }
    }

    @Test
    void whatStandsBehindTheFirstColonIsTheName() {
        assertThat(Address.of("X", "sqs: https://queue/1 ")).isEqualTo(new Address("X", "sqs", "https://queue/1"));
        assertThat(Address.of("X", "memory")).isEqualTo(new Address("X", "memory", ""));
    }

    @Test
    void theDriverOfTheSchemeOpensTheName() throws Exception {
        try (URLClassLoader loader = loader()) {
            Secrets secrets = open("echo:prefix", loader);

            assertThat(secrets.find("token")).isEqualTo("prefix/token");
        }
    }

    @Test
    void anUnknownSchemeIsRefusedWithTheNearest() throws Exception {
        try (URLClassLoader loader = loader()) {
            assertThatThrownBy(() -> open("ecco:prefix", loader))
                    .isInstanceOfSatisfying(
                            Failure.class, failure -> assertThat(failure.code()).isEqualTo(Code.NOT_FOUND))
                    .hasMessageContaining("PORTOLAN_SECRETS: no driver 'ecco' (there is echo, memory, and others")
                    .hasMessageContaining("did you mean 'echo'?");
        }
    }

    @Test
    void aPortThatAServiceCannotServeIsRefusedInThePlaceThatNamesIt() throws Exception {
        try (URLClassLoader loader = loader()) {
            assertThatThrownBy(() -> Address.of("PORTOLAN_STORE", "echo:x")
                            .open(Set.of(), loader, driver -> driver.store("x", HOST)))
                    .hasMessageContaining("PORTOLAN_STORE: 'echo' keeps no state");
        }
    }

    @Test
    void aMissingLibraryIsRefusedWithTheRemedy() throws Exception {
        try (URLClassLoader loader = loader()) {
            assertThatThrownBy(() -> Address.of("PORTOLAN_STORE", "echo:x").open(Set.of(), loader, driver -> {
                        throw new NoClassDefFoundError("software/Client");
                    }))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("PORTOLAN_STORE: 'echo' lacks a class of its service's client");
        }
    }

    private static Secrets open(String address, ClassLoader loader) {
        Address secrets = Address.of("PORTOLAN_SECRETS", address);
        return secrets.open(Set.of("memory"), loader, driver -> driver.secrets(secrets.name(), HOST));
    }

    private URLClassLoader loader() throws IOException {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve(Driver.class.getName()), Echo.class.getName() + "\n");
        return new URLClassLoader(new URL[] {folder.toUri().toURL()}, AddressTest.class.getClassLoader());
    }
}
