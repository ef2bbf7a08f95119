package dev.portolan.local;

/// Whether a person is looking at standard error. The launcher knows, and says so.
final class Terminal {

    private Terminal() {}

    static boolean interactive() {
        return Boolean.getBoolean("portolan.terminal");
    }
}
