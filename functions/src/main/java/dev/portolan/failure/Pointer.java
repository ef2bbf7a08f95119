package dev.portolan.failure;

/// JSON Pointers (RFC 6901), as text.
public final class Pointer {

    private Pointer() {}

    /// The pointer to a member of what another points to.
    public static String child(String parent, String name) {
        return parent + "/" + name.replace("~", "~0").replace("/", "~1");
    }
}
