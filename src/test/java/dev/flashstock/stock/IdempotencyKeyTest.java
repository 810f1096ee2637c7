package dev.flashstock.stock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {
    @ParameterizedTest
    @ValueSource(strings = {"!", "~", "\"8e03978e-40d5-43e8-bc93-6894a57f9324\"", "a/b=c,d;e"})
    void visibleAsciiMakesAKey(String value) {
        // When
        IdempotencyKey key = new IdempotencyKey(value);

        // Then
        assertThat(key.value()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a\n", "\u0000", "\u007f", "é", "密"})
    void anythingElseIsRefused(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> new IdempotencyKey(value));
    }

    @Test
    void twoHundredAndFiftyFiveCharactersAreTheMost() {
        // When
        IdempotencyKey longest = new IdempotencyKey("k".repeat(255));

        // Then
        assertThat(longest.value()).hasSize(IdempotencyKey.MAX_LENGTH);
        assertThatIllegalArgumentException().isThrownBy(() -> new IdempotencyKey("k".repeat(256)));
    }
}
