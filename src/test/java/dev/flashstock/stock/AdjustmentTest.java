package dev.flashstock.stock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.flashstock.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdjustmentTest {
    private static final Sku SKU = new Sku("console");

    @ParameterizedTest
    @ValueSource(longs = {1, -1, Adjustment.MAX_UNITS, -Adjustment.MAX_UNITS})
    void aDeltaInBoundsIsAccepted(long delta) {
        // When
        Adjustment adjustment = Samples.adjustment(SKU, delta);

        // Then
        assertThat(adjustment.delta()).isEqualTo(delta);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Adjustment.MAX_UNITS + 1, -Adjustment.MAX_UNITS - 1, Long.MAX_VALUE, Long.MIN_VALUE})
    void aDeltaOutOfBoundsIsRefused(long delta) {
        assertThatIllegalArgumentException().isThrownBy(() -> Samples.adjustment(SKU, delta));
    }

    @Test
    void aRetryAsksTheSameWhoeverSendsItWhenever() {
        // Given
        Adjustment first = Samples.adjustment(SKU, 7);
        Adjustment retry = new Adjustment(
                first.id(), SKU, 7, first.reason(), first.adjustedAt().plusSeconds(9), new UserId("other"));

        // When
        boolean same = retry.asksTheSameAs(first);

        // Then
        assertThat(same).isTrue();
    }

    @Test
    void anotherDeltaOrReasonAsksSomethingElse() {
        // Given
        Adjustment first = Samples.adjustment(SKU, 7);

        // When
        Adjustment otherDelta =
                new Adjustment(first.id(), SKU, 8, first.reason(), first.adjustedAt(), first.adjustedBy());
        Adjustment otherReason = new Adjustment(
                first.id(), SKU, 7, Adjustment.Reason.CORRECTION, first.adjustedAt(), first.adjustedBy());

        // Then
        assertThat(otherDelta.asksTheSameAs(first)).isFalse();
        assertThat(otherReason.asksTheSameAs(first)).isFalse();
    }
}
