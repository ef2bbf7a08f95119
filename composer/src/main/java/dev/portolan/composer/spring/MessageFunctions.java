package dev.portolan.composer.spring;

import dev.portolan.invocation.Chain;
import dev.portolan.invocation.Headers;
import dev.portolan.invocation.Invocation;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.support.MessageBuilder;

/// Functions over messages as functions over payloads: the invocation's headers become the message's, and
/// headers that a function adds reach later steps. A header with one value is a text, with several a list of
/// texts.
final class MessageFunctions {

    private MessageFunctions() {}

    static Function<Object, @Nullable Object> function(Function<?, ?> function, boolean takesMessage) {
        Function<Object, @Nullable Object> plain = unchecked(function);
        return payload -> {
            Object taken = takesMessage ? message(payload) : payload;
            return unwrapped(plain.apply(taken), taken);
        };
    }

    static Function<Object, @Nullable Object> consumer(Consumer<?> consumer, boolean takesMessage) {
        Consumer<Object> plain = unchecked(consumer);
        return payload -> {
            plain.accept(takesMessage ? message(payload) : payload);
            return null;
        };
    }

    static Function<Object, @Nullable Object> predicate(Predicate<?> condition, boolean takesMessage) {
        Predicate<Object> plain = unchecked(condition);
        return payload -> plain.test(takesMessage ? message(payload) : payload);
    }

    static Function<Object, @Nullable Object> supplier(Supplier<?> supplier) {
        return nothing -> unwrapped(supplier.get(), nothing);
    }

    /// What a bean declares was checked when it was registered.
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T> T unchecked(Object bean) {
        return (T) bean;
    }

    private static Message<Object> message(Object payload) {
        Headers headers = Invocation.current().headers();
        Map<String, Object> values = new HashMap<>();
        for (String name : headers.names()) {
            List<String> several = headers.all(name);
            values.put(name, several.size() == 1 ? several.getFirst() : several);
        }
        return MessageBuilder.withPayload(payload).copyHeaders(values).build();
    }

    private static @Nullable Object unwrapped(@Nullable Object given, @Nullable Object taken) {
        if (!(given instanceof Message<?> message)) {
            return given;
        }
        Map<String, Object> before = taken instanceof Message<?> input ? input.getHeaders() : Map.of();
        Headers added = Headers.NONE;
        for (Map.Entry<String, Object> header : message.getHeaders().entrySet()) {
            boolean own =
                    header.getKey().equals(MessageHeaders.ID) || header.getKey().equals(MessageHeaders.TIMESTAMP);
            if (!own && !Objects.equals(before.get(header.getKey()), header.getValue())) {
                Collection<?> several =
                        header.getValue() instanceof Collection<?> list ? list : List.of(header.getValue());
                for (Object value : several) {
                    added = added.with(header.getKey(), value.toString());
                }
            }
        }
        return new Chain.Next<>(message.getPayload(), added);
    }
}
