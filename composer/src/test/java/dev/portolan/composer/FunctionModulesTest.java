package dev.portolan.composer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.portolan.failure.Failure;
import dev.portolan.function.FunctionModule;
import dev.portolan.function.FunctionRegistrar;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How functions are found by class loaders.
final class FunctionModulesTest {

    /// Found by the class loaders of these tests.
    public static final class Greetings implements FunctionModule {
        @Override
        public void register(FunctionRegistrar functions) {
            functions.add("greet", String.class, String.class, name -> "Hello " + name);
        }
    }

    /// As another module registers.
    public static final class MoreGreetings implements FunctionModule {
        @Override
        public void register(FunctionRegistrar functions) {
            functions.add("greet", String.class, String.class, name -> "Hello " + name);
        }
    }

    /// Fails as only a defect does.
    public static final class Defective implements FunctionModule {
        @Override
        public void register(FunctionRegistrar functions) {
            throw new IllegalStateException("no licence");
        }
    }

    /// Misses a class.
    public static final class Incomplete implements FunctionModule {
        @Override
        public void register(FunctionRegistrar functions) {
            throw new NoClassDefFoundError("com/example/Missing");
        }
    }

    /// Cannot be made.
    public static final class Unmakeable implements FunctionModule {
        public Unmakeable() {
            throw new IllegalStateException("no licence");
        }

        @Override
        public void register(FunctionRegistrar functions) {}
    }

    @TempDir
    private Path folder;

    private final FunctionRegistry functions = new FunctionRegistry();

    @Test
    void modulesAreFoundByTheirServiceFiles() throws IOException {
        try (URLClassLoader loader = loader(Greetings.class.getName())) {
            assertThat(functions.addModules(loader)).containsExactly(Greetings.class.getName());
        }
        assertThat(functions.find("greet").make(Map.of()).apply("Ann")).isEqualTo("Hello Ann");
    }

    @Test
    void modulesThatTheParentHasAreItsOwn() throws IOException {
        try (URLClassLoader parent = loader(Greetings.class.getName());
                URLClassLoader child = new URLClassLoader(new URL[0], parent)) {
            functions.addModules(parent);

            assertThat(functions.addModules(child)).isEmpty();
        }
    }

    @Test
    void aLoaderWithoutParentIsAsked() throws IOException {
        try (URLClassLoader orphan = new URLClassLoader(new URL[0], null)) {
            assertThat(functions.addModules(orphan)).isEmpty();
        }
    }

    @Test
    void twoModulesWithOneNameAreRefused() throws IOException {
        assertModuleRefused(
                Greetings.class.getName() + "\n" + MoreGreetings.class.getName(),
                "module " + MoreGreetings.class.getName() + ": two functions are called 'greet'");
    }

    @Test
    void modulesThatFailAreNamed() throws IOException {
        assertModuleRefused(
                Defective.class.getName(),
                "module " + Defective.class.getName() + " threw java.lang.IllegalStateException at ");
        assertModuleRefused(
                Incomplete.class.getName(),
                "module " + Incomplete.class.getName() + " threw java.lang.NoClassDefFoundError (com/example/Missing)");
        assertModuleRefused(Unmakeable.class.getName(), Unmakeable.class.getName() + " could not be instantiated");
    }

    @Test
    void modulesThatAreNotThereAreNamed() throws IOException {
        assertModuleRefused("com.example.Missing", "Provider com.example.Missing not found");
        assertModuleRefused(getClass().getName(), getClass().getName() + " not a subtype");
        assertModuleRefused("no class name", "Illegal");
    }

    private void assertModuleRefused(String services, String message) throws IOException {
        try (URLClassLoader loader = loader(services)) {
            assertThatExceptionOfType(Failure.class)
                    .isThrownBy(() -> functions.addModules(loader))
                    .withMessageContaining(message)
                    .returns(Failure.Code.INVALID, Failure::code);
        }
    }

    private URLClassLoader loader(String services) throws IOException {
        Path file = folder.resolve("META-INF/services/" + FunctionModule.class.getName());
        Files.createDirectories(file.getParent());
        Files.writeString(file, services);
        return new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader());
    }
}
