package {package};

import dev.portolan.function.FunctionModule;
import dev.portolan.function.FunctionRegistrar;

/// Tells Portolan which functions are in this jar.
public final class {Class}Module implements FunctionModule {

    @Override
    public void register(FunctionRegistrar functions) {
        functions.configured("{name}", {Class}.class, {Class}.Config.class, {Class}::new);
    }
}
