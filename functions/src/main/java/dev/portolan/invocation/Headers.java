package dev.portolan.invocation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The headers that came with a call: names in any case, each with one value or more, in their order. Immutable.
public final class Headers {

    /// No headers at all.
    public static final Headers NONE = new Headers(new TreeMap<>());

    private final Map<String, List<String>> values;

    private Headers(Map<String, List<String>> values) {
        this.values = values;
    }

    /// The given headers. Names that differ only in case are one name; their values are joined in the map's order.
    public static Headers of(Map<String, ? extends List<String>> headers) {
        if (headers.isEmpty()) {
            return NONE;
        }
        TreeMap<String, List<String>> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Map.Entry<String, ? extends List<String>> header : headers.entrySet()) {
            add(values, header.getKey(), header.getValue());
        }
        return new Headers(values);
    }

    /// These headers and one more value of one name.
    public Headers with(String name, String value) {
        TreeMap<String, List<String>> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        all.putAll(values);
        add(all, name, List.of(value));
        return new Headers(all);
    }

    /// These headers and those; where both have a name, that one's values follow this one's.
    public Headers with(Headers more) {
        if (more.values.isEmpty()) {
            return this;
        }
        TreeMap<String, List<String>> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        all.putAll(values);
        for (Map.Entry<String, List<String>> header : more.values.entrySet()) {
            add(all, header.getKey(), header.getValue());
        }
        return new Headers(all);
    }

    /// These headers with those in their place: where both have a name, only that one's values stand.
    public Headers replacedBy(Headers more) {
        if (more.values.isEmpty()) {
            return this;
        }
        TreeMap<String, List<String>> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        all.putAll(values);
        all.putAll(more.values);
        return new Headers(all);
    }

    private static void add(Map<String, List<String>> values, String name, List<String> several) {
        List<String> before = values.get(name);
        if (before == null) {
            values.put(name, List.copyOf(several));
            return;
        }
        List<String> both = new ArrayList<>(before);
        both.addAll(several);
        values.put(name, List.copyOf(both));
    }

    /// The first value of a name, or null where the name did not come.
    public @Nullable String first(String name) {
        List<String> several = all(name);
        return several.isEmpty() ? null : several.getFirst();
    }

    /// Every value of a name in order; empty where the name did not come.
    public List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /// The names, as they were first spelled, in alphabetical order.
    public Set<String> names() {
        return Collections.unmodifiableSet(values.keySet());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Headers that && values.equals(that.values);
    }

    /// Of the values alone: equal names may be spelled in different cases.
    @Override
    public int hashCode() {
        return List.copyOf(values.values()).hashCode();
    }

    /// The names alone: values may be secret.
    @Override
    public String toString() {
        return names().toString();
    }
}
