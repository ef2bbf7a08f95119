package dev.portolan.composer.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.composer.Composer;
import dev.portolan.composer.DefinitionFolder;
import dev.portolan.composer.Event;
import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.Runner;
import dev.portolan.composer.example.Reserve.Config;
import dev.portolan.composer.example.Reserve.Order;
import dev.portolan.composer.example.Reserve.Reservation;
import dev.portolan.composer.spring.SpringCatalog;
import dev.portolan.failure.Failure;
import dev.portolan.invocation.Chain;
import dev.portolan.invocation.Headers;
import dev.portolan.invocation.Invocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each part of the programming model, in a plain unit test, in a pipeline, and under the stock catalog.
class ProgrammingModelTest {

    private final List<String> reserved = new ArrayList<>();
    private final Reserve.Stock stock =
            (key, tenant, sku, quantity) -> reserved.add(key + " " + tenant + " " + sku + " " + quantity);
    private final FunctionRegistry functions = new FunctionRegistry();

    @TempDir
    private Path folder;

    // docs:unit-test
    @Test
    void aPlainUnitTestCallsTheFunctionAndBindsAnInvocationIfItCares() {
        Reserve reserve = new Reserve(stock, new Config("genoa", Optional.empty()));
        Order order = new Order("rope", 3, Optional.empty());
        Invocation invocation = new Invocation("order-7", "reserve", 1, null, Headers.NONE.with("tenant", "acme"));

        Chain<Reservation> answer = invocation.call(() -> reserve.apply(order));

        assertThat(answer).isEqualTo(Chain.next(new Reservation("order-7/reserve", "genoa")));
        assertThat(reserved).containsExactly("order-7/reserve acme rope 3");
    }
    // docs:end

    @Test
    void outsideOfAPipelineTheKeyIsFreshAndThereAreNoHeaders() {
        Reserve reserve = new Reserve(stock, new Config("genoa", Optional.empty()));
        Order order = new Order("rope", 3, Optional.empty());

        assertThat(reserve.apply(order)).isNotEqualTo(reserve.apply(order));
        assertThat(reserved).allMatch(line -> line.endsWith(" nobody rope 3"));
    }

    @Test
    void inAPipelineTheStepHasItsKeyAndHeadersAndUnknownFieldsSurviveTheMerge() throws IOException {
        Outcome outcome = run("""
                pipeline: order
                steps:
                  - reserve: {merge: true, with: {warehouse: genoa, most: 5}}
                """, Map.of("sku", "rope", "quantity", 3, "colour", "tarred"));

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Completed.class,
                        completed -> assertThat(completed.value())
                                .isEqualTo(Map.of(
                                        "sku", "rope",
                                        "quantity", 3,
                                        "colour", "tarred",
                                        "reservation", "order-7/reserve",
                                        "warehouse", "genoa")));
        assertThat(reserved).containsExactly("order-7/reserve acme rope 3");
    }

    @Test
    void anEarlyEndCompletesTheRunAndLaterStepsDoNotRun() throws IOException {
        functions.add("refuse", Map.class, Map.class, input -> {
            throw new IllegalStateException("must not run");
        });

        Outcome outcome = run("""
                pipeline: order
                steps:
                  - reserve: {with: {warehouse: genoa}}
                  - refuse
                """, Map.of("sku", "rope", "quantity", 0));

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Completed.class,
                        completed -> assertThat(completed.value()).isEqualTo(new Reservation("none", "genoa")));
    }

    @Test
    void anotherAttemptSeesTheInputAsItWas() throws IOException {
        List<Object> seen = new ArrayList<>();
        functions.add("count", Map.class, Map.class, input -> {
            @SuppressWarnings("unchecked")
            List<Object> tags = (List<Object>) input.get("tags");
            seen.add(List.copyOf(tags));
            tags.add("again");
            throw new Failure(Failure.Code.UNAVAILABLE, "not yet");
        });

        run("""
                pipeline: order
                steps:
                  - count: {retry: {attempts: 3, delay: 0ms}}
                """, Map.of("tags", new ArrayList<>(List.of("a"))));

        assertThat(seen).containsExactly(List.of("a"), List.of("a"), List.of("a"));
    }

    @Test
    void badConfigurationIsRefusedAtLoadWithItsLine() {
        assertThatThrownBy(() -> run("""
                        pipeline: order
                        steps:
                          - reserve:
                              with: {warehose: genoa}
                        """, Map.of()))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("order.yaml:4: 'warehose': unknown key; did you mean 'warehouse'?")
                .hasMessageContaining("'warehouse': missing");
    }

    @Test
    void underTheStockCatalogAFunctionThatNeedsConfigurationIsRefused() {
        register();

        assertThatThrownBy(() -> SpringCatalog.of(functions)).hasStackTraceContaining("/warehouse: missing");
    }

    @Test
    void underTheStockCatalogTheSameFunctionRunsWithAFreshKey() {
        functions.add("reserve", new Reserve(stock, new Config("genoa", Optional.empty())));

        Function<Object, Object> stockCatalogs = SpringCatalog.of(functions).lookup("reserve");
        Object answer = stockCatalogs.apply(new Order("rope", 3, Optional.empty()));

        assertThat(answer)
                .isInstanceOfSatisfying(
                        Reservation.class,
                        reservation -> assertThat(reservation.warehouse()).isEqualTo("genoa"));
        assertThat(reserved).singleElement().asString().endsWith("/function nobody rope 3");
    }

    private void register() {
        functions.configured("reserve", Reserve.class, Config.class, config -> new Reserve(stock, config));
    }

    private Outcome run(String definition, Object input) throws IOException {
        register();
        Files.writeString(folder.resolve("order.yaml"), definition);
        Composer composer = new Composer(functions, DefinitionFolder.read(folder));
        Event event = new Event("order-7", input, Headers.NONE.with("tenant", "acme"));
        return new Runner(InstantSource.system(), new Random(1), Thread::sleep).run(composer.compose("order"), event);
    }
}
