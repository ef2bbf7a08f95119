package dev.portolan.composer.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.failure.Failure;
import dev.portolan.health.Endpoint;
import dev.portolan.health.Endpoint.Statuses;
import dev.portolan.health.Reserved;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileEndpointsTest {

    @TempDir
    Path folder;

    @Test
    void whatIsLeftOutIsAsUsual() throws IOException {
        assertThat(read("- name: shop\n  url: https://shop.example/up\n"))
                .containsExactly(Endpoint.usual("shop", URI.create("https://shop.example/up")));
    }

    @Test
    void everythingCanBeSaid() throws IOException {
        assertThat(read("""
                - name: shop
                  url: https://shop.example/up
                  expect: 200-204
                  connect-timeout: 500ms
                  timeout: 2s
                  interval: 30s
                  allow: [link-local, metadata]
                  authorization: shop-token
                - {name: other, url: 'http://other.example', expect: 404}
                """))
                .containsExactly(
                        new Endpoint(
                                "shop",
                                URI.create("https://shop.example/up"),
                                new Statuses(200, 204),
                                Duration.ofMillis(500),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(30),
                                Set.of(Reserved.LINK_LOCAL, Reserved.METADATA),
                                "shop-token"),
                        new Endpoint(
                                "other",
                                URI.create("http://other.example"),
                                new Statuses(404, 404),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(10),
                                Set.of(),
                                null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "time-out: 3s | :4: 'time-out': unknown key; did you mean 'timeout'?",
                "expect: 99 | :4: 'expect': must be a status such as 204",
                "expect: ok | :4: 'expect': must be a status such as 204",
                "expect: 200-204-206 | :4: 'expect': must be a status such as 204",
                "timeout: 3 | :4: 'timeout': must be a duration such as 200ms",
                "timeout: 9s | :4: 'timeout': must be more than nothing and at most half of the interval",
                "connect-timeout: 4s | :4: 'connect-timeout': must be more than nothing and at most the timeout",
                "allow: [linklocal] | must be one of link-local, metadata, multicast, unspecified",
                "authorization: token | :4: 'authorization': is sent over https only",
                "name: shop | :4: 'name' is there already"
            })
    void aMistakeIsRefusedWithItsLineAndTheRemedy(String line, String message) {
        assertThat(refusal("# endpoints\n- name: shop\n  url: http://shop.example/\n  " + line + "\n"))
                .contains(message);
    }

    @Test
    void everyMistakeIsToldAtOnce() {
        assertThat(refusal("""
                - name: Shop
                  url: ftp://shop.example
                - name: other
                - name: third
                  url: tcp://third.example
                """))
                .contains(":1: 'name': must be kebab-case", ":2: 'url': must begin with https://")
                .contains(":3: 'url': missing")
                .contains(":5: 'url': must be tcp://host:port");
    }

    @Test
    void twoOfOneNameAreRefusedWithBothPlaces() {
        assertThat(refusal("""
                - {name: shop, url: 'http://shop.example'}
                - {name: shop, url: 'http://other.example'}
                """)).contains(":2: 'name': an endpoint is called so already, at ", ":1");
    }

    @ParameterizedTest
    @CsvSource({"[]", "{}", "shop", "'endpoints: []'", "''", "[", "'[7]'"})
    void aFileThatIsNoListOfEndpointsIsRefusedWithItsPlace(String text) {
        assertThat(refusal(text)).contains("endpoints.yaml:1");
    }

    @Test
    void aFileThatIsNotThereIsNamedWithTheRemedy() {
        Failure failure =
                catchThrowableOfType(Failure.class, () -> new FileEndpoints(folder.resolve("endpoints.yaml")).all());

        assertThat(failure.code()).isEqualTo(Failure.Code.FAILED_PRECONDITION);
        assertThat(failure)
                .hasMessageContaining("there is no file " + folder.resolve("endpoints.yaml"))
                .hasMessageContaining("- {name: shop,");
    }

    @Test
    void whatShipsCanBeRead() {
        assertThat(new FileEndpoints(Path.of("..", "config", "endpoints.yaml")).all())
                .extracting(Endpoint::name)
                .containsExactly("website", "website-port", "local-server");
    }

    private List<Endpoint> read(String text) throws IOException {
        return new FileEndpoints(Files.writeString(folder.resolve("endpoints.yaml"), text)).all();
    }

    /// It is the deployment's mistake and not the caller's.
    private String refusal(String text) {
        Failure failure = catchThrowableOfType(Failure.class, () -> read(text));
        assertThat(failure.code()).isEqualTo(Failure.Code.FAILED_PRECONDITION);
        return failure.detail();
    }
}
