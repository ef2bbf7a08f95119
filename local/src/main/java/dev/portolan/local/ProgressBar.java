package dev.portolan.local;

import java.io.PrintWriter;

/// Shows a person how far long work is. Shows nothing where nobody looks.
final class ProgressBar implements AutoCloseable {

    private static final int WIDTH = 40;

    private final PrintWriter err;
    private final String noun;
    private final int total;
    private final boolean shown = Terminal.interactive();
    private int done;
    private int drawn = -1;

    ProgressBar(PrintWriter err, String noun, int total) {
        this.err = err;
        this.noun = noun;
        this.total = total;
    }

    void step() {
        done++;
        int cells = (int) ((long) WIDTH * done / Math.max(total, 1));
        if (shown && cells > drawn) {
            drawn = cells;
            err.print("\r[" + "#".repeat(cells) + " ".repeat(WIDTH - cells) + "] " + done + "/" + total + " " + noun);
            err.flush();
        }
    }

    @Override
    public void close() {
        if (shown && drawn >= 0) {
            err.println();
            err.flush();
        }
    }
}
