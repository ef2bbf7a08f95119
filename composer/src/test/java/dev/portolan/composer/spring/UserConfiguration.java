package dev.portolan.composer.spring;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;

/// What a user of Spring Cloud Function has already: nothing in it knows of Portolan.
@Configuration
public class UserConfiguration {

    public record Order(String id, int quantity) {}

    public record Price(String id, long cents) {}

    public static final class Tariff {
        long cents(int quantity) {
            return 250L * quantity;
        }
    }

    @Bean
    Tariff tariff() {
        return new Tariff();
    }

    @Bean
    List<String> audit() {
        return new ArrayList<>();
    }

    @Bean
    Function<Order, Price> price(Tariff tariff) {
        return order -> new Price(order.id(), tariff.cents(order.quantity()));
    }

    @Bean
    Function<Map<String, Object>, Map<String, Object>> label() {
        return price -> Map.of("label", price.get("id") + ": " + price.get("cents"));
    }

    @Bean
    Function<Message<Map<String, Object>>, Message<Map<String, Object>>> stamp() {
        return message -> MessageBuilder.withPayload(message.getPayload())
                .copyHeaders(message.getHeaders())
                .setHeader("stamped-by", message.getHeaders().get("tenant"))
                .build();
    }

    @Bean
    Function<Message<Map<String, Object>>, Map<String, Object>> readStamp() {
        return message -> Map.of("stamp", String.valueOf(message.getHeaders().get("stamped-by")));
    }

    @Bean
    Consumer<Map<String, Object>> record(List<String> audit) {
        return label -> audit.add(String.valueOf(label.get("label")));
    }

    @Bean
    Predicate<Order> bulk(Tariff tariff) {
        return order -> tariff.cents(order.quantity()) >= 1000;
    }

    @Bean
    Predicate<Message<Map<String, Object>>> ofAcme() {
        return message -> "acme".equals(message.getHeaders().get("tenant"));
    }

    @Bean
    Supplier<Order> sample() {
        return () -> new Order("s-1", 2);
    }
}
