package dev.portolan.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.composer.Pipeline;
import dev.portolan.execution.Executions;
import dev.portolan.execution.JsonLines;
import dev.portolan.execution.Observer;
import dev.portolan.failure.Failure;
import dev.portolan.invocation.Headers;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;

final class ObserversTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private Observer named(String names) {
        return Observers.named(names, new PrintStream(bytes, true, StandardCharsets.UTF_8), InstantSource.system());
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "", " ", "none, none"})
    void nobodyIsNobody(String names) {
        assertThat(named(names)).isSameAs(Observer.NONE);
    }

    @Test
    void linesAreOfOurOwnMaking() {
        assertThat(named(" json ")).isInstanceOf(JsonLines.class);
    }

    @Test
    void librariesHaveObserversOfTheirName() {
        assertThat(named("opentelemetry")).isInstanceOf(OpenTelemetryObserver.class);
        assertThat(named("micrometer")).isInstanceOf(MicrometerObserver.class);
    }

    /// As somebody outside of the project would write one.
    public static final class Own implements Observer {

        public Own() {}

        @Override
        public Run begun(Pipeline pipeline, String id, Headers headers, Instant started) {
            return Observer.NONE.begun(pipeline, id, headers, started);
        }
    }

    @Test
    void aClassOfOnesOwnIsNamedInFull() {
        assertThat(named(Own.class.getName())).isInstanceOf(Own.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"java.lang.String", "dev.portolan.execution.Observer", "dev.portolan.execution.JsonLines"})
    void aClassThatIsNoObserverToMakeIsRefused(String name) {
        assertThatThrownBy(() -> named(name))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("PORTOLAN_TELEMETRY: '" + name + "' cannot be used")
                .hasMessageContaining("it has a public constructor without parameters");
    }

    @Test
    void severalHearTheSame() {
        Stage stage = new Stage();

        stage.run(named("json,opentelemetry,micrometer,json"), stage.inMemory("'wrong'"));

        assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
                .hasSize(2)
                .allMatch(line -> line.contains("INVALID"));
    }

    @ParameterizedTest
    @CsvSource({
        "micrometre, did you mean 'micrometer'",
        "Json, did you mean 'json'",
        "prometheus, 'there are json, micrometer, none, opentelemetry, and classes of your own'"
    })
    void anUnknownNameIsRefusedWithTheNearest(String name, String hint) {
        assertThatThrownBy(() -> named(name))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("PORTOLAN_TELEMETRY: no observer '" + name + "'")
                .hasMessageContaining(hint);
    }

    /// What a process says that has none of the libraries, and the classes outside of the JDK that it loads.
    private static List<String> bare(String observed) throws Exception {
        List<String> classPath = new ArrayList<>();
        for (Class<?> type : List.of(Executions.class, Failure.class, Load.class, ObserversTest.class)) {
            classPath.add(Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString());
        }
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xlog:class+load:stdout",
                        "-cp",
                        String.join(File.pathSeparator, classPath),
                        "dev.portolan.execution.Bare",
                        observed)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said.lines()
                .filter(line -> !line.endsWith("shared objects file") && !line.contains("jrt:/"))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "lines"})
    void whatIsNotNamedIsNeitherLoadedNorNeeded(String observed) throws Exception {
        List<String> said = bare(observed);

        assertThat(said).contains("done").anyMatch(line -> line.contains("dev.portolan.execution.Worker"));
        assertThat(said)
                .noneMatch(line -> line.contains("dev.portolan.telemetry"))
                .noneMatch(line -> line.contains("io.opentelemetry"))
                .noneMatch(line -> line.contains("io.micrometer"));
        assertThat(said.stream().filter(line -> line.startsWith("{\"timestamp\"")))
                .hasSize(observed.equals("lines") ? 1 : 0);
        assertThat(said.stream().anyMatch(line -> line.contains("dev.portolan.execution.JsonLines")))
                .isEqualTo(observed.equals("lines"));
    }

    @Test
    void linesNeedNoLibrary() throws Exception {
        assertThat(bare("json"))
                .contains("done")
                .noneMatch(line -> line.contains("OpenTelemetryObserver") || line.contains("MicrometerObserver"));
    }

    @ParameterizedTest
    @CsvSource({
        "opentelemetry, io/opentelemetry/, io.opentelemetry:opentelemetry-api",
        "micrometer, io/micrometer/, io.micrometer:micrometer-core"
    })
    void aLibraryThatIsMissingIsNamedWithTheRemedy(String name, String missing, String remedy) throws Exception {
        assertThat(bare(name))
                .last()
                .asString()
                .startsWith("FAILED_PRECONDITION: PORTOLAN_TELEMETRY: '" + name + "' cannot be used")
                .contains("NoClassDefFoundError (" + missing)
                .endsWith("add " + remedy + " to the class path");
    }
}
