package dev.portolan.aws.sqs;

import java.util.HexFormat;

/// What SQS takes for text: the characters of XML 1.0. It refuses a message with any other.
final class Text {

    private static final char REPLACEMENT = '\uFFFD';

    private Text() {}

    /// Whether SQS takes a text as it is.
    static boolean carried(String text) {
        return text.codePoints().allMatch(Text::carried);
    }

    private static boolean carried(int point) {
        return point == '\t'
                || point == '\n'
                || point == '\r'
                || (point >= 0x20 && point <= 0xD7FF)
                || (point >= 0xE000 && point <= 0xFFFD)
                || point >= 0x10000;
    }

    /// A text for people, in which each character that SQS refuses is replaced.
    static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().forEach(point -> shown.appendCodePoint(carried(point) ? point : REPLACEMENT));
        return shown.toString();
    }

    /// JSON in which each character that SQS refuses is escaped. JSON has such characters in its strings alone.
    static String escaped(String json) {
        StringBuilder escaped = new StringBuilder();
        json.codePoints().forEach(point -> {
            if (carried(point)) {
                escaped.appendCodePoint(point);
            } else {
                escaped.append("\\u").append(HexFormat.of().toHexDigits((char) point));
            }
        });
        return escaped.toString();
    }
}
