package dev.flashstock.stock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.flashstock.Samples;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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

    // Returns

    private static final Reservation SOLD =
            Samples.held(Samples.request(SKU, 3), 0, Duration.ofMinutes(10)).sold(null);

    @Test
    void aReturnInAnotherReservationAsksSomethingElse() {
        // Given
        Adjustment first = Samples.returnOf(SOLD, 1);
        Reservation other = Samples.held(Samples.request(SKU, 3), 0, Duration.ofMinutes(10));

        // When
        Adjustment same = in(first, SOLD.key());
        Adjustment another = in(first, other.key());

        // Then
        assertThat(same.asksTheSameAs(first)).isTrue();
        assertThat(another.asksTheSameAs(first)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void aReturnAndNothingElseNamesAReservation(Adjustment.Reason reason) {
        boolean isReturn = reason == Adjustment.Reason.RETURN;
        assertThatCode(() -> adjustment(SKU, 1, reason, isReturn ? SOLD.key() : null))
                .doesNotThrowAnyException();
        assertThatIllegalArgumentException().isThrownBy(() -> adjustment(SKU, 1, reason, isReturn ? null : SOLD.key()));
    }

    @Test
    void aReturnBringsUnitsInAndOfWhatWasReserved() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> adjustment(SKU, -1, Adjustment.Reason.RETURN, SOLD.key()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> adjustment(new Sku("other"), 1, Adjustment.Reason.RETURN, SOLD.key()));
    }

    private static Adjustment in(Adjustment it, Reservation.Key reservation) {
        return new Adjustment(
                it.id(), it.sku(), it.delta(), it.reason(), it.adjustedAt(), it.adjustedBy(), reservation);
    }

    private static Adjustment adjustment(
            Sku sku, long delta, Adjustment.Reason reason, Reservation.@Nullable Key reservation) {
        return new Adjustment("id", sku, delta, reason, Samples.NOW, Samples.ADMIN, reservation);
    }
}
