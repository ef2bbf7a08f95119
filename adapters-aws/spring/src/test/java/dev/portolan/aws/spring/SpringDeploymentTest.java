package dev.portolan.aws.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cloud.function.context.FunctionCatalog;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;

/// The composition root under Boot, over the project's own `config/`.
class SpringDeploymentTest {

    private static ConfigurableApplicationContext start(String... arguments) {
        String[] all = Stream.concat(Stream.of("--spring.main.web-application-type=none"), Stream.of(arguments))
                .toArray(String[]::new);
        return new SpringApplicationBuilder(SpringDeployment.class).run(all);
    }

    @Test
    @SuppressWarnings("unchecked")
    void thePipelineThatIsNamedIsABeanOverTextWithItsStepSettings(@TempDir Path root) throws IOException {
        Path pipelines = Files.createDirectories(root.resolve("config/pipelines"));
        Files.writeString(pipelines.resolve("known.yaml"), "pipeline: known\nsteps:\n  - validate\n  - enrich\n");
        Files.writeString(
                pipelines.resolve("anybody.yaml"),
                "pipeline: anybody\nsteps:\n  - validate\n  - enrich: {with: {unknown-profile: pass}}\n");
        String input = "{\"email\": \"Ada@example.com\", \"order\": 9007199254740993}";

        try (ConfigurableApplicationContext context =
                start("--LAMBDA_TASK_ROOT=" + root, "--spring.cloud.function.definition=anybody")) {
            Function<String, String> anybody = (Function<String, String>) context.getBean("anybody");
            assertThat(anybody.apply(input)).isEqualTo("{\"email\":\"ada@example.com\",\"order\":9007199254740993}");
            assertThatThrownBy(() -> anybody.apply("{\"email\": \"nobody\"}"))
                    .hasMessageContaining("not an e-mail address");
            assertThatThrownBy(() -> anybody.apply("{")).hasMessageContaining("not JSON");
        }
        try (ConfigurableApplicationContext context =
                start("--LAMBDA_TASK_ROOT=" + root, "--spring.cloud.function.definition=known")) {
            Function<String, String> known = (Function<String, String>) context.getBean("known");
            assertThatThrownBy(() -> known.apply(input)).hasMessageContaining("no profile is stored");
        }
    }

    @Test
    void functionsComposeInTheCatalogBesideTheUsersBeans() {
        try (ConfigurableApplicationContext context = start()) {
            Function<Message<byte[]>, Message<byte[]>> chain =
                    context.getBean(FunctionCatalog.class).lookup("validate|object", "application/json");
            Message<byte[]> answer = chain.apply(
                    MessageBuilder.withPayload("{\"email\": \"ada@example.com\"}".getBytes(StandardCharsets.UTF_8))
                            .build());

            assertThat(new String(answer.getPayload(), StandardCharsets.UTF_8)).isEqualTo("{\"done\":true}");
        }
    }

    @Test
    void memoryMustBeAskedFor() {
        assertThatThrownBy(() -> start("--PORTOLAN_STORE=")).hasStackTraceContaining("PORTOLAN_STORE must name");
    }

    @Test
    void aPipelineThatIsNotNamedIsNotComposed() {
        try (ConfigurableApplicationContext context = start()) {
            assertThat(List.of(context.getBeanDefinitionNames()))
                    .contains("validate")
                    .doesNotContain("welcome");
        }
    }
}
