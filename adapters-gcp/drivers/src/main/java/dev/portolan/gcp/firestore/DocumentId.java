package dev.portolan.gcp.firestore;

/// Bytes as a document's id: in the same order, whatever they are, at most 1,367 characters for 1,024
/// bytes.
///
/// Base64 with an alphabet that is in the order of its characters, which RFC 4648's is not. The first
/// character keeps ids away from those that Firestore refuses: `.`, `..` and `__*__`.
final class DocumentId {

    private static final String ALPHABET = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
    private static final char FIRST = 'k';
    private static final int BITS = 6;
    private static final int MASK = 0x3f;

    private DocumentId() {}

    static String of(byte[] bytes) {
        StringBuilder id = new StringBuilder(2 + bytes.length * Byte.SIZE / BITS).append(FIRST);
        int held = 0;
        int bits = 0;
        for (byte next : bytes) {
            held = held << Byte.SIZE | (next & 0xff);
            bits += Byte.SIZE;
            while (bits >= BITS) {
                bits -= BITS;
                id.append(ALPHABET.charAt(held >>> bits & MASK));
            }
        }
        if (bits > 0) {
            id.append(ALPHABET.charAt(held << (BITS - bits) & MASK));
        }
        return id.toString();
    }
}
