package dev.portolan.composer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.portolan.composer.Definition.StepDefinition;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Violation;
import dev.portolan.json.ForeignShape;
import dev.portolan.json.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is kept of a durable definition, and what becomes of it when it is read again.
final class StoredFormTest {

    private static final String WELCOME = """
            {"durable":true,"pipeline":"welcome","steps":["validate",\
            {"enrich":{"if":"known","once":true,"retry":{"attempts":5,"cap":"PT30S","delay":"PT0.2S","factor":2.0},\
            "timeout":"PT5S","undo":"forget"}},\
            {"notify":{"merge":true,"with":{"limits":{"a":[1,1.50,null],"b":false},"template":"welcome"}}}]}""";

    private record Settings(String template, Map<String, Object> limits) {}

    private record Notify(Settings settings) implements Function<Map<String, Object>, Map<String, Object>> {
        @Override
        public Map<String, Object> apply(Map<String, Object> value) {
            return settings.limits();
        }
    }

    private final FunctionRegistry functions = new FunctionRegistry();

    @BeforeEach
    void registerFunctions() {
        functions.add("validate", Map.class, Map.class, value -> value);
        functions.add("enrich", Map.class, Map.class, value -> value);
        functions.add("forget", Map.class, Void.class, value -> null);
        functions.add("known", Map.class, value -> true);
        functions.configured("notify", Notify.class, new Settings("", Map.of()), Notify::new);
    }

    @Test
    void itSaysWhatChangesAnExecutionAndNothingElse() {
        assertThat(stored("""
                # a comment
                pipeline: welcome
                description: Greets a new customer
                example: {email: user@example.com}
                durable: true
                steps:
                  - validate: {once: false, merge: false, retry: {attempts: 1, delay: 3s}, with: {}}
                  - enrich:
                      timeout: 5s
                      retry: {attempts: 5}
                      once: true
                      if: known
                      undo: forget
                  - notify: {with: {template: welcome, limits: {b: false, a: [1, 1.50, null]}}, merge: true}
                """)).isEqualTo(WELCOME);
    }

    @Test
    void anotherWayToWriteItIsStoredAlike() {
        assertThat(stored("""
                {"steps": ["validate",
                  {"enrich": {"undo": "forget", "if": "known", "once": true, "timeout": "PT5S",
                    "retry": {"cap": "30000ms", "factor": 2e0, "delay": "200ms", "attempts": 5}}},
                  {"notify": {"merge": true,
                    "with": {"limits": {"a": [1, 1.50, null], "b": false}, "template": "welcome"}}}],
                 "durable": true, "pipeline": "welcome"}
                """)).isEqualTo(WELCOME);
    }

    @Test
    void aDefinitionThatIsNotDurableHasNone() {
        assertThat(compose("pipeline: welcome\nsteps: [validate]").definition()).isNull();
        assertThat(new Composer(functions).compose("validate|enrich").definition())
                .isNull();
    }

    @Test
    void itIsComposedAgain() {
        Pipeline again = new Composer(functions).recompose(WELCOME);

        assertThat(again.definition()).isEqualTo(WELCOME);
        assertThat(again.name()).isEqualTo("welcome");
        assertThat(again.source()).isEqualTo("the stored definition of 'welcome'");
        assertThat(again.steps()).extracting(Step::name).containsExactly("validate", "enrich", "notify");
        assertThat(again.steps().getLast().body().apply(Map.of()).toString()).isEqualTo("{a=[1, 1.50, null], b=false}");
    }

    @Test
    void aFunctionThatCameLaterUnderThePipelinesNameIsNoMatter() {
        functions.add("welcome", Map.class, Map.class, value -> value);

        assertThat(new Composer(functions).recompose(WELCOME).name()).isEqualTo("welcome");
    }

    @Test
    void aFunctionThatIsGoneIsAPreconditionThatADeploymentMayMeet() {
        Composer empty = new Composer(new FunctionRegistry());

        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> empty.recompose("{\"durable\":true,\"pipeline\":\"w\",\"steps\":[\"a\",\"b\"]}"))
                .withMessage("the stored definition of 'w' at /steps/0: unknown function 'a';"
                        + " the stored definition of 'w' at /steps/1: unknown function 'b';"
                        + " deploy the version that it was started with")
                .returns(Failure.Code.FAILED_PRECONDITION, Failure::code);
    }

    @Test
    void whatIsNoStoredDefinitionIsRefused() {
        Composer composer = new Composer(functions);

        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> composer.recompose("{\"pipeline\":"))
                .withMessageStartingWith("not JSON: ");
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> composer.recompose("null"))
                .withMessageStartingWith("the stored definition: must not be null");
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> composer.recompose("{\"pipeline\":\"w\",\"steps\":[\"known\"],\"wait\":1}"))
                .withMessageStartingWith("the stored definition of 'w' at /wait: 'wait': unknown key");
    }

    @Test
    void aConfigurationThatJsonHasNotIsRefused() {
        String torn = "{with: {limits: {a: \"\\ud800\"}}}";
        String endless = "{with: {limits: {a: " + "1".repeat(1001) + "}}}";
        String deep = "{with: {limits: {a: " + "[".repeat(500) + "]".repeat(500) + "}}}";

        assertThat(List.of(torn, endless, deep))
                .allSatisfy(options -> assertThatExceptionOfType(Failure.class)
                        .isThrownBy(() -> stored("durable: true\npipeline: w\nsteps: [notify: " + options + "]"))
                        .withMessageStartingWith("test.yaml:2: it cannot be stored: ")
                        .returns(Failure.Code.INVALID, Failure::code));
    }

    @Test
    void aFunctionOverALibrarysClassIsRefusedWithTheRemedy() {
        RegisteredFunction listen = new RegisteredFunction(
                "listen",
                new FunctionTypes(Thread.class, String.class),
                new ForeignShape(Thread.class, "a thread", object -> new Thread()),
                Shape.of(String.class),
                null,
                null,
                "test",
                none -> Function.identity());
        List<Violation> violations = new ArrayList<>();

        StoredForm.refuseUnstorable(listen, StepDefinition.plain("listen", pointer -> "w.yaml:3", ""), violations);

        assertThat(violations)
                .containsExactly(new Violation(
                        "w.yaml:3",
                        "'listen' takes a thread, and a durable execution's values are stored as JSON; take a record of"
                                + " what you need of it, or Map<String, Object>, or take 'durable: true' away"));
    }

    private Pipeline compose(String yaml) {
        return new Composer(functions).compose(DefinitionReader.yaml("test.yaml", yaml));
    }

    private String stored(String yaml) {
        return String.valueOf(compose(yaml).definition());
    }
}
