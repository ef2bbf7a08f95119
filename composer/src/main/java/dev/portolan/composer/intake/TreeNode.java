package dev.portolan.composer.intake;

import dev.harrel.jsonschema.JsonNode;
import dev.harrel.jsonschema.SimpleType;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Pointer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A value of a plain tree as the JSON Schema library reads it.
final class TreeNode implements JsonNode {

    /// Comparing a number of more digits, written out, would take memory that a sender decides on.
    private static final int MOST_DIGITS = 1000;

    private final @Nullable Object value;
    private final String pointer;
    private final SimpleType type;

    TreeNode(@Nullable Object value, String pointer) {
        this.value = value;
        this.pointer = pointer;
        this.type = switch (value) {
            case null -> SimpleType.NULL;
            case Boolean _ -> SimpleType.BOOLEAN;
            case String _ -> SimpleType.STRING;
            case BigDecimal number -> decimal(number, pointer);
            case Integer _, Long _, BigInteger _ -> SimpleType.INTEGER;
            case List<?> _ -> SimpleType.ARRAY;
            case Map<?, ?> _ -> SimpleType.OBJECT;
            default -> throw new IllegalArgumentException(value.getClass().getName() + " is in no plain tree");
        };
    }

    private static SimpleType decimal(BigDecimal number, String pointer) {
        if (Math.abs((long) number.scale()) > MOST_DIGITS) {
            throw Failure.invalid(pointer, "the number's exponent is beyond " + MOST_DIGITS);
        }
        return number.stripTrailingZeros().scale() <= 0 ? SimpleType.INTEGER : SimpleType.NUMBER;
    }

    @Override
    public String getJsonPointer() {
        return pointer;
    }

    @Override
    public SimpleType getNodeType() {
        return type;
    }

    @Override
    public boolean asBoolean() {
        return (Boolean) held();
    }

    /// The text of a string, and of anything else for the library's messages.
    @Override
    public String asString() {
        return String.valueOf(value);
    }

    @Override
    public BigInteger asInteger() {
        return asNumber().toBigInteger();
    }

    /// Without trailing zeros: the library tells 1.50 from 1.5.
    @Override
    public BigDecimal asNumber() {
        return new BigDecimal(held().toString()).stripTrailingZeros();
    }

    @Override
    public List<JsonNode> asArray() {
        List<JsonNode> elements = new ArrayList<>();
        for (Object element : (List<?>) held()) {
            elements.add(new TreeNode(element, Pointer.child(pointer, String.valueOf(elements.size()))));
        }
        return elements;
    }

    @Override
    public Map<String, JsonNode> asObject() {
        Map<String, JsonNode> members = new LinkedHashMap<>();
        ((Map<?, ?>) held()).forEach((key, member) -> {
            String name = String.valueOf(key);
            members.put(name, new TreeNode(member, Pointer.child(pointer, name)));
        });
        return members;
    }

    private Object held() {
        if (value == null) {
            throw new IllegalStateException("null is asked for as a value");
        }
        return value;
    }
}
