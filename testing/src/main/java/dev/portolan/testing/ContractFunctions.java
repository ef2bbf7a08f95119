package dev.portolan.testing;

import dev.portolan.failure.Failure;
import dev.portolan.function.FunctionModule;
import dev.portolan.function.FunctionRegistrar;
import dev.portolan.invocation.Invocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// The functions and the definitions that a host must run for [EntryPointContract].
public final class ContractFunctions implements FunctionModule {

    private static final Map<String, String> DEFINITIONS = Map.of(
            "counted", "durable: true, steps: [tally]",
            "held", "durable: true, steps: [echo, hold, tally]",
            "failing", "durable: true, steps: [tally, fail: {retry: {attempts: 1}}]",
            "waiting", "durable: true, steps: [fail: {retry: {attempts: 2, cap: 1h}}]",
            "fleeting", "steps: [tally]");

    private final AtomicInteger counted = new AtomicInteger();
    private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();

    /// What `order` takes.
    public record Order(String sku, int quantity) {}

    /// What `order` gives.
    public record Receipt(String sku, int quantity, String key) {}

    /// Writes the definitions into a folder, a file each, for a host to read.
    public static void writeDefinitions(Path folder) throws IOException {
        for (Map.Entry<String, String> definition : DEFINITIONS.entrySet()) {
            String name = definition.getKey();
            Files.writeString(
                    folder.resolve(name + ".yaml"), "{pipeline: " + name + ", " + definition.getValue() + "}\n");
        }
    }

    @Override
    public void register(FunctionRegistrar functions) {
        functions.add("echo", Object.class, Object.class, input -> input);
        functions.add(
                "order",
                Order.class,
                Receipt.class,
                order -> new Receipt(
                        order.sku(), order.quantity(), Invocation.current().key()));
        functions.add("reversed", byte[].class, byte[].class, ContractFunctions::reversed);
        functions.add("shout", String.class, String.class, text -> text + "!");
        functions.add("swallow", Map.class, Void.class, input -> null);
        functions.add("headers", Map.class, Map.class, input -> headers());
        functions.add("stray", Map.class, Map.class, input -> Map.of("stray", new Object()));
        functions.add("tally", Map.class, Map.class, this::counted);
        functions.add("hold", Map.class, Map.class, this::held);
        functions.add("let-go", Map.class, Map.class, input -> {
            gate(input).countDown();
            return input;
        });
        functions.add("fail", Map.class, Map.class, ContractFunctions::fail);
        functions.add("defect", Map.class, Map.class, input -> {
            throw new IllegalStateException("a secret");
        });
    }

    /// Adds how often it was called.
    private Map<?, ?> counted(Map<?, ?> input) {
        Map<Object, Object> output = new LinkedHashMap<>(input);
        output.put("calls", counted.incrementAndGet());
        return output;
    }

    /// Comes back when `let-go` is called with the same `gate`.
    private Map<?, ?> held(Map<?, ?> input) {
        try {
            gate(input).await();
            return input;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(Failure.Code.UNAVAILABLE, "interrupted while it was held", e);
        }
    }

    private CountDownLatch gate(Map<?, ?> input) {
        return gates.computeIfAbsent(String.valueOf(input.get("gate")), name -> new CountDownLatch(1));
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    private static Map<String, List<String>> headers() {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (String name : Invocation.current().headers().names()) {
            headers.put(
                    name.toLowerCase(Locale.ROOT),
                    Invocation.current().headers().all(name));
        }
        return headers;
    }

    private static Map<?, ?> fail(Map<?, ?> input) {
        Failure failure = new Failure(Failure.Code.valueOf(String.valueOf(input.get("code"))), "as asked");
        throw input.get("seconds") instanceof Integer seconds
                ? failure.withRetryAfter(Duration.ofMillis(seconds * 1000L - 1))
                : failure;
    }
}
