package dev.portolan.failure;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The known name that a mistyped one most likely means.
public final class Nearest {

    private Nearest() {}

    /// The known name at the least distance from a mistyped one, if it is near enough to suggest: at most one slip
    /// for every three letters, whatever the case. Of several as near, the first in alphabetical order.
    public static Optional<String> of(String mistyped, Collection<String> known) {
        String wanted = mistyped.toLowerCase(Locale.ROOT);
        return known.stream()
                .map(name -> new Candidate(name, distance(wanted, name.toLowerCase(Locale.ROOT))))
                .filter(candidate -> candidate.distance() <= Math.max(1, wanted.length() / 3))
                .min(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
                .map(Candidate::name);
    }

    /// The end of a message about a name: `; did you mean 'enrich'?`, or nothing.
    public static String hint(String mistyped, Collection<String> known) {
        return of(mistyped, known).map(name -> "; did you mean '" + name + "'?").orElse("");
    }

    /// Adds a violation for each key that nobody knows, with the nearest that is known, or all of them.
    ///
    /// @param pointer to what has the keys
    public static void refuseUnknown(
            Collection<?> keys, Collection<String> known, String pointer, List<Violation> violations) {
        for (Object key : keys) {
            String name = String.valueOf(key);
            if (!known.contains(name)) {
                String all = known.isEmpty() ? "; it takes none" : "; known are " + String.join(", ", known);
                String hint = hint(name, known);
                violations.add(
                        new Violation(Pointer.child(pointer, name), "unknown key" + (hint.isEmpty() ? all : hint)));
            }
        }
    }

    private record Candidate(String name, int distance) {}

    /// Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours.
    private static int distance(String a, String b) {
        int[] twoBack = new int[b.length() + 1];
        int[] oneBack = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] free = twoBack;
            twoBack = oneBack;
            oneBack = row;
            row = free;
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = oneBack[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(substituted, Math.min(oneBack[j], row[j - 1]) + 1);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    row[j] = Math.min(row[j], twoBack[j - 2] + 1);
                }
            }
        }
        return row[b.length()];
    }
}
