package dev.portolan.composer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.portolan.failure.Failure;
import dev.portolan.function.FunctionModule;
import dev.portolan.function.FunctionRegistrar;
import dev.portolan.invocation.Chain;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FunctionRegistryTest {

    private record Person(String name) {}

    private record Greeting(String text) {}

    private static final class Greet implements Function<Person, Greeting> {
        @Override
        public Greeting apply(Person person) {
            return new Greeting("Hello " + person.name());
        }
    }

    private static final class Shout implements UnaryOperator<String> {
        @Override
        public String apply(String text) {
            return text + "!";
        }
    }

    private abstract static class Guard<A, T> implements Function<T, Chain<T>> {
        @Override
        public Chain<T> apply(T value) {
            return Chain.end(value);
        }
    }

    private abstract static class GuardOf<T> extends Guard<String, T> {}

    private static final class GuardPerson extends GuardOf<Person> {}

    private interface Several<T> extends Function<List<T>, Map<String, T>> {}

    private static final class SeveralNumbers implements Several<Integer> {
        @Override
        public Map<String, Integer> apply(List<Integer> numbers) {
            return Map.of("first", numbers.getFirst());
        }
    }

    private static final class Erased<T> implements Function<T, T> {
        @Override
        public T apply(T value) {
            return value;
        }
    }

    private static final class TakesBean implements Function<StringBuilder, String> {
        @Override
        public String apply(StringBuilder bean) {
            return bean.toString();
        }
    }

    private record Tone(String tone, @Nullable Integer maxLength) {}

    private static final class Tuned implements Function<Person, Greeting> {
        private final String tone;

        Tuned(Tone tone) {
            if (tone.tone().equals("angry")) {
                throw new IllegalArgumentException("nobody is angry here");
            }
            this.tone = tone.tone();
        }

        @Override
        public Greeting apply(Person person) {
            return new Greeting(tone + " " + person.name());
        }
    }

    /// Found by the class loaders of these tests.
    public static final class Greetings implements FunctionModule {
        @Override
        public void register(FunctionRegistrar functions) {
            functions.add("greet", new Greet());
        }
    }

    /// As another module registers.
    public static final class MoreGreetings implements FunctionModule {
        @Override
        public void register(FunctionRegistrar functions) {
            functions.add("greet", new Greet());
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
    void aClassSaysItsTypes() {
        functions.add("greet", new Greet());

        assertTypes("greet", "Person", "Greeting");
        assertThat(functions.find("greet").make(Map.of()).apply(new Person("Ann")))
                .isEqualTo(new Greeting("Hello Ann"));
    }

    @Test
    void typesAreFoundThroughAnInterface() {
        functions.add("shout", new Shout());

        assertTypes("shout", "java.lang.String", "java.lang.String");
    }

    @Test
    void typesAreFoundThroughAbstractSuperclassesAndChainIsUnwrapped() {
        functions.add("guard", new GuardPerson());

        assertTypes("guard", "Person", "Person");
    }

    @Test
    void typesAreFoundWithinGenericOnes() {
        functions.add("several", new SeveralNumbers());

        assertTypes(
                "several", "java.util.List<java.lang.Integer>", "java.util.Map<java.lang.String, java.lang.Integer>");
    }

    @Test
    void aLambdaIsRefusedWithTheRemedy() {
        Function<String, String> lambda = text -> text;

        assertThatIllegalArgumentException()
                .isThrownBy(() -> functions.add("lambda", lambda))
                .withMessageContaining("does not say what it takes and gives")
                .withMessageContaining("write a class that implements Function<In, Out>")
                .withMessageContaining("or register it with its input and output class");
        assertThat(functions.all()).isEmpty();
    }

    @Test
    void anErasedClassIsRefusedWithTheRemedy() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> functions.add("erased", new Erased<String>()))
                .withMessageContaining("Erased does not say what it takes and gives");
    }

    @Test
    void aLambdaWithItsTypesIsTaken() {
        functions.add("length", String.class, Integer.class, String::length);

        assertTypes("length", "java.lang.String", "java.lang.Integer");
        assertThat(functions.find("length").make(Map.of()).apply("four")).isEqualTo(4);
    }

    @Test
    void aTypeWithoutJsonShapeIsRefusedWithTheRemedy() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> functions.add("bean", new TakesBean()))
                .withMessageContaining("java.lang.StringBuilder has no JSON shape; use a record");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1st", "-a", "a b", "a|b", "a#2", "a/b", "é", "a\n"})
    void malformedNamesAreRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> functions.add(name, new Greet()))
                .withMessageContaining("is no function name; it starts with a letter");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "health-probe", "Greet2", "com.example_greet"})
    void otherNamesAreTaken(String name) {
        functions.add(name, new Greet());

        assertThat(functions.find(name).name()).isEqualTo(name);
    }

    @Test
    void aNameIsTakenOnceAndTheFirstStays() {
        functions.add("greet", new Greet());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> functions.add("greet", new Shout()))
                .withMessageMatching("two functions are called 'greet': .*Greet and .*Shout; rename one");
        assertTypes("greet", "Person", "Greeting");
    }

    @Test
    void anUnknownNameIsNotFoundWithTheNearest() {
        functions.add("greet", new Greet());

        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> functions.find("gret"))
                .withMessage("unknown function 'gret'; did you mean 'greet'?")
                .returns(Failure.Code.NOT_FOUND, Failure::code);
    }

    @Test
    void functionsAreListedByName() {
        functions.add("b", new Greet());
        functions.add("a", new Greet());

        assertThat(functions.all()).extracting(RegisteredFunction::name).containsExactly("a", "b");
    }

    @Test
    void aConfiguredFunctionIsMadeFromWhatTheDefinitionSays() {
        functions.configured("tuned", Tuned.class, Tone.class, Tuned::new);

        assertThat(functions.find("tuned").make(Map.of("tone", "Dear")).apply(new Person("Ann")))
                .isEqualTo(new Greeting("Dear Ann"));
    }

    @Test
    void badConfigurationIsRefusedAtItsPlace() {
        functions.configured("tuned", Tuned.class, Tone.class, Tuned::new);
        RegisteredFunction tuned = functions.find("tuned");

        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> tuned.make(Map.of("max-length", "long", "tune", 1)))
                .withMessageContaining("/tune: unknown key; did you mean 'tone'?")
                .withMessageContaining("/tone: missing")
                .withMessageContaining("/max-length: must be a whole number");
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> tuned.make(Map.of("tone", "angry")))
                .withMessage("nobody is angry here")
                .returns(Failure.Code.INVALID, Failure::code);
    }

    @Test
    void configurationForAFunctionThatTakesNoneIsRefused() {
        functions.add("greet", new Greet());

        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> functions.find("greet").make(Map.of("tone", "Dear")))
                .withMessage("'greet' takes no configuration");
    }

    @Test
    void modulesAreFoundByTheirServiceFiles() throws IOException {
        try (URLClassLoader loader = loader(Greetings.class.getName())) {
            assertThat(functions.addModules(loader)).containsExactly(Greetings.class.getName());
        }
        assertTypes("greet", "Person", "Greeting");
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
        assertModuleRefused(Defective.class.getName(), "module " + Defective.class.getName() + ": no licence");
        assertModuleRefused(
                Incomplete.class.getName(), "module " + Incomplete.class.getName() + ": com/example/Missing");
        assertModuleRefused(Unmakeable.class.getName(), Unmakeable.class.getName() + " could not be instantiated");
    }

    @Test
    void modulesThatAreNotThereAreNamed() throws IOException {
        assertModuleRefused("com.example.Missing", "Provider com.example.Missing not found");
        assertModuleRefused(Greet.class.getName(), Greet.class.getName() + " not a subtype");
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

    private void assertTypes(String name, String input, String output) {
        FunctionTypes types = functions.find(name).types();
        String nest = getClass().getName() + "$";
        assertThat(types.input().getTypeName().replace(nest, "")).isEqualTo(input);
        assertThat(types.output().getTypeName().replace(nest, "")).isEqualTo(output);
    }
}
