package dev.portolan.function;

/// A jar's list of functions, found by [java.util.ServiceLoader].
///
/// A module has a public constructor without parameters and is named in
/// `META-INF/services/dev.portolan.function.FunctionModule`.
@FunctionalInterface
public interface FunctionModule {

    /// Adds this module's functions. Called once, when a deployment starts; does no I/O.
    void register(FunctionRegistrar functions);
}
