package dev.portolan.function;

import dev.portolan.secret.Secrets;
import dev.portolan.state.StateStore;
import java.time.InstantSource;

/// What a deployment offers to functions of one's own.
///
/// @param store keeps what must outlast a call; an [dev.portolan.state.Effects] ledger is one line over it
/// @param secrets what nobody else may read
/// @param clock tells the time
public record Ports(StateStore store, Secrets secrets, InstantSource clock) {}
