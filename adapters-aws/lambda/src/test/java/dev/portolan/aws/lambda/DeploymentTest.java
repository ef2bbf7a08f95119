package dev.portolan.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
                .hasMessageContaining("there is memory, of which 'memory' keeps it nowhere; did you mean 'memory'?");
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
