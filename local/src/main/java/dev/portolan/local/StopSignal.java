package dev.portolan.local;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Interrupts a thread when the process is told to end (Ctrl-C, SIGTERM), and holds the process until the
/// thread has come to rest: its execution is handed on then, and not lost until a lease is over.
final class StopSignal implements AutoCloseable {

    /// A step that does not stop is abandoned after a second.
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final CountDownLatch rested = new CountDownLatch(1);
    private final Thread hook;
    private volatile boolean given;

    /// Listens until it is closed.
    StopSignal(Thread worker, PrintWriter err) {
        this.hook = new Thread(() -> {
            given = true;
            worker.interrupt();
            try {
                if (!rested.await(GRACE.toSeconds(), TimeUnit.SECONDS)) {
                    err.println("a step does not stop; its execution is taken up when its lease is over");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /// Whether the process is about to end.
    boolean given() {
        return given;
    }

    @Override
    public void close() {
        rested.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // The hook is what ends it.
        }
    }
}
