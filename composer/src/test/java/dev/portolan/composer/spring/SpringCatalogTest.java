package dev.portolan.composer.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.composer.Composer;
import dev.portolan.composer.Event;
import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.Runner;
import dev.portolan.failure.Failure;
import dev.portolan.intake.InMemoryNotifier;
import dev.portolan.intake.IntakeFunctions;
import dev.portolan.intake.Notification;
import dev.portolan.intake.StoredProfiles;
import dev.portolan.intake.Template;
import dev.portolan.invocation.Chain;
import dev.portolan.invocation.Headers;
import dev.portolan.invocation.Invocation;
import dev.portolan.json.Json;
import dev.portolan.state.InMemoryStateStore;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.springframework.cloud.function.context.FunctionCatalog;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;

class SpringCatalogTest {

    private final InMemoryNotifier notifier = new InMemoryNotifier();
    private final FunctionRegistry functions = shipped(notifier);

    @Test
    void theStockCatalogAndTheComposerGiveTheSame() {
        Map<String, Object> input = new LinkedHashMap<>(Map.of("email", "Ada@Example.com", "unknown", 1));

        Function<Object, Map<String, Object>> stock =
                SpringCatalog.of(functions).lookup("validate|enrich|notify");
        Map<Object, Object> ofCatalog = new LinkedHashMap<>(stock.apply(input));
        Outcome ours = new Runner(InstantSource.system(), new Random(1), Thread::sleep)
                .run(new Composer(functions).compose("validate|enrich|notify"), new Event("w-1", input, Headers.NONE));

        assertThat(ours).isInstanceOf(Outcome.Completed.class);
        Map<Object, Object> ofComposer = new LinkedHashMap<>((Map<?, ?>) ((Outcome.Completed) ours).value());
        // the message's id comes from the step's key, which under the stock catalog is a fresh one
        assertThat(ofCatalog.remove("notification")).isNotNull();
        assertThat(ofComposer.remove("notification")).isNotNull();
        assertThat(ofCatalog).isEqualTo(ofComposer).containsEntry("name", "Ada").containsEntry("unknown", 1);
        assertThat(notifier.sent()).extracting(Notification::subject).containsExactly("Welcome Ada", "Welcome Ada");
    }

    @Test
    void jsonGoesThroughTheSameCodec() {
        Function<Object, Message<byte[]>> stock =
                SpringCatalog.of(functions).lookup("validate|enrich", "application/json");
        byte[] text = "{\"email\":\"ada@example.com\",\"big\":9007199254740993}".getBytes(StandardCharsets.UTF_8);

        Message<byte[]> answer = stock.apply(MessageBuilder.withPayload(text).build());

        assertThat(new String(answer.getPayload(), StandardCharsets.UTF_8))
                .isEqualTo("{\"email\":\"ada@example.com\",\"big\":9007199254740993,\"name\":\"Ada\"}");
    }

    @Test
    void anUnknownNameIsNull() {
        Function<Object, Object> none = SpringCatalog.of(functions).lookup("validate|enrch");

        assertThat(none).isNull();
    }

    @Test
    void aFunctionGetsAFreshKeyAndNoHeaders() {
        functions.add("who", Map.class, String.class, input -> {
            Invocation invocation = Invocation.current();
            return invocation.step() + " " + invocation.attempt() + " " + invocation.deadline() + " "
                    + invocation.headers().names();
        });

        Function<Object, Object> stock = SpringCatalog.of(functions).lookup("who");

        assertThat(stock.apply(Map.of())).isEqualTo("function 1 null []");
    }

    @Test
    void anEarlyEndIsRefusedRatherThanPassedOver() {
        functions.add("gate", new Gate());
        FunctionCatalog catalog = SpringCatalog.of(functions);
        Function<Object, Object> stock = catalog.lookup("gate|notify");

        assertThat(((Map<?, ?>) stock.apply(Map.of("email", "a@example.com", "name", "A"))).get("name"))
                .isEqualTo("A");
        assertThatThrownBy(() -> stock.apply(Map.of("email", "a@example.com", "stop", true)))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("'gate' ends the chain early");
    }

    static final class Gate implements Function<Map<String, Object>, Chain<Map<String, Object>>> {
        @Override
        public Chain<Map<String, Object>> apply(Map<String, Object> input) {
            return input.containsKey("stop") ? Chain.end(input) : Chain.next(input);
        }
    }

    private static FunctionRegistry shipped(InMemoryNotifier notifier) {
        StoredProfiles profiles = new StoredProfiles(new InMemoryStateStore(InstantSource.system()), new Json());
        profiles.put("ada@example.com", Map.of("name", "Ada"));
        FunctionRegistry functions = new FunctionRegistry();
        new IntakeFunctions(
                        address -> true,
                        name -> payload -> List.of(),
                        profiles,
                        name -> Template.parse(name, "Subject: Welcome {name}\n\nHello {name}\n"),
                        () -> notifier)
                .register(functions);
        return functions;
    }
}
