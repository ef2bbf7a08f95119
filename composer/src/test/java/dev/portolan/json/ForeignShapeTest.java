package dev.portolan.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ForeignShapeTest {

    private final Shape thread = new ForeignShape(Thread.class, "a thread", object -> new Thread("of " + object));

    record Order(String sku) {}

    @Test
    void itsLibraryMakesItFromAnObject() {
        assertThat(thread.from(Map.of("a", 1)))
                .isInstanceOfSatisfying(
                        Thread.class, made -> assertThat(made.getName()).isEqualTo("of {a=1}"));
    }

    @Test
    void whatAlreadyIsOneStaysAsItIs() {
        Thread given = new Thread();

        assertThat(thread.from(given)).isSameAs(given);
    }

    @Test
    void anythingButAnObjectIsAViolation() {
        assertThatThrownBy(() -> thread.from("text")).hasMessage("must be a thread");
        assertThatThrownBy(() -> thread.from(null)).hasMessage("must not be null");
    }

    @Test
    void onlyWhatMayBeAnObjectOfAnyNamesCanBecomeOne() {
        assertThat(thread.refusal(Shape.of(Object.class))).isEmpty();
        assertThat(thread.refusal(Shape.of(Map.class))).isEmpty();
        assertThat(thread.refusal(Shape.of(Order.class))).contains("an object is given, and it takes a thread");
        assertThat(thread.refusal(Shape.of(String.class))).contains("a string is given, and it takes a thread");
    }

    @Test
    void aClassThatNobodyKnowsHasNoShape() {
        assertThatThrownBy(() -> Shape.ofInput(ForeignShapeTest.class)).hasMessageContaining("has no JSON shape");
        assertThatThrownBy(() -> Shape.ofInput(Thread.class)).hasMessageContaining("has no JSON shape");
    }
}
