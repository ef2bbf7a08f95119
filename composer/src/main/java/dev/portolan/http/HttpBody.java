package dev.portolan.http;

import dev.portolan.composer.Event;
import dev.portolan.failure.Failure;
import dev.portolan.invocation.Headers;
import dev.portolan.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/// What a request's body is: JSON as a tree, text as a string, anything else as bytes.
final class HttpBody {

    private final Json json = new Json();

    /// A body that no pipeline gets to see, with the status that says why.
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        private final int status;

        Refused(int status, String reason) {
            super(reason);
            this.status = status;
        }

        HttpResponse response() {
            return HttpResponse.of(new Failure(Failure.Code.INVALID, String.valueOf(getMessage())), status);
        }
    }

    /// The body's value.
    ///
    /// @throws Failure `INVALID` for JSON that is none
    /// @throws Refused for a body that is too large, or in an encoding that is not known
    @Nullable
    Object value(HttpRequest request) throws Refused {
        byte[] bytes = decompressed(request.body(), request.headers());
        String type = request.headers().first("Content-Type");
        String media = media(type);
        if (media.isEmpty() || media.equals("application/json") || media.endsWith("+json")) {
            return bytes.length == 0 ? null : json.decode(bytes);
        }
        return media.startsWith("text/") ? text(bytes, charset(type)) : bytes;
    }

    private static byte[] decompressed(byte[] body, Headers headers) throws Refused {
        if (body.length > Event.BODY_LIMIT) {
            throw tooLarge();
        }
        byte[] plain = body;
        List<String> encodings = headers.all("Content-Encoding").stream()
                .flatMap(value -> List.of(value.split(",")).stream())
                .map(value -> value.strip().toLowerCase(Locale.ROOT))
                .filter(value -> !value.isEmpty() && !value.equals("identity"))
                .toList();
        for (String encoding : encodings.reversed()) {
            plain = inflated(plain, encoding);
        }
        return plain;
    }

    private static byte[] inflated(byte[] body, String encoding) throws Refused {
        try (InputStream in = switch (encoding) {
            case "gzip", "x-gzip" -> new GZIPInputStream(new ByteArrayInputStream(body));
            case "deflate" -> new InflaterInputStream(new ByteArrayInputStream(body));
            default -> throw new Refused(415, "the content encoding is not known; send gzip, deflate or none");
        }) {
            byte[] plain = in.readNBytes(Event.BODY_LIMIT + 1);
            if (plain.length > Event.BODY_LIMIT) {
                throw tooLarge();
            }
            return plain;
        } catch (IOException e) {
            throw new Refused(400, "the body is not what its content encoding says: it is broken, or cut short");
        }
    }

    private static Refused tooLarge() {
        return new Refused(413, Event.tooLarge().detail());
    }

    private static String media(@Nullable String type) {
        return type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    private static Charset charset(@Nullable String type) throws Refused {
        for (String parameter : type == null ? new String[0] : type.split(";")) {
            String[] pair = parameter.strip().split("=", 2);
            if (pair.length == 2 && pair[0].strip().equalsIgnoreCase("charset")) {
                try {
                    return Charset.forName(pair[1].strip().replace("\"", ""));
                } catch (IllegalArgumentException e) {
                    throw new Refused(415, "the charset is not known; send UTF-8");
                }
            }
        }
        return StandardCharsets.UTF_8;
    }

    private static String text(byte[] bytes, Charset charset) throws Refused {
        try {
            return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new Refused(400, "the text is not in the charset that its content type says");
        }
    }
}
