package dev.portolan.aws.spring;

import dev.portolan.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/// An event as AWS sends it, and what its sender means by it.
///
/// @param meant what a function of one's own must be called with, call by call, in any of these ways; empty if the
///     event must be refused
/// @param texts the payloads as texts, as they stand in the event
/// @param eventType the function over AWS's type of this event, or null where there is none
record Fixture(
        String name, String event, boolean order, List<List<Object>> meant, List<String> texts, String eventType) {

    static final String ORDER = "{\"sku\":\"rope\",\"quantity\":3}";
    private static final String CUT = "{\"sku\":\"rope\",";
    private static final String LACKING = "{\"sku\":\"rope\"}";
    private static final Order ROPE = new Order("rope", 3);
    private static final Json JSON = new Json();

    static List<Fixture> all() {
        List<Fixture> all = new ArrayList<>();
        for (String file : List.of("http-api", "function-url", "rest-api", "alb", "alb-multi")) {
            String type = file.startsWith("alb") ? "alb" : file.equals("rest-api") ? "rest" : "http";
            all.add(orders(file, file, event -> event.put("body", ORDER), 1, type, ORDER));
        }
        all.add(orders(
                "http-api, body in base64",
                "http-api",
                event -> {
                    event.put("body", base64(ORDER));
                    event.put("isBase64Encoded", true);
                },
                1,
                "http",
                base64(ORDER)));
        all.add(orders("http-api, body cut short", "http-api", event -> event.put("body", CUT), 0, "http", CUT));
        all.add(orders(
                "http-api, body lacks a field", "http-api", event -> event.put("body", LACKING), 0, "http", LACKING));
        all.add(toAMap());
        all.add(orders("sqs, two messages", "sqs", event -> {}, 2, "sqs", ORDER, ORDER));
        all.add(orders(
                "sqs, the second of two cut short",
                "sqs",
                event -> records(event).getLast().put("body", CUT),
                1,
                "sqs",
                ORDER,
                CUT));
        all.add(orders("sns", "sns", event -> {}, 1, "sns", ORDER));
        all.add(orders("eventbridge", "eventbridge", event -> {}, 1, "bus", "{sku=rope, quantity=3}"));
        all.add(orders(
                "kinesis",
                "kinesis",
                event -> object(records(event).getFirst(), "kinesis").put("data", base64(ORDER)),
                1,
                "kinesis",
                ORDER));
        all.add(orders(
                "kafka",
                "kafka",
                event -> object(event, "records").put("t-0", List.of(Map.of("topic", "t", "value", base64(ORDER)))),
                1,
                "kafka",
                base64(ORDER)));
        all.add(orders(
                "firehose",
                "firehose",
                event -> event.put("records", List.of(Map.of("recordId", "r", "data", base64(ORDER)))),
                1,
                "firehose",
                ORDER));
        all.add(direct("direct", ORDER, 1));
        all.add(direct("direct, with a field called 'payload'", ORDER.replace("}", ",\"payload\":\"x\"}"), 1));
        all.add(direct("direct, lacks a field", LACKING, 0));
        all.add(own("s3", "s3", "charts/a.png"));
        all.add(own("dynamodb", "dynamodb", "111", "222"));
        all.add(own("schedule-rule", "bus", "{}"));
        all.add(own("scheduler", "bus", "{}"));
        all.add(own("cognito", "cognito", "PreSignUp_SignUp"));
        all.add(own("websocket", "websocket", "c"));
        all.add(own("logs", "logs", "H4sI"));
        return all;
    }

    /// An event that carries orders of somebody's.
    private static Fixture orders(
            String name, String file, Consumer<Map<String, Object>> change, int orders, String type, String... texts) {
        Map<String, Object> event = read(file);
        change.accept(event);
        List<List<Object>> meant = orders == 0
                ? List.of()
                : List.of(new ArrayList<>(List.of(ROPE, ROPE).subList(0, orders)));
        return new Fixture(name, text(event), true, meant, List.of(texts), type);
    }

    /// What the function of an order is sent, sent to one over a map.
    private static Fixture toAMap() {
        Map<String, Object> event = read("http-api");
        event.put("body", ORDER);
        List<List<Object>> meant = List.of(List.of(Objects.requireNonNull(JSON.decode(ORDER))));
        return new Fixture("http-api, to a function over a map", text(event), false, meant, List.of(ORDER), "http");
    }

    private static Fixture direct(String name, String event, int orders) {
        List<List<Object>> meant = orders == 0 ? List.of() : List.of(List.of(ROPE));
        return new Fixture(name, event, true, meant, List.of(), null);
    }

    /// An event in which a service speaks for itself: all of it will do, or each of its records, or its detail.
    private static Fixture own(String file, String type, String... texts) {
        Map<String, Object> event = read(file);
        List<List<Object>> meant = new ArrayList<>(List.of(List.of(event)));
        if (event.containsKey("Records")) {
            meant.add(new ArrayList<>(records(event)));
        }
        if (event.containsKey("detail")) {
            meant.add(List.of(Map.of()));
        }
        return new Fixture(file, text(event), false, meant, List.of(texts), type);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> read(String file) {
        try (InputStream in = Fixture.class.getResourceAsStream("/events/" + file + ".json")) {
            return new LinkedHashMap<>((Map<String, Object>) JSON.decode(in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> records(Map<String, Object> event) {
        return (List<Map<String, Object>>) event.get("Records");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Map<String, Object> in, String name) {
        return (Map<String, Object>) in.get(name);
    }

    private static String text(Map<String, Object> event) {
        return new String(JSON.encode(event), StandardCharsets.UTF_8);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
