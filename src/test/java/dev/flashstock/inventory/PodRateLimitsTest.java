package dev.flashstock.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flashstock.inventory.RateLimits.Bucket;
import dev.flashstock.inventory.RateLimits.RateLimit;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodRateLimitsTest extends RateLimitsContract {
    private static final Bucket ALICE = new Bucket("alice", new RateLimit(2, Duration.ofMillis(250)));

    @Override
    protected RateLimits limits() {
        return new PodRateLimits(System::nanoTime);
    }

    @Test
    void tokensComeBackOneAfterTheOther() {
        // Given
        AtomicLong now = new AtomicLong();
        RateLimits limits = new PodRateLimits(now::get);
        take(limits);
        take(limits);

        // When
        now.addAndGet(Duration.ofMillis(100).toNanos());

        // Then
        assertThat(take(limits)).isEqualTo(Duration.ofMillis(150));
        now.addAndGet(Duration.ofMillis(150).toNanos());
        assertThat(take(limits)).isZero();
        assertThat(take(limits)).isEqualTo(Duration.ofMillis(250));
    }

    private static Duration take(RateLimits limits) {
        return limits.take(List.of(ALICE)).await().indefinitely();
    }

    @ParameterizedTest
    @CsvSource({"0, PT1S", "-1, PT1S", "1000001, PT1S", "1, PT0S", "1, PT0.0009S", "1, PT1H0.001S", "1, PT-1S"})
    void aLimitHasBounds(int burst, Duration every) {
        // When, then
        assertThatThrownBy(() -> new RateLimit(burst, every)).isInstanceOf(IllegalArgumentException.class);
    }
}
