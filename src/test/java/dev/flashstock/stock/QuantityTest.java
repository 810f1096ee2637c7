package dev.flashstock.stock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 99, 100})
    void oneToAHundredUnitsMakeAQuantity(int units) {
        // When
        Quantity quantity = new Quantity(units);

        // Then
        assertThat(quantity.units()).isEqualTo(units);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 101, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void otherNumbersAreRefused(int units) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Quantity(units));
    }
}
