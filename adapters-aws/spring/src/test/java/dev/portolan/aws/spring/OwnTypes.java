package dev.portolan.aws.spring;

import java.util.Map;
import java.util.function.Function;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;

/// Functions over a user's own types: the same beans run under both entry points.
@Configuration(proxyBeanMethods = false)
public class OwnTypes {

    @Bean
    public Function<Order, Map<String, Object>> order() {
        return order -> {
            Received.add(order);
            return Map.of("done", true);
        };
    }

    @Bean
    public Function<Message<Order>, Message<Map<String, Object>>> message() {
        return message -> {
            // The catalog hands on a message whose payload it could not convert.
            Received.add(((Message<?>) message).getPayload());
            Map<String, Object> done = Map.of("done", true);
            return MessageBuilder.withPayload(done).build();
        };
    }

    @Bean
    public Function<Map<String, Object>, Map<String, Object>> object() {
        return object -> {
            Received.add(object);
            return Map.of("done", true);
        };
    }
}
