package dev.portolan.local;

import dev.portolan.function.FunctionModule;
import dev.portolan.function.FunctionRegistrar;
import java.util.Map;

/// A user's module, for jars that name it.
public final class GreetModule implements FunctionModule {

    @Override
    public void register(FunctionRegistrar functions) {
        functions.add("greet", Map.class, Map.class, input -> input);
    }
}
