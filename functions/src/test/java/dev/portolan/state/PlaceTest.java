package dev.portolan.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.failure.Failure;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PlaceTest {

    @Test
    void aTokenGivesItsPlaceBack() {
        for (Place place :
                List.of(new Place(0, ""), new Place(-5, " a b "), new Place(Long.MAX_VALUE, "\0\u00e9\ud83d\ude00"))) {
            assertThat(Place.of(place.token())).isEqualTo(place);
        }
    }

    @Test
    void aTokenNeedsNoEscapeInAUrl() {
        assertThat(new Place(1, "?>\u00ff\u00fe~~~").token()).matches("[A-Za-z0-9_-]+");
    }

    @Test
    void noTokenIsNoPlace() {
        assertThat(Place.of(null)).isNull();
    }

    @Test
    void whatIsNoTokenIsRefused() {
        for (String token : List.of("", "*", "MTIz", "IGE", "eCBh", "\u00e9")) {
            assertThatThrownBy(() -> Place.of(token))
                    .as(token)
                    .isInstanceOfSatisfying(
                            Failure.class, failure -> assertThat(failure.code()).isEqualTo(Failure.Code.INVALID));
        }
    }
}
