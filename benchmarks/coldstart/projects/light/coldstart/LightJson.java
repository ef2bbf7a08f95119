package coldstart;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** As little JSON as the benchmark's payload needs: well-formed input is taken for granted. */
final class LightJson {

    private final String text;
    private int at;

    private LightJson(String text) {
        this.text = text;
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> read(byte[] json) {
        return (Map<String, Object>) new LightJson(new String(json, StandardCharsets.UTF_8)).value();
    }

    static byte[] write(Object value) {
        StringBuilder json = new StringBuilder(256);
        write(json, value);
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    private Object value() {
        return switch (next()) {
            case '{' -> object();
            case '[' -> list();
            case '"' -> string();
            case 't' -> literal("true", Boolean.TRUE);
            case 'f' -> literal("false", Boolean.FALSE);
            case 'n' -> literal("null", null);
            default -> number();
        };
    }

    private Map<String, Object> object() {
        Map<String, Object> object = new LinkedHashMap<>();
        at++;
        while (next() != '}') {
            if (text.charAt(at) == ',') {
                at++;
                next();
            }
            String name = string();
            next();
            at++;
            object.put(name, value());
        }
        at++;
        return object;
    }

    private List<Object> list() {
        List<Object> list = new ArrayList<>();
        at++;
        while (next() != ']') {
            if (text.charAt(at) == ',') {
                at++;
            }
            list.add(value());
        }
        at++;
        return list;
    }

    private String string() {
        StringBuilder string = new StringBuilder();
        for (at++; text.charAt(at) != '"'; at++) {
            char c = text.charAt(at);
            if (c == '\\') {
                at++;
                c = switch (text.charAt(at)) {
                    case 'n' -> '\n';
                    case 't' -> '\t';
                    case 'r' -> '\r';
                    case 'b' -> '\b';
                    case 'f' -> '\f';
                    case 'u' -> (char) Integer.parseInt(text.substring(at + 1, (at += 4) + 1), 16);
                    default -> text.charAt(at);
                };
            }
            string.append(c);
        }
        at++;
        return string.toString();
    }

    private Object literal(String literal, Object value) {
        at += literal.length();
        return value;
    }

    private Object number() {
        int from = at;
        boolean whole = true;
        for (; "+-.eE0123456789".indexOf(text.charAt(at)) >= 0; at++) {
            whole &= ".eE".indexOf(text.charAt(at)) < 0;
        }
        String number = text.substring(from, at);
        return whole ? (Object) Long.valueOf(number) : Double.valueOf(number);
    }

    /** The next character that is no white space. */
    private char next() {
        while (text.charAt(at) <= ' ') {
            at++;
        }
        return text.charAt(at);
    }

    private static void write(StringBuilder json, Object value) {
        if (value instanceof String string) {
            quote(json, string);
        } else if (value instanceof Map<?, ?> object) {
            char separator = '{';
            for (Map.Entry<?, ?> field : object.entrySet()) {
                quote(json.append(separator), (String) field.getKey());
                write(json.append(':'), field.getValue());
                separator = ',';
            }
            json.append(object.isEmpty() ? "{}" : "}");
        } else if (value instanceof List<?> list) {
            char separator = '[';
            for (Object element : list) {
                write(json.append(separator), element);
                separator = ',';
            }
            json.append(list.isEmpty() ? "[]" : "]");
        } else {
            json.append(value);
        }
    }

    private static void quote(StringBuilder json, String string) {
        json.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
