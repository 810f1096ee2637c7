package dev.flashstock.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConcurrencyLimitTest {
    private static final int MOST = 1_000;
    private static final long TARGET = Duration.ofMillis(25).toNanos();
    private static final long BEHIND = TARGET + 1;

    private final ConcurrencyLimit limit = new ConcurrencyLimit(MOST, Duration.ofNanos(TARGET), 0);
    private long now;

    private void enter(int requests) {
        IntStream.range(0, requests)
                .forEach(i -> assertThat(limit.enter(Precedence.DIRECT)).isTrue());
    }

    /** A loop tells this at the end of each of some intervals. */
    private void intervals(int number, long behind) {
        for (int i = 0; i < number; i++) {
            now += ConcurrencyLimit.INTERVAL.toNanos();
            limit.wasBehind(behind, now);
        }
    }

    @Test
    void withoutDelayItIsAsHighAsItMayBe() {
        // When
        intervals(10, TARGET);

        // Then
        assertThat(limit.limit()).isEqualTo(MOST);
    }

    @Test
    void aDelayThatStandsLeavesATenthFewerThanAreUnderWay() {
        // Given
        enter(400);

        // When
        intervals(1, BEHIND);

        // Then
        assertThat(limit.limit()).isEqualTo(360);
        assertThat(limit.enter(Precedence.DIRECT)).isFalse();
    }

    @Test
    void itDoesNotFallBelowTheLeast() {
        // Given
        enter(400);

        // When
        intervals(100, BEHIND);

        // Then
        assertThat(limit.limit()).isEqualTo(ConcurrencyLimit.LEAST);
    }

    @Test
    void whereItMayNotBeAsHighAsTheLeastItDoesNotFall() {
        // Given
        ConcurrencyLimit low = new ConcurrencyLimit(ConcurrencyLimit.LEAST - 1, Duration.ofNanos(TARGET), 0);

        // When
        low.wasBehind(BEHIND, ConcurrencyLimit.INTERVAL.toNanos());

        // Then
        assertThat(low.limit()).isEqualTo(ConcurrencyLimit.LEAST - 1);
    }

    @Test
    void severalLoopsThatTellTheSameCountOnce() {
        // Given
        enter(400);
        intervals(1, BEHIND);

        // When
        limit.wasBehind(BEHIND, now + 1);
        limit.wasBehind(BEHIND, now + 2);

        // Then
        assertThat(limit.limit()).isEqualTo(360);
    }

    @Test
    void oneLoopThatIsBehindIsEnough() {
        // Given
        enter(400);
        limit.wasBehind(BEHIND, 1);

        // When
        intervals(1, 0);

        // Then
        assertThat(limit.limit()).isEqualTo(360);
    }

    @Test
    void withinFiveSecondsOfTheLastDelayItIsAsHighAsBefore() {
        // Given
        enter(400);
        intervals(100, BEHIND);

        // When
        intervals(20, 0);

        // Then
        assertThat(limit.limit()).isEqualTo(MOST);
    }

    @Test
    void whoLeavesMakesRoom() {
        // Given
        enter(MOST);

        // When
        limit.leave();

        // Then
        assertThat(limit.enter(Precedence.DIRECT)).isTrue();
        assertThat(limit.enter(Precedence.DIRECT)).isFalse();
    }

    @Test
    void whatIsGivenUpFirstHasTheFewestPlaces() {
        // When
        enter(MOST * 6 / 10);

        // Then
        assertThat(limit.isFull(Precedence.ANALYTICS)).isTrue();
        assertThat(limit.isFull(Precedence.READ)).isTrue();
        assertThat(limit.oldTotalsWillDo()).isTrue();
        assertThat(limit.isFull(Precedence.BUFFERED)).isFalse();
        assertThat(limit.isFull(Precedence.DIRECT)).isFalse();
    }
}
