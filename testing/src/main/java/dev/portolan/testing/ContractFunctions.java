package dev.portolan.testing;

import dev.portolan.failure.Failure;
import dev.portolan.function.FunctionModule;
import dev.portolan.function.FunctionRegistrar;
import dev.portolan.invocation.Invocation;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The functions that a host must run for [EntryPointContract].
public final class ContractFunctions implements FunctionModule {

    /// What `order` takes.
    public record Order(String sku, int quantity) {}

    /// What `order` gives.
    public record Receipt(String sku, int quantity, String key) {}

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
        functions.add("fail", Map.class, Map.class, ContractFunctions::fail);
        functions.add("defect", Map.class, Map.class, input -> {
            throw new IllegalStateException("a secret");
        });
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
