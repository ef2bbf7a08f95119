package dev.portolan.aws.lambda;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.text.MessageFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// What Portolan logs meanwhile, other tests' lines among it, instead of to the console.
final class Logs extends Handler implements AutoCloseable {

    private static final Logger LOGGER = Logger.getLogger("dev.portolan");

    private final List<String> lines = new CopyOnWriteArrayList<>();

    Logs() {
        LOGGER.addHandler(this);
        LOGGER.setUseParentHandlers(false);
    }

    List<String> lines() {
        return lines;
    }

    /// All that a runtime might print of an exception.
    static String printed(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @Override
    public void publish(LogRecord line) {
        String text = line.getParameters() == null
                ? line.getMessage()
                : MessageFormat.format(line.getMessage(), line.getParameters());
        lines.add(line.getThrown() == null ? text : text + printed(line.getThrown()));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        LOGGER.removeHandler(this);
        LOGGER.setUseParentHandlers(true);
    }
}
