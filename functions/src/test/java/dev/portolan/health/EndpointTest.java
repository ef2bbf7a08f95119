package dev.portolan.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Violation;
import dev.portolan.health.Endpoint.Statuses;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {

    @ParameterizedTest
    @ValueSource(strings = {"shop", "shop-2", "a"})
    void aNameIsKebabCase(String name) {
        assertThat(Endpoint.usual(name, URI.create("tcp://shop.example:1")).name())
                .isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Shop", "2shop", "-shop", "shop-", "shop--two", "shop:two", "shöp"})
    void anotherNameIsRefused(String name) {
        assertThat(places(() -> Endpoint.usual(name, URI.create("tcp://shop.example:1"))))
                .containsExactly("/name");
    }

    @Test
    void aNameOfMoreThan64CharactersIsRefused() {
        assertThat(Endpoint.usual("a".repeat(64), URI.create("tcp://shop.example:1"))
                        .name())
                .hasSize(64);
        assertThat(places(() -> Endpoint.usual("a".repeat(65), URI.create("tcp://shop.example:1"))))
                .containsExactly("/name");
    }

    @ParameterizedTest
    @CsvSource({
        "ftp://shop.example/, must begin with",
        "shop.example, must begin with",
        "HTTP://shop.example, must begin with",
        "http:///up, needs a host",
        "http://shop.example/caf\u00e9, must be ASCII",
        "http://my_shop/, needs a host",
        "https://user:word@shop.example/, must not carry a user",
        "http://shop.example:0/, the port",
        "http://shop.example:65536/, the port",
        "http://shop.example/#top, must not have a fragment",
        "tcp://shop.example, must be tcp://host:port",
        "tcp://shop.example:1/, must be tcp://host:port",
        "tcp://shop.example:1?x, must be tcp://host:port"
    })
    void aUrlThatCannotBeProbedIsRefusedWithTheReason(String url, String reason) {
        Failure failure = catchThrowableOfType(Failure.class, () -> Endpoint.usual("shop", URI.create(url)));

        assertThat(failure.violations()).singleElement().satisfies(violation -> {
            assertThat(violation.place()).isEqualTo("/url");
            assertThat(violation.reason()).contains(reason);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "1s, 5s, 10s, ''",
        "1s, 5001ms, 10s, /timeout",
        "0s, 5s, 10s, /connect-timeout",
        "6s, 5s, 10s, /connect-timeout",
        "-1s, -1s, 10s, /timeout /connect-timeout",
        "100ms, 100ms, 999ms, /interval",
        "1s, 5s, 3601s, /interval"
    })
    void timesFitIntoEachOther(String connect, String timeout, String interval, String wrong) {
        List<String> places = places(
                () -> endpoint("http://shop.example/", duration(connect), duration(timeout), duration(interval), null));

        assertThat(String.join(" ", places)).isEqualTo(wrong);
    }

    @Test
    void aSecretIsNotSentInTheClear() {
        Duration second = Duration.ofSeconds(1);
        assertThat(places(() -> endpoint("http://shop.example/", second, second, second.multipliedBy(2), "token")))
                .containsExactly("/authorization");
        assertThat(endpoint("https://shop.example/", second, second, second.multipliedBy(2), "token")
                        .authorization())
                .isEqualTo("token");
    }

    @ParameterizedTest
    @CsvSource({"100, 200", "200, 600", "300, 200"})
    void statusesAreARangeOfFinalOnes(int from, int to) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Statuses(from, to));
    }

    @ParameterizedTest
    @CsvSource({
        "https://shop.example/, 443",
        "http://shop.example, 80",
        "https://shop.example:8443, 8443",
        "tcp://shop.example:5432, 5432"
    })
    void thePortIsTheSchemesOwnWhereNoneIsNamed(String url, int port) {
        assertThat(Endpoint.usual("shop", URI.create(url)).port()).isEqualTo(port);
    }

    private static Endpoint endpoint(
            String url, Duration connect, Duration timeout, Duration interval, @Nullable String authorization) {
        return new Endpoint(
                "shop", URI.create(url), Statuses.USUAL, connect, timeout, interval, Set.of(), authorization);
    }

    private static Duration duration(String text) {
        return Duration.parse(
                text.endsWith("ms")
                        ? "PT" + Integer.parseInt(text.substring(0, text.length() - 2)) / 1000.0 + "S"
                        : "PT" + text);
    }

    private static List<String> places(org.assertj.core.api.ThrowableAssert.ThrowingCallable making) {
        Failure failure = catchThrowableOfType(Failure.class, making);
        return failure == null
                ? List.of()
                : failure.violations().stream().map(Violation::place).toList();
    }
}
