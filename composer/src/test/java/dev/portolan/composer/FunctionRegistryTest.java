package dev.portolan.composer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.failure.Failure;
import dev.portolan.function.FunctionModule;
import dev.portolan.invocation.Chain;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
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

    private abstract static class Named<T> implements Predicate<T> {}

    private static final class Brief extends Named<Person> {
        @Override
        public boolean test(Person person) {
            return person.name().length() < 4;
        }
    }

    /// A function and a condition at once.
    private static final class Both implements Function<Person, Greeting>, Predicate<String> {
        @Override
        public Greeting apply(Person person) {
            return new Greeting(person.name());
        }

        @Override
        public boolean test(String text) {
            return text.isEmpty();
        }
    }

    private record Tone(String tone, @Nullable Integer maxLength) {}

    private static final class Tuned implements Function<Person, Greeting> {
        private final String tone;
        private final int most;

        Tuned(Tone tone) {
            if (tone.tone().equals("angry")) {
                throw new IllegalArgumentException("nobody is angry here");
            }
            this.tone = tone.tone();
            this.most = tone.maxLength() == null ? Integer.MAX_VALUE : tone.maxLength();
        }

        @Override
        public Greeting apply(Person person) {
            String text = tone + " " + person.name();
            return new Greeting(text.substring(0, Math.min(most, text.length())));
        }
    }

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
    void aConditionsClassSaysWhatItTakes() {
        functions.add("short", new Brief());

        assertTypes("short", "Person", "java.lang.Boolean");
        assertThat(functions.find("short").make(Map.of()).apply(new Person("Ann")))
                .isEqualTo(true);
    }

    @Test
    void aConditionThatIsALambdaIsTakenWithItsTypeAndRefusedWithoutIt() {
        Predicate<Person> lambda = person -> person.name().isEmpty();

        functions.add("nameless", Person.class, lambda);

        assertTypes("nameless", "Person", "java.lang.Boolean");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> functions.add("other", lambda))
                .withMessageContaining("does not say what it takes; write a class that implements Predicate<In>,"
                        + " or register it with its input class");
    }

    @Test
    void whatIsAFunctionAndAConditionIsWhatItIsAddedAs() {
        functions.add("greet", (Function<?, ?>) new Both());
        functions.add("empty", (Predicate<?>) new Both());

        assertTypes("greet", "Person", "Greeting");
        assertTypes("empty", "java.lang.String", "java.lang.Boolean");
    }

    @Test
    void aConditionsClassIsNamedWhenItsNameIsTaken() {
        functions.add("short", new Brief());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> functions.add("short", new Brief()))
                .withMessageMatching("two functions are called 'short': .*Brief and .*Brief; rename one");
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
    void whatADefinitionLeavesOutIsAsUsual() {
        functions.configured("tuned", Tuned.class, new Tone("Dear", 9), Tuned::new);
        RegisteredFunction tuned = functions.find("tuned");

        assertThat(tuned.make(Map.of()).apply(new Person("Ann"))).isEqualTo(new Greeting("Dear Ann"));
        assertThat(tuned.make(Map.of("max-length", 7)).apply(new Person("Ann"))).isEqualTo(new Greeting("Dear An"));
        assertThat(tuned.make(Map.of("tone", "Hey")).apply(new Person("Annabel")))
                .isEqualTo(new Greeting("Hey Annab"));
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> tuned.make(Map.of("tune", "Hey")))
                .withMessageContaining("/tune: unknown key; did you mean 'tone'?");
    }

    @Test
    void configurationForAFunctionThatTakesNoneIsRefused() {
        functions.add("greet", new Greet());

        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> functions.find("greet").make(Map.of("tone", "Dear")))
                .withMessage("'greet' takes no configuration");
    }

    private void assertTypes(String name, String input, String output) {
        FunctionTypes types = functions.find(name).types();
        String nest = getClass().getName() + "$";
        assertThat(types.input().getTypeName().replace(nest, "")).isEqualTo(input);
        assertThat(types.output().getTypeName().replace(nest, "")).isEqualTo(output);
    }

    private final List<String> made = new ArrayList<>();

    private FunctionModule greetings() {
        made.add("greetings");
        return functions -> {
            functions.add("hail", String.class, String.class, name -> "Hail " + name);
            functions.add("part", String.class, String.class, name -> "Farewell " + name);
        };
    }

    @Test
    void aDeferredModuleIsMadeOnceWhenOneOfItsNamesIsAskedFor() {
        FunctionRegistry functions = new FunctionRegistry();
        functions.defer(Set.of("hail", "part"), this::greetings);

        assertThat(functions.has("hail")).isTrue();
        assertThat(made).isEmpty();
        assertThat(functions.find("hail").name()).isEqualTo("hail");
        assertThat(functions.find("part").name()).isEqualTo("part");
        assertThat(made).containsExactly("greetings");
    }

    @Test
    void theListOfAllHasDeferredFunctions() {
        FunctionRegistry functions = new FunctionRegistry();
        functions.defer(Set.of("hail", "part"), this::greetings);

        assertThat(functions.all()).extracting(RegisteredFunction::name).containsExactly("hail", "part");
    }

    @Test
    void aNameThatIsDeferredIsTaken() {
        FunctionRegistry functions = new FunctionRegistry();
        functions.defer(Set.of("hail", "part"), this::greetings);

        assertThatThrownBy(() -> functions.add("part", String.class, String.class, name -> name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("two functions are called 'part'");
        assertThatThrownBy(() -> functions.defer(Set.of("hail"), this::greetings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("two functions are called 'hail'");
    }

    @Test
    void aDeferredNameIsSuggested() {
        FunctionRegistry functions = new FunctionRegistry();
        functions.defer(Set.of("hail", "part"), this::greetings);

        assertThatThrownBy(() -> functions.find("hial")).hasMessageContaining("did you mean 'hail'?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"greet", "greet|greet"})
    void composingMakesNoModuleThatThePipelineDoesNotUse(String pipeline) {
        FunctionRegistry functions = new FunctionRegistry();
        functions.defer(Set.of("hail", "part"), this::greetings);
        functions.add("greet", String.class, String.class, name -> "Hello " + name);
        Composer composer = new Composer(functions);

        composer.compose(pipeline);

        assertThat(composer.functionNames()).containsExactly("greet", "hail", "part");
        assertThat(made).isEmpty();
    }
}
