package {package};

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.portolan.failure.Failure;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class {Class}Test {

    private final {Class} function = new {Class}(new {Class}.Config(Optional.of("Ahoy")));

    @Test
    void addsAGreetingAndKeepsTheRest() {
        assertEquals(
                Map.of("name", "Ada", "port", "Genoa", "greeting", "Ahoy Ada"),
                function.apply(Map.of("name", "Ada", "port", "Genoa")));
    }

    @Test
    void refusesAnInputWithoutAName() {
        Failure failure = assertThrows(Failure.class, () -> function.apply(Map.of()));

        assertEquals(Failure.Code.INVALID, failure.code());
    }
}
