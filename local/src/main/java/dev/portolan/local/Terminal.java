package dev.portolan.local;

/// Whether a person is looking at standard error.
final class Terminal {

    private Terminal() {}

    /// The launcher knows, and says so; without it a console on both ends is taken for a person.
    static boolean interactive() {
        String said = System.getProperty("portolan.terminal");
        return said != null ? Boolean.parseBoolean(said) : System.console() != null && System.console().isTerminal();
    }
}
