package dev.flashstock.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlacesTest {
    private final Places<String> places = new Places<>();

    @Test
    void thereAreSoManyOfAKind() {
        // Given
        places.take("console", 2);

        // When
        boolean second = places.take("console", 2);
        boolean third = places.take("console", 2);

        // Then
        assertThat(second).isTrue();
        assertThat(third).isFalse();
        assertThat(places.take("phone", 2)).isTrue();
    }

    @Test
    void oneThatIsLeftIsTakenAgain() {
        // Given
        places.take("console", 1);
        places.take("console", 1);

        // When
        places.leave("console");

        // Then
        assertThat(places.take("console", 1)).isTrue();
    }

    @Test
    void nothingIsKeptOfAKindOfWhichThereIsNone() {
        // Given
        IntStream.range(0, 100).forEach(i -> places.take("sku-" + i, 0));
        places.take("console", 1);

        // When
        places.leave("console");

        // Then
        assertThat(places.kinds()).isZero();
    }
}
