package dev.portolan.proofs;

import dev.portolan.state.StateStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// What the processes of a proof share: a store, and a ledger that is only ever added to.
///
/// @param opener the class of a [StoreOpener]
record Premises(String opener, String address, Path ledger) {

    StateStore open(InstantSource clock) {
        try {
            Constructor<?> constructor = Class.forName(opener).getDeclaredConstructor();
            constructor.setAccessible(true);
            return ((StoreOpener) constructor.newInstance()).open(address, clock);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(opener + " has no constructor without parameters that works", e);
        }
    }

    FileChannel openLedger() {
        try {
            return FileChannel.open(ledger, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The lines of one execution.
    List<String> noted(String id) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(ledger)) {
            if (line.startsWith(id + " ")) {
                lines.add(line.substring(id.length() + 1));
            }
        }
        return lines;
    }
}
