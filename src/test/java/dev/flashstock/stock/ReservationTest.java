package dev.flashstock.stock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.Samples;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ReservationTest {
    private static final Reservation HELD =
            Samples.held(Samples.request(new Sku("console"), 3), 0, Duration.ofMinutes(10));

    @ParameterizedTest
    @CsvSource({"0, 3", "1, 2", "2, 1"})
    void whatWasSoldComesBack(int before, long units) {
        // When
        Optional<Refusal> refusal = HELD.sold(null).withReturnOf(before).refusesReturnOf(units);

        // Then
        assertThat(refusal).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, 4, 3", "1, 3, 2", "3, 1, 0", "0, 1000000000, 3"})
    void moreDoesNot(int before, long units, long returnable) {
        // When
        Optional<Refusal> refusal = HELD.sold(null).withReturnOf(before).refusesReturnOf(units);

        // Then
        assertThat(refusal).contains(new Refusal.MoreThanSold(HELD.id(), returnable));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CONFIRMED")
    void whatIsNotSoldDoesNotComeBack(Reservation.Status status) {
        // When
        Optional<Refusal> refusal = HELD.as(status).refusesReturnOf(1);

        // Then
        assertThat(refusal).contains(new Refusal.WrongState(HELD.id(), status));
    }

    @Test
    void whatHasComeBackIsKeptInMind() {
        // When
        Reservation returned = HELD.sold("payment-17").withReturnOf(1).withReturnOf(2);

        // Then
        assertThat(returned.returned()).isEqualTo(3);
        assertThat(returned.status()).isEqualTo(Reservation.Status.CONFIRMED);
        assertThat(returned.paymentReference()).isEqualTo("payment-17");
    }
}
