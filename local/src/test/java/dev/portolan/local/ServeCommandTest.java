package dev.portolan.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServeCommandTest {

    @ParameterizedTest
    @ValueSource(strings = {"0s", "soon", "10", "PT-1S"})
    void anIntervalThatIsNoneIsWrongUsage(String interval) {
        CommandLineRun run = CommandLineRun.of("serve", "--sweep-interval=" + interval);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("--sweep-interval is a time such as 500ms, 10s or 1m, not '" + interval + "'");
    }
}
