package dev.portolan.proofs;

import dev.portolan.state.StateStore;
import java.time.InstantSource;

/// How each process of a proof opens the store that all of them share. Processes are told the name of the class,
/// and make it by its constructor without parameters.
public interface StoreOpener {

    /// Opens a store that is there already, or begins it.
    ///
    /// @param address where it is, as the proof says
    StateStore open(String address, InstantSource clock);
}
