package dev.portolan.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Starts of a function that fail, and starts from a snapshot.
@Execution(ExecutionMode.CONCURRENT)
@EnabledOnOs(value = OS.LINUX, disabledReason = "the runtime client's native part is built for Linux")
class StartIT {

    private static final SamTemplate.Function VALIDATE = SamTemplate.function("Validate");
    private static final String CUSTOMER = "{\"email\":\"Ada@example.com\"}";

    @TempDir
    private Path folder;

    @Test
    void aDeploymentWithoutAStoreIsAnErrorOfTheStart() throws Exception {
        assertRefused(Map.of("PORTOLAN_PIPELINE", "welcome"), "PORTOLAN_STORE must name where state is kept");
    }

    @Test
    void anUnknownPipelineIsAnErrorOfTheStartThatNamesTheNearest() throws Exception {
        assertRefused(Map.of("PORTOLAN_STORE", "memory", "PORTOLAN_PIPELINE", "welcom"), "did you mean 'welcome'?");
    }

    private void assertRefused(Map<String, String> environment, String words) throws Exception {
        try (FunctionProcess function = FunctionProcess.onDemand(VALIDATE.with(environment), folder.resolve("log"))) {
            RuntimeApi.Answer answer = function.answer();

            assertThat(answer.kind()).as(answer.body()).isEqualTo("init");
            assertThat(answer.body()).contains(words);
            assertThat(function.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void afterASnapshotInvocationsAreAnswered() throws Exception {
        try (FunctionProcess function = FunctionProcess.snapStart(VALIDATE, folder.resolve("log"))) {
            assertThat(function.answer().kind()).isEqualTo("checkpoint");

            function.api().restore();
            RuntimeApi.Answer answer = function.invoke(CUSTOMER);

            assertThat(answer.kind()).as(answer.body()).isEqualTo("response");
            assertThat(answer.body()).isEqualTo("{\"email\":\"ada@example.com\"}");
        }
    }

    @Test
    void beforeASnapshotTheCodeOfOtherEventsIsLoaded() throws Exception {
        SamTemplate.Function verbose = VALIDATE.with(Map.of(
                "PORTOLAN_STORE", "memory", "PORTOLAN_PIPELINE", "validate", "JAVA_TOOL_OPTIONS", "-Xlog:class+load"));
        try (FunctionProcess function = FunctionProcess.snapStart(verbose, folder.resolve("log"))) {
            assertThat(function.answer().kind()).isEqualTo("checkpoint");

            assertThat(function.log()).contains("portolan.aws.lambda.HttpEvents ", "portolan.aws.lambda.Work ");
        }
    }

    @Test
    void aDurablePipelinesCodeIsLoadedBeforeItsFirstInvocation() throws Exception {
        SamTemplate.Function verbose = VALIDATE.with(Map.of(
                "PORTOLAN_STORE", "memory", "PORTOLAN_PIPELINE", "welcome", "JAVA_TOOL_OPTIONS", "-Xlog:class+load"));
        try (FunctionProcess function = FunctionProcess.snapStart(verbose, folder.resolve("log"))) {
            assertThat(function.answer().kind()).isEqualTo("checkpoint");

            assertThat(function.log()).contains("portolan.execution.Worker ", "portolan.execution.ExecutionRecord ");
        }
    }

    @Test
    void aHookThatFailsBeforeTheSnapshotIsAnErrorOfTheStart() throws Exception {
        try (FunctionProcess function = FunctionProcess.snapStart(failing("checkpoint"), folder.resolve("log"))) {
            RuntimeApi.Answer answer = function.answer();

            assertThat(answer.kind()).as(answer.body()).isEqualTo("init");
            assertThat(function.exitCode()).isEqualTo(64);
        }
    }

    @Test
    void aHookThatFailsAfterTheSnapshotIsAnErrorOfTheRestore() throws Exception {
        try (FunctionProcess function = FunctionProcess.snapStart(failing("restore"), folder.resolve("log"))) {
            assertThat(function.answer().kind()).isEqualTo("checkpoint");

            function.api().restore();

            assertThat(function.answer().kind()).isEqualTo("restore");
            assertThat(function.exitCode()).isEqualTo(64);
        }
    }

    private SamTemplate.Function failing(String hook) {
        return UserFunctions.addedTo(VALIDATE, folder.resolve("package"))
                .with(Map.of(
                        "PORTOLAN_STORE", "memory", "PORTOLAN_PIPELINE", "validate", UserFunctions.FAILING_HOOK, hook));
    }
}
