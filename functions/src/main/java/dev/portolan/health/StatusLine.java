package dev.portolan.health;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;

/// The status line of a response. Nothing behind it is read, but for the heads of interim responses (1xx).
final class StatusLine {

    private static final int SWITCHING = 101;
    private static final int MOST_BYTES = 16 * 1024;
    private static final int SPACE_AFTER_VERSION = "HTTP/1.1".length();
    private static final int LENGTH = "HTTP/1.1 200".length();

    private final InputStream in;
    private int left = MOST_BYTES;

    private StatusLine(InputStream in) {
        this.in = new BufferedInputStream(in, 512);
    }

    /// The final status.
    ///
    /// @throws ProtocolException if what comes is no HTTP/1, or too much comes before it
    /// @throws EOFException if nothing comes, or not all of it
    static int read(InputStream in) throws IOException {
        StatusLine response = new StatusLine(in);
        while (true) {
            int status = status(response.line());
            if (status >= 200 || status == SWITCHING) {
                return status;
            }
            while (!response.line().isEmpty()) {
                // a header of an interim response
            }
        }
    }

    private static int status(String line) throws ProtocolException {
        boolean http = line.startsWith("HTTP/1.")
                && line.length() >= LENGTH
                && line.charAt(SPACE_AFTER_VERSION) == ' '
                && (line.length() == LENGTH || line.charAt(LENGTH) == ' ');
        int status = 0;
        for (int i = SPACE_AFTER_VERSION + 1; http && i < LENGTH; i++) {
            int digit = line.charAt(i) - '0';
            http = digit >= 0 && digit <= 9;
            status = status * 10 + digit;
        }
        if (!http || status < 100 || status > 599) {
            throw new ProtocolException("the answer is no HTTP/1 response");
        }
        return status;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("closed before the answer was complete");
            }
            if (--left < 0) {
                throw new ProtocolException("more than " + MOST_BYTES + " bytes came, and no status");
            }
            if (next == '\n') {
                int end = line.length();
                return line.substring(0, end > 0 && line.charAt(end - 1) == '\r' ? end - 1 : end);
            }
            line.append((char) next);
        }
    }
}
