package dev.flashstock.stock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SkuTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "7", "game-console", "A.b_c~d:e-f", "0.0"})
    void lettersDigitsAndSomePunctuationMakeASku(String value) {
        // When
        Sku sku = new Sku(value);

        // Then
        assertThat(sku.value()).isEqualTo(value);
        assertThat(sku).hasToString(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", ".a", "-a", "_a", "~a", ":a", "a b", "a/b", "a#b", "a\n", "\na", "a\u0000", "ä", "a\u200b"
            })
    void anythingElseIsRefused(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Sku(value)).withMessageContaining("64");
    }

    @Test
    void sixtyFourCharactersAreTheMost() {
        // When
        Sku longest = new Sku("a".repeat(64));

        // Then
        assertThat(longest.value()).hasSize(Sku.MAX_LENGTH);
        assertThatIllegalArgumentException().isThrownBy(() -> new Sku("a".repeat(65)));
    }

    @Test
    void skusAreOrderedAsTheirValues() {
        // When
        int order = new Sku("B").compareTo(new Sku("a"));

        // Then
        assertThat(order).isNegative();
    }
}
