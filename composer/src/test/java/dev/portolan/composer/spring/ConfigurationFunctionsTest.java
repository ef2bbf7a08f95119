package dev.portolan.composer.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.composer.Composer;
import dev.portolan.composer.DefinitionFolder;
import dev.portolan.composer.Event;
import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.Runner;
import dev.portolan.composer.Step;
import dev.portolan.failure.Failure;
import dev.portolan.invocation.Headers;
import dev.portolan.invocation.Invocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Flux;

class ConfigurationFunctionsTest {

    private final FunctionRegistry functions = new FunctionRegistry();
    private final AutoCloseable context =
            ConfigurationFunctions.register(functions, getClass().getClassLoader(), names(UserConfiguration.class));

    @AfterEach
    void close() throws Exception {
        context.close();
    }

    @Test
    void beansWithInjectedDependenciesRunInAPipeline() {
        assertThat(run("price|label", Map.of("id", "o-1", "quantity", 3)))
                .isEqualTo(new Outcome.Completed(Map.of("label", "o-1: 750"), Headers.NONE));
    }

    @Test
    void anAbsentFieldOfABeansRecordIsAViolationNotANull() {
        Outcome outcome = run("price", Map.of("id", "o-1"));

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.failure().detail()).isEqualTo("/quantity: missing"));
    }

    @Test
    void messagesCarryTheInvocationsHeadersAndWhatABeanAdds() {
        Composer composer = new Composer(functions);
        Headers headers = Headers.NONE.with("tenant", "acme");

        Outcome outcome = runner().run(composer.compose("stamp|readStamp"), new Event("e-1", Map.of(), headers));

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Completed.class,
                        completed -> assertThat(completed.value()).isEqualTo(Map.of("stamp", "acme")));
    }

    @Test
    void aHeaderThatABeanSetsStandsInPlaceOfTheOneThatCame() {
        Headers headers = Headers.NONE.with("tenant", "acme").with("stamped-by", "nobody");

        Outcome outcome = runner().run(new Composer(functions).compose("stamp"), new Event("e-1", Map.of(), headers));

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Completed.class, completed -> {
            assertThat(completed.headers().all("stamped-by")).containsExactly("acme");
            assertThat(completed.headers().names()).containsExactly("stamped-by", "tenant");
        });
    }

    @Test
    void aSupplierBeginsAChainAndAConsumerEndsIt() {
        Outcome outcome = run("sample|price|label|record", null);

        assertThat(outcome).isEqualTo(new Outcome.Completed(null, Headers.NONE));
        assertThat(((ApplicationContext) context).getBean("audit")).isEqualTo(List.of("s-1: 500"));
    }

    @Test
    void aPredicateIsACondition(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("w.yaml"), "pipeline: w\nsteps: [label: {if: bulk}]\n");
        Step step = new Composer(functions, DefinitionFolder.read(folder))
                .compose("w")
                .steps()
                .getFirst();
        Invocation invocation = new Invocation("e-1", "label", 1, null, Headers.NONE);

        assertThat(step.applies(Map.of("id", "o-1", "quantity", 4), invocation)).isTrue();
        assertThat(step.applies(Map.of("id", "o-1", "quantity", 3), invocation)).isFalse();
    }

    @Test
    void aPredicateOverMessagesSeesTheInvocationsHeaders() {
        Headers headers = Headers.NONE.with("tenant", "acme");
        Composer composer = new Composer(functions);

        assertThat(runner().run(composer.compose("ofAcme"), new Event("e-1", Map.of(), headers)))
                .isEqualTo(new Outcome.Completed(true, headers));
        assertThat(run("ofAcme", Map.of())).isEqualTo(new Outcome.Completed(false, Headers.NONE));
    }

    @Test
    void typesThatASuperclassNamesAreFound() throws Exception {
        FunctionRegistry inherited = new FunctionRegistry();
        AutoCloseable started = register(inherited, Inherited.class);

        assertThat(inherited.find("unary").input().noun()).isEqualTo("an object");
        assertThat(inherited.find("length").output().noun()).isEqualTo("a whole number");
        started.close();
    }

    @Test
    void aPlaceholderThatNothingFillsIsRefusedNotInjected() {
        assertThatThrownBy(() -> register(Placeholder.class))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("greeting.word");
    }

    @Test
    void whatIsNoFunctionIsLeftAlone() {
        assertThat(functions.all()).extracting("name").doesNotContain("tariff", "audit");
    }

    @Test
    void aClassThatCountsOnBootIsRefusedWithTheRemedy() {
        assertThatThrownBy(() -> register(BootApplication.class))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("counts on Spring Boot")
                .hasMessageContaining("name the @Configuration class");
    }

    @Test
    void aClassWithoutTheAnnotationIsRefused() {
        assertThatThrownBy(() -> register(String.class)).hasMessageContaining("is no @Configuration class");
    }

    @Test
    void anUnknownClassIsRefused() {
        assertThatThrownBy(() -> ConfigurationFunctions.register(
                        new FunctionRegistry(), getClass().getClassLoader(), List.of("com.example.Missing")))
                .hasMessageContaining("no class com.example.Missing");
    }

    @Test
    void reactiveBeansAreRefusedByName() {
        assertThatThrownBy(() -> register(Reactive.class))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("bean 'flow' cannot be a step")
                .hasMessageContaining("has no JSON shape");
    }

    @Test
    void beansWithoutDeclaredTypesAreRefusedByName() {
        assertThatThrownBy(() -> register(Untyped.class))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("bean 'raw' cannot be a step: its types are not declared");
    }

    @Test
    void aContextThatDoesNotStartIsRefusedWithItsCause() {
        assertThatThrownBy(() -> register(Broken.class))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("does not start")
                .hasMessageContaining("java.lang.IllegalStateException at ")
                .hasMessageNotContaining("no tariff today");
    }

    private Outcome run(String expression, Object input) {
        return runner().run(new Composer(functions).compose(expression), new Event("e-1", input, Headers.NONE));
    }

    private static Runner runner() {
        return new Runner(InstantSource.system(), new Random(1), Thread::sleep);
    }

    private static void register(Class<?> type) throws Exception {
        register(new FunctionRegistry(), type).close();
    }

    private static AutoCloseable register(FunctionRegistry functions, Class<?> type) {
        return ConfigurationFunctions.register(
                functions, ConfigurationFunctionsTest.class.getClassLoader(), names(type));
    }

    private static List<String> names(Class<?> type) {
        return List.of(type.getName());
    }

    @Configuration
    @EnableAutoConfiguration
    static class BootApplication {}

    @Configuration
    static class Reactive {
        @Bean
        Function<Flux<String>, Flux<String>> flow() {
            return flux -> flux;
        }
    }

    @Configuration
    static class Inherited {
        abstract static class Base<A, B> implements Function<A, B> {}

        static final class Length extends Base<String, Integer> {
            @Override
            public Integer apply(String text) {
                return text.length();
            }
        }

        @Bean
        UnaryOperator<Map<String, Object>> unary() {
            return object -> object;
        }

        @Bean
        Length length() {
            return new Length();
        }
    }

    @Configuration
    static class Placeholder {
        @Bean
        Function<String, String> greet(@Value("${greeting.word}") String word) {
            return name -> word + " " + name;
        }
    }

    @Configuration
    static class Untyped {
        @Bean
        @SuppressWarnings("rawtypes")
        Function raw() {
            return value -> value;
        }
    }

    @Configuration
    static class Broken {
        @Bean
        Function<String, String> price() {
            throw new IllegalStateException("no tariff today");
        }
    }
}
