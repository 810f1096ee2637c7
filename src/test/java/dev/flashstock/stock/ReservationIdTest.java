package dev.flashstock.stock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReservationIdTest {
    private static final String DIGEST = "AbCdEfGhIjKlMn-_";

    @Test
    void theSameSkuAndKeyGiveTheSameId() {
        // When
        ReservationId first = ReservationId.of(new Sku("console"), new IdempotencyKey("k1"));
        ReservationId again = ReservationId.of(new Sku("console"), new IdempotencyKey("k1"));

        // Then
        assertThat(again).isEqualTo(first);
    }

    @Test
    void whereTheSkuEndsAndTheKeyBeginsMatters() {
        // When
        String one = ReservationId.digest(new Sku("ab"), new IdempotencyKey("c"));
        String other = ReservationId.digest(new Sku("a"), new IdempotencyKey("bc"));

        // Then
        assertThat(one).isNotEqualTo(other);
    }

    @Test
    void everyWayToCutATextIntoSkuAndKeyGivesADigestOfItsOwn() {
        // Given
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Set<String> digests = new HashSet<>();
        int cuts = 0;

        // When
        for (int text = 0; text < 200; text++) {
            StringBuilder letters = new StringBuilder();
            for (int i = 0; i < 40; i++) {
                letters.append("ab.:-0".charAt(random.nextInt(i == 0 ? 2 : 6)));
            }
            for (int cut = 1; cut < 40; cut++, cuts++) {
                digests.add(ReservationId.digest(
                        new Sku(letters.substring(0, cut)), new IdempotencyKey(letters.substring(cut))));
            }
        }

        // Then
        assertThat(digests).as("seed %d", seed).hasSize(cuts);
    }

    @ParameterizedTest
    @ValueSource(strings = {"console", "a.b.c", "a..", "a.AbCdEfGhIjKlMn-_", "0~:_-."})
    void theSkuComesBackOutOfTheIdEvenWithDots(String value) {
        // Given
        ReservationId id = ReservationId.of(new Sku(value), new IdempotencyKey("k"));

        // When
        Sku sku = id.sku();

        // Then
        assertThat(sku).isEqualTo(new Sku(value));
    }

    @Test
    void anIdOfTheLongestSkuIsAnId() {
        // Given
        Sku longest = new Sku("s".repeat(Sku.MAX_LENGTH));

        // When
        ReservationId id = ReservationId.of(longest, new IdempotencyKey("k".repeat(IdempotencyKey.MAX_LENGTH)));

        // Then
        assertThat(new ReservationId(id.value()).sku()).isEqualTo(longest);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "." + DIGEST,
                "console",
                "console.",
                "console." + DIGEST + "x",
                "console.short",
                "con sole." + DIGEST,
                "console." + "AbCdEfGhIjKlMn+/",
                "console." + DIGEST + "\n"
            })
    void whatIsNotAnIdIsRefused(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> new ReservationId(value));
    }
}
