package dev.portolan.aws.lambda;

import com.amazonaws.services.lambda.crac.Context;
import com.amazonaws.services.lambda.crac.Core;
import com.amazonaws.services.lambda.crac.Resource;
import dev.portolan.function.FunctionModule;
import dev.portolan.function.FunctionRegistrar;
import dev.portolan.invocation.Invocation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A user's module, with functions that do what functions should not. It is deployed as users deploy theirs: as
/// a jar in the package's `lib/`.
public final class UserFunctions implements FunctionModule {

    /// Says which hook of a snapshot fails: `checkpoint` or `restore`.
    static final String FAILING_HOOK = "FAILING_HOOK";

    /// The context holds its resources weakly.
    private static final Resource HOOKS = new Hooks();

    @Override
    public void register(FunctionRegistrar functions) {
        functions.add("explode", Map.class, Map.class, input -> {
            throw new IllegalStateException("no " + input);
        });
        functions.add("sleep", Map.class, Map.class, input -> {
            try {
                Thread.sleep(Duration.ofMinutes(1));
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
            }
            return input;
        });
        functions.add(
                "trace",
                Map.class,
                List.class,
                input -> Invocation.current().headers().all("X-Amzn-Trace-Id"));
        functions.add("swell", Map.class, Map.class, input -> Map.of("text", "x".repeat(7_000_000)));
        if (System.getenv(FAILING_HOOK) != null) {
            Core.getGlobalContext().register(HOOKS);
        }
    }

    /// Hooks around a snapshot, one of which fails.
    static final class Hooks implements Resource {

        @Override
        public void beforeCheckpoint(Context<? extends Resource> context) {
            failIf("checkpoint");
        }

        @Override
        public void afterRestore(Context<? extends Resource> context) {
            failIf("restore");
        }

        private static void failIf(String hook) {
            if (hook.equals(System.getenv(FAILING_HOOK))) {
                throw new IllegalStateException("the hook of the " + hook + " failed");
            }
        }
    }

    /// A copy of a function's package with this module's jar in it.
    static SamTemplate.Function addedTo(SamTemplate.Function function, Path folder) {
        return UserPackage.of(function, folder)
                .withJar(
                        "user.jar",
                        List.of(UserFunctions.class, Hooks.class),
                        Map.of(FunctionModule.class, UserFunctions.class))
                .function();
    }
}
