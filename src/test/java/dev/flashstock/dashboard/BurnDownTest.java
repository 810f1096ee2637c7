package dev.flashstock.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class BurnDownTest {
    private static final Instant BEGIN = Instant.parse("2026-11-27T12:00:00Z");

    private final BurnDown burnDown = new BurnDown();

    /** So many are left, second by second. */
    private void seconds(long... available) {
        for (int second = 0; second < available.length; second++) {
            burnDown.add(BEGIN.plusSeconds(second), available[second]);
        }
    }

    @Test
    void unitsThatGoSteadilyAreGoneWhenTheyAreDividedByTheirSpeed() {
        // When
        seconds(100, 90, 80, 70);

        // Then
        assertThat(burnDown.perSecond()).isEqualTo(10);
        assertThat(burnDown.secondsLeft()).isEqualTo(7);
    }

    @Test
    void ofOneNumberNothingIsKnown() {
        // When
        seconds(100);

        // Then
        assertThat(burnDown.perSecond()).isZero();
        assertThat(burnDown.secondsLeft()).isNull();
    }

    @Test
    void whatDoesNotGoIsNotSoldOut() {
        // When
        seconds(100, 100, 100);

        // Then
        assertThat(burnDown.secondsLeft()).isNull();
    }

    @Test
    void aDeliverySaysNothingOfHowFastTheyGo() {
        // When
        seconds(20, 10, 510, 500);

        // Then
        assertThat(burnDown.perSecond()).isCloseTo(20 / 3.0, within(0.001));
    }

    @Test
    void whatWasLongAgoDoesNotCount() {
        // When
        seconds(1_000, 500, 500, 500, 500, 500, 500, 500, 500, 500, 500, 500, 500);

        // Then
        assertThat(burnDown.perSecond()).isZero();
    }

    @Test
    void whatIsSoldOutHasNoTimeLeft() {
        // When
        seconds(10, 0);

        // Then
        assertThat(burnDown.perSecond()).isEqualTo(10);
        assertThat(burnDown.secondsLeft()).isNull();
    }
}
