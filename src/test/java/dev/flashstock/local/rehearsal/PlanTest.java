package dev.flashstock.local.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanTest {
    @Test
    void allRequestsArriveInOrderWithinTheTime() {
        // When
        long[] arrivals = plan(Plan.MAX_REQUESTS, 1).arrivals();

        // Then
        assertThat(arrivals).hasSize(Plan.MAX_REQUESTS).isSorted();
        assertThat(arrivals[0]).isNotNegative();
        assertThat(arrivals[arrivals.length - 1])
                .isLessThan(Duration.ofSeconds(10).toNanos());
    }

    @Test
    void theSeedDecides() {
        // When
        long[] arrivals = plan(100, 1).arrivals();

        // Then
        assertThat(plan(100, 1).arrivals()).isEqualTo(arrivals);
        assertThat(plan(100, 2).arrivals()).isNotEqualTo(arrivals);
    }

    /** Exponential gaps deviate by as much as they are long, and two thirds (1 - 1/e) are shorter than their mean. */
    @Test
    void theGapsAreThoseOfAPoissonProcess() {
        // When
        long[] arrivals = plan(50_000, 1).arrivals();

        // Then
        long[] gaps = IntStream.range(1, arrivals.length)
                .mapToLong(request -> arrivals[request] - arrivals[request - 1])
                .toArray();
        double mean = Arrays.stream(gaps).average().orElseThrow();
        double variance = Arrays.stream(gaps)
                .mapToDouble(gap -> (gap - mean) * (gap - mean))
                .average()
                .orElseThrow();
        double shorter = (double) Arrays.stream(gaps).filter(gap -> gap < mean).count() / gaps.length;
        assertThat(mean).isCloseTo(200_000, within(1_000.0));
        assertThat(Math.sqrt(variance) / mean).isCloseTo(1, within(0.02));
        assertThat(shorter).isCloseTo(1 - 1 / Math.E, within(0.01));
    }

    @ParameterizedTest
    @CsvSource({
        "0, PT1S, PT0S, requests",
        "100001, PT1S, PT0S, requests",
        "1, PT0S, PT0S, over",
        "1, PT-1S, PT0S, over",
        "1, PT10M0.001S, PT0S, over",
        "1, PT1S, PT-1S, drain",
        "1, PT1S, PT10M0.001S, drain"
    })
    void whatIsOutOfBoundsIsNamed(int requests, Duration over, Duration drain, String named) {
        assertThatThrownBy(() -> new Plan(requests, over, drain, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(named);
    }

    private static Plan plan(int requests, long seed) {
        return new Plan(requests, Duration.ofSeconds(10), Duration.ZERO, seed);
    }
}
