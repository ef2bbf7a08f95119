package dev.portolan.composer.health;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Violation;
import dev.portolan.health.Endpoint;
import dev.portolan.health.Endpoint.Statuses;
import dev.portolan.health.Endpoints;
import dev.portolan.health.Reserved;
import dev.portolan.json.Shape;
import dev.portolan.yaml.YamlSource;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Endpoints in a YAML file, a list, which is read anew whenever they are asked for.
public final class FileEndpoints implements Endpoints {

    private static final String REMEDY = "write a list such as '- {name: shop, url: \"https://shop.example.com/\"}'";

    private final Path file;

    public FileEndpoints(Path file) {
        this.file = file;
    }

    /// An endpoint as it is written. What is left out is as usual.
    private record Written(
            String name,
            URI url,
            Optional<Object> expect,
            Optional<Duration> connectTimeout,
            Optional<Duration> timeout,
            Optional<Duration> interval,
            Optional<Set<Reserved>> allow,
            Optional<String> authorization) {

        private Endpoint endpoint() {
            Endpoint usual = Endpoint.usual("usual", URI.create("http://localhost"));
            return new Endpoint(
                    name,
                    url,
                    expect.map(Written::statuses).orElse(usual.expect()),
                    connectTimeout.orElse(usual.connectTimeout()),
                    timeout.orElse(usual.timeout()),
                    interval.orElse(usual.interval()),
                    allow.orElse(usual.allow()),
                    authorization.orElse(null));
        }

        private static Statuses statuses(Object expect) {
            String text = expect.toString();
            int dash = text.indexOf('-');
            try {
                return new Statuses(
                        Integer.parseInt(dash < 0 ? text : text.substring(0, dash)),
                        Integer.parseInt(text.substring(dash + 1)));
            } catch (IllegalArgumentException e) {
                throw Failure.invalid("/expect", "must be a status such as 204, or a range such as 200-399");
            }
        }
    }

    @Override
    public List<Endpoint> all() {
        try {
            return read(new YamlSource(file.toString(), Files.readString(file)));
        } catch (NoSuchFileException e) {
            throw precondition("there is no file " + file + " of endpoints; " + REMEDY);
        } catch (CharacterCodingException e) {
            throw precondition(file + " is not in UTF-8; save it in that encoding");
        } catch (IOException e) {
            throw precondition("the file " + file + " cannot be read; it must be a file that this user may read");
        } catch (Failure invalid) {
            // Not the caller's mistake, but the deployment's.
            throw precondition(invalid.detail());
        }
    }

    private static Failure precondition(String message) {
        return new Failure(Failure.Code.FAILED_PRECONDITION, message);
    }

    private static List<Endpoint> read(YamlSource yaml) {
        if (!(yaml.tree() instanceof List<?> items) || items.isEmpty()) {
            throw Failure.invalid(yaml.place(""), REMEDY);
        }
        Shape shape = Shape.of(Written.class, Shape.Style.CONFIGURATION);
        List<Violation> violations = new ArrayList<>();
        List<Endpoint> endpoints = new ArrayList<>();
        Map<String, String> places = new HashMap<>();
        for (int i = 0; i < items.size(); i++) {
            String pointer = "/" + i;
            List<Violation> wrong = new ArrayList<>();
            if (shape.read(items.get(i), pointer, wrong) instanceof Written written && wrong.isEmpty()) {
                String there = places.putIfAbsent(written.name(), yaml.place(pointer));
                if (there != null) {
                    wrong.add(new Violation(pointer + "/name", "an endpoint is called so already, at " + there));
                }
                try {
                    endpoints.add(written.endpoint());
                } catch (Failure failure) {
                    failure.violations()
                            .forEach(inner -> wrong.add(new Violation(pointer + inner.place(), inner.reason())));
                }
            }
            wrong.forEach(violation -> violations.add(placed(violation, yaml)));
        }
        if (!violations.isEmpty()) {
            throw Failure.invalid(violations);
        }
        return endpoints;
    }

    /// A line alone does not say which key of it is meant.
    private static Violation placed(Violation violation, YamlSource yaml) {
        String key = violation.place().substring(violation.place().lastIndexOf('/') + 1);
        boolean item = key.isEmpty() || Character.isDigit(key.charAt(0));
        return new Violation(
                yaml.place(violation.place()), item ? violation.reason() : "'" + key + "': " + violation.reason());
    }
}
