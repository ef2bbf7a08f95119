package dev.portolan.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.composer.FunctionRegistry;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.failure.Violation;
import dev.portolan.function.Ports;
import dev.portolan.health.Endpoint.Statuses;
import dev.portolan.health.Observation.Outcome;
import dev.portolan.invocation.Headers;
import dev.portolan.invocation.Invocation;
import dev.portolan.json.Json;
import dev.portolan.state.InMemoryStateStore;
import dev.portolan.state.Page;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The function as it is registered, over sockets.
@Timeout(60)
class HealthProbeTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final InstantSource clock = InstantSource.system();
    private final FaultyStore store = new FaultyStore(new InMemoryStateStore(clock));
    private List<Endpoint> endpoints = List.of();
    private ServerSocket up;

    /// Bound, and not listened on.
    private final Socket down = new Socket();

    @BeforeEach
    void listen() throws Exception {
        up = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    up.accept().close();
                }
            } catch (IOException e) {
                // The test is over.
            }
        });
        down.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        endpoints = List.of(endpoint("up", up.getLocalPort(), SECOND), endpoint("down", down.getLocalPort(), SECOND));
    }

    @AfterEach
    void hangUp() throws Exception {
        up.close();
        down.close();
    }

    @Test
    void everyEndpointIsOneObservationInTheirOrderAndFailingOnesAreResults() {
        List<Observation> seen = probe(Map.of()).apply(new ProbeRequest(null, null));

        assertThat(seen).extracting(Observation::endpoint).containsExactly("up", "down");
        assertThat(seen).extracting(Observation::outcome).containsExactly(Outcome.HEALTHY, Outcome.LOCAL_ORIGIN);
        assertThat(store.group(StoredObservations.GROUP, Instant.EPOCH, Page.Request.first(10))
                        .entries())
                .hasSize(2);
    }

    @Test
    void severalRoundsInOneCallAreCounted() {
        List<Observation> seen = probe(Map.of()).apply(new ProbeRequest(3, null));

        assertThat(seen.getFirst().successes()).isEqualTo(3);
        assertThat(seen.getLast().failures()).isEqualTo(3);
    }

    @Test
    void someAloneCanBeProbed() {
        assertThat(probe(Map.of()).apply(new ProbeRequest(1, List.of("down"))))
                .extracting(Observation::endpoint)
                .containsExactly("down");
    }

    @Test
    void anEndpointThatIsNotThereIsRefusedWithTheNearest() {
        Failure failure = refusal(new ProbeRequest(1, List.of("up", "dwn")));

        assertThat(failure.violations())
                .containsExactly(new Violation("/only/1", "no such endpoint; did you mean 'down'?"));
        assertThat(refusal(new ProbeRequest(1, List.of())).violations())
                .extracting(Violation::place)
                .containsExactly("/only");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 61})
    void roundsAreOneToSixty(int rounds) {
        assertThat(refusal(new ProbeRequest(rounds, null)).violations())
                .extracting(Violation::place)
                .containsExactly("/rounds");
    }

    @Test
    void aStoreThatFailsTakesNoAnswerAway() {
        store.refuse(Code.UNAVAILABLE);

        List<Observation> seen = probe(Map.of()).apply(new ProbeRequest(null, null));

        assertThat(seen).extracting(Observation::outcome).containsExactly(Outcome.HEALTHY, Outcome.LOCAL_ORIGIN);
        assertThat(seen).allSatisfy(observation -> {
            assertThat(observation.detail()).endsWith("not stored: UNAVAILABLE, the store does not write");
            assertThat(observation.successes()).isNull();
        });
    }

    @Test
    void aStoreThatStallsTakesNoAnswerAwayEither() throws Exception {
        store.stall();
        Invocation soon = new Invocation("id", "probe", 1, clock.instant().plusSeconds(4), Headers.NONE);

        List<Observation> seen = soon.call(() -> probe(Map.of()).apply(new ProbeRequest(null, null)));

        assertThat(seen).extracting(Observation::outcome).containsExactly(Outcome.HEALTHY, Outcome.LOCAL_ORIGIN);
        assertThat(seen)
                .extracting(Observation::detail)
                .allSatisfy(detail ->
                        assertThat(detail).endsWith("not stored: the store did not answer before the deadline"));
    }

    @Test
    void whatThereIsNoTimeForIsNotProbedAndNotStored() throws Exception {
        Invocation late = new Invocation("id", "probe", 1, clock.instant().plusSeconds(2), Headers.NONE);

        List<Observation> seen = late.call(() -> probe(Map.of()).apply(new ProbeRequest(null, null)));

        assertThat(seen).extracting(Observation::outcome).containsOnly(Outcome.NOT_PROBED);
        assertThat(seen).extracting(Observation::detail).containsOnly("too little time is left before the deadline");
        assertThat(store.list("", Page.Request.first(10)).entries()).isEmpty();
    }

    @Test
    void manyEndpointsAreProbedAtOnce() {
        endpoints = IntStream.range(0, 500)
                .mapToObj(i -> endpoint("e" + i, up.getLocalPort(), SECOND.multipliedBy(60)))
                .toList();

        assertThat(probe(Map.of()).apply(new ProbeRequest(null, null)))
                .hasSize(500)
                .extracting(Observation::outcome)
                .contains(Outcome.HEALTHY)
                .doesNotContain(Outcome.NOT_PROBED);
    }

    @ParameterizedTest
    @CsvSource({"lisbon, eu-west-1, lisbon", ", eu-west-1, eu-west-1"})
    void theObserverIsNamedOrTheRegion(String named, String region, String observer) {
        Map<String, String> environment =
                named == null ? Map.of("AWS_REGION", region) : Map.of("PORTOLAN_OBSERVER", named, "AWS_REGION", region);

        assertThat(probe(environment).apply(new ProbeRequest(null, null)))
                .extracting(Observation::observer)
                .containsOnly(observer);
    }

    @Test
    void anObserverWithoutANameIsRefusedWithTheRemedy() {
        Failure failure = catchThrowableOfType(
                Failure.class, () -> probe(Map.of("PORTOLAN_OBSERVER", " ")).apply(new ProbeRequest(null, null)));

        assertThat(failure.code()).isEqualTo(Code.FAILED_PRECONDITION);
        assertThat(failure).hasMessageContaining("PORTOLAN_OBSERVER");
    }

    private Failure refusal(ProbeRequest request) {
        return catchThrowableOfType(Failure.class, () -> probe(Map.of()).apply(request));
    }

    @SuppressWarnings("unchecked")
    private Function<ProbeRequest, List<Observation>> probe(Map<String, String> environment) {
        FunctionRegistry functions = new FunctionRegistry(new Ports(
                store,
                name -> {
                    throw new Failure(Code.NOT_FOUND, "no secrets here");
                },
                clock));
        new HealthFunctions(() -> endpoints, new Json(), environment, Thread::sleep).register(functions);
        Function<?, ?> probe = functions.find(HealthFunctions.NAME).make(Map.of());
        return (Function<ProbeRequest, List<Observation>>) probe;
    }

    private static Endpoint endpoint(String name, int port, Duration interval) {
        Duration half = interval.dividedBy(2);
        return new Endpoint(
                name, URI.create("tcp://localhost:" + port), Statuses.USUAL, half, half, interval, Set.of(), null);
    }
}
