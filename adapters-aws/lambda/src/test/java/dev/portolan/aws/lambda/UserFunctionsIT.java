package dev.portolan.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// A user's functions, some of which do what functions should not, deployed in the package.
@Execution(ExecutionMode.CONCURRENT)
@EnabledOnOs(value = OS.LINUX, disabledReason = "the runtime client's native part is built for Linux")
class UserFunctionsIT {

    private static final String PAYLOAD = "{\"secret\":\"hunter2\"}";
    private static final String HTTP = """
            {"version": "2.0", "rawPath": "/", "rawQueryString": "", "headers": {"content-type": "application/json"},
             "requestContext": {"http": {"method": "POST"}}, "body": "{}", "isBase64Encoded": false}
            """;

    @TempDir
    private Path folder;

    /// The runtime says it in a property where it runs one invocation at a time.
    @Test
    void theRuntimesOwnWordOfTheTraceReachesTheFunction() throws Exception {
        try (FunctionProcess function = started("trace")) {
            RuntimeApi.Answer answer = function.invoke(PAYLOAD);

            assertThat(answer.body()).isEqualTo("[\"" + RuntimeApi.TRACE + "\"]");
        }
    }

    @Test
    void anExceptionShowsNeitherItsTraceNorThePayload() throws Exception {
        try (FunctionProcess function = started("explode")) {
            RuntimeApi.Answer answer = function.invoke(PAYLOAD);

            assertThat(answer.kind()).isEqualTo("error");
            assertThat(answer.body())
                    .contains("UNKNOWN: see the function's log")
                    .doesNotContain("hunter2", ".java");
            assertThat(answer.cause()).doesNotContain("hunter2");
            assertThat(function.log()).contains("IllegalStateException").doesNotContain("hunter2");
        }
    }

    @Test
    void anExceptionIsAnHttpProblemWithoutDetail() throws Exception {
        try (FunctionProcess function = started("explode")) {
            RuntimeApi.Answer answer = function.invoke(HTTP);

            assertThat(answer.kind()).isEqualTo("response");
            assertThat(answer.body()).contains("\"statusCode\":500").doesNotContain("IllegalState", ".java");
        }
    }

    @Test
    void aStepThatTakesTooLongEndsWithATimeoutBeforeTheDeadline() throws Exception {
        try (FunctionProcess function = started("sleep")) {
            // What reports a failure is loaded by the first one, which a busy machine may need the margin for.
            function.invoke("[]");
            RuntimeApi.Answer answer = function.invoke(PAYLOAD, Duration.ofSeconds(2));

            assertThat(answer.kind()).as(answer.body()).isEqualTo("error");
            assertThat(answer.body()).contains("TIMEOUT");
        }
    }

    @Test
    void aResultThatIsTooLargeIsAnErrorThatSaysSoAndTheFunctionLivesOn() throws Exception {
        try (FunctionProcess function = started("swell")) {
            RuntimeApi.Answer answer = function.invoke(PAYLOAD);
            RuntimeApi.Answer next = function.invoke(PAYLOAD);

            assertThat(answer.kind()).isEqualTo("error");
            assertThat(answer.body()).contains("6291556");
            assertThat(next).isEqualTo(answer);
        }
    }

    @Test
    void aResultThatIsTooLargeIsAnHttpProblem() throws Exception {
        try (FunctionProcess function = started("swell")) {
            RuntimeApi.Answer answer = function.invoke(HTTP);

            assertThat(answer.kind()).isEqualTo("response");
            assertThat(answer.body()).contains("application/problem+json").contains("6291556");
        }
    }

    private FunctionProcess started(String pipeline) throws IOException {
        SamTemplate.Function function = UserFunctions.addedTo(
                        SamTemplate.function("Validate"), folder.resolve("package"))
                .with(Map.of("PORTOLAN_STORE", "memory", "PORTOLAN_PIPELINE", pipeline));
        return FunctionProcess.onDemand(function, folder.resolve("log"));
    }
}
