package dev.portolan.local;

import dev.portolan.json.Json;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How a listing is printed: a table for people, JSON for programs.
final class Output {

    private enum Form {
        TABLE,
        JSON
    }

    @Option(
            names = "--output",
            paramLabel = "table|json",
            defaultValue = "table",
            description = "A table for people, or JSON for programs. Default: ${DEFAULT-VALUE}")
    private Form form = Form.TABLE;

    /// What reads otherwise in a table than in JSON.
    record Cell(@Nullable Object json, String text) {}

    /// Whether programs read it.
    boolean json() {
        return form == Form.JSON;
    }

    /// Prints rows under their column names.
    ///
    /// @param rows texts, numbers, lists of texts, and cells
    void print(PrintWriter out, List<String> columns, List<List<Object>> rows) {
        if (form == Form.JSON) {
            out.println(new Json().pretty(objects(columns, rows)));
        } else {
            table(columns, rows).forEach(out::println);
        }
    }

    /// Prints a result: a list of flat objects as rows, under every name that one of them has; whatever else as JSON.
    void print(PrintWriter out, @Nullable Object result) {
        Set<String> columns = form == Form.JSON ? Set.of() : columns(result);
        if (columns.isEmpty()) {
            out.println(new Json().pretty(result));
            return;
        }
        List<List<Object>> rows = new ArrayList<>();
        for (Object element : (List<?>) Objects.requireNonNull(result)) {
            List<Object> row = new ArrayList<>();
            for (String column : columns) {
                Object value = ((Map<?, ?>) element).get(column);
                row.add(value == null ? new Cell(null, "-") : new Cell(value, oneLine(value.toString())));
            }
            rows.add(row);
        }
        table(new ArrayList<>(columns), rows).forEach(out::println);
    }

    /// The names in a list of flat objects, in the order in which they come; empty for anything else.
    private static Set<String> columns(@Nullable Object result) {
        Set<String> columns = new LinkedHashSet<>();
        if (result instanceof List<?> elements) {
            for (Object element : elements) {
                if (!(element instanceof Map<?, ?> object)
                        || object.values().stream().anyMatch(value -> value instanceof Map || value instanceof List)) {
                    return Set.of();
                }
                object.keySet().forEach(name -> columns.add(String.valueOf(name)));
            }
        }
        return columns;
    }

    /// A terminal is not to obey what a value holds.
    private static String oneLine(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static List<Map<String, @Nullable Object>> objects(List<String> columns, List<List<Object>> rows) {
        List<Map<String, @Nullable Object>> objects = new ArrayList<>();
        for (List<Object> row : rows) {
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            for (int i = 0; i < columns.size(); i++) {
                object.put(columns.get(i), row.get(i) instanceof Cell cell ? cell.json() : row.get(i));
            }
            objects.add(object);
        }
        return objects;
    }

    private static List<String> table(List<String> columns, List<List<Object>> rows) {
        List<List<String>> all = new ArrayList<>();
        all.add(columns.stream().map(name -> name.toUpperCase(Locale.ROOT)).toList());
        rows.forEach(row -> all.add(row.stream().map(Output::cell).toList()));
        int[] widths = new int[columns.size()];
        for (List<String> row : all) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : all) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private static String cell(Object value) {
        if (value instanceof Cell cell) {
            return cell.text();
        }
        if (!(value instanceof List<?> several)) {
            return value.toString();
        }
        return several.isEmpty() ? "-" : several.stream().map(Object::toString).collect(Collectors.joining(", "));
    }
}
