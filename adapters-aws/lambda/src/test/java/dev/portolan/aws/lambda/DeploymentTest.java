package dev.portolan.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.composer.Event;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.StepListener;
import dev.portolan.invocation.Headers;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeploymentTest {

    /// The project's own `config/`.
    private static final String ROOT = "../..";

    @Test
    void theEnvironmentNamesThePipeline() {
        Deployment deployment = Deployment.of(
                Map.of("PORTOLAN_STORE", "memory", "PORTOLAN_PIPELINE", "welcome", "LAMBDA_TASK_ROOT", ROOT));

        assertThat(deployment.pipeline().steps()).hasSize(3);
    }

    @Test
    void memoryMustBeAskedFor() {
        assertThatThrownBy(() -> Deployment.of(Map.of("LAMBDA_TASK_ROOT", ROOT)))
                .hasMessageContaining("PORTOLAN_STORE must name");
    }

    /// A package that does not bring the library is the usual one.
    @ParameterizedTest
    @CsvSource({"opentelemetry, cannot be used", "micrometer, cannot be used", "jsn, did you mean 'json'?"})
    void whoCannotHearOfExecutionsIsRefusedAtTheStart(String name, String reason) {
        assertThatThrownBy(() -> Deployment.of(
                        Map.of("PORTOLAN_STORE", "memory", "PORTOLAN_TELEMETRY", name, "LAMBDA_TASK_ROOT", ROOT)))
                .hasMessageContaining("PORTOLAN_TELEMETRY: ")
                .hasMessageContaining(reason);
    }

    @Test
    void anUnknownStoreIsRefusedWithTheNearestName() {
        assertThatThrownBy(() -> Deployment.of(Map.of("PORTOLAN_STORE", "memry", "LAMBDA_TASK_ROOT", ROOT)))
                .hasMessageContaining("PORTOLAN_STORE: no driver 'memry' (there is dynamodb, memory, ")
                .hasMessageContaining("others come with their jars); did you mean 'memory'?");
    }

    @Test
    void mailThatNobodyWouldSendIsRefusedAtTheStart() {
        assertThatThrownBy(() -> Deployment.of(Map.of(
                        "PORTOLAN_STORE",
                        "memory",
                        "PORTOLAN_NOTIFIER",
                        "sess:ada@example.com",
                        "PORTOLAN_PIPELINE",
                        "welcome",
                        "LAMBDA_TASK_ROOT",
                        ROOT)))
                .hasMessageContaining("PORTOLAN_NOTIFIER: no driver 'sess'");
    }

    @Test
    void theSweepIsAFunctionThatASchedulesCalls() {
        Deployment deployment = Deployment.of(
                Map.of("PORTOLAN_STORE", "memory", "PORTOLAN_PIPELINE", "sweep", "LAMBDA_TASK_ROOT", ROOT));

        Event event = Event.of(deployment.pipeline(), ":schedule", Map.of(), Headers.NONE);

        assertThat(deployment.executions().run(deployment.pipeline(), event, null, StepListener.NONE))
                .isInstanceOfSatisfying(
                        Outcome.Completed.class,
                        completed -> assertThat(completed.value()).isEqualTo(Map.of("rested", 0, "left", 0)));
    }

    @Test
    void anUnknownPipelineIsRefusedAtTheStartWithTheNearestName() {
        assertThatThrownBy(() -> Deployment.of(
                        Map.of("PORTOLAN_STORE", "memory", "PORTOLAN_PIPELINE", "welcom", "LAMBDA_TASK_ROOT", ROOT)))
                .hasMessageContaining("did you mean 'welcome'?");
    }

    @Test
    void anUnknownFunctionIsRefusedAtTheStartWithTheNearestName() {
        assertThatThrownBy(() -> Deployment.of(Map.of(
                        "PORTOLAN_STORE", "memory", "PORTOLAN_PIPELINE", "validate|notfy", "LAMBDA_TASK_ROOT", ROOT)))
                .hasMessageContaining("unknown function 'notfy'; did you mean 'notify'?");
    }

    @Test
    void theEnvironmentNamesConfigurationsOfTheUsers() {
        Deployment deployment = Deployment.of(Map.of(
                "PORTOLAN_STORE",
                "memory",
                "PORTOLAN_CONFIGURATION",
                " " + UserConfiguration.class.getName() + " ",
                "PORTOLAN_PIPELINE",
                "total",
                "LAMBDA_TASK_ROOT",
                ROOT));

        assertThat(deployment.pipeline().steps())
                .singleElement()
                .satisfies(step -> assertThat(step.name()).isEqualTo("total"));
    }

    @Test
    void aConfigurationThatIsNotThereIsRefusedAtTheStart() {
        assertThatThrownBy(() -> Deployment.of(
                        Map.of("PORTOLAN_STORE", "memory", "PORTOLAN_CONFIGURATION", "a.B", "LAMBDA_TASK_ROOT", ROOT)))
                .hasMessageContaining("no class a.B");
    }
}
