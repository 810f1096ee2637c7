package dev.flashstock.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class MetersTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Meters meters = new Meters(metrics, 0);

    private void count(String source, int times) {
        metrics.counter("reads", "source", source).increment(times);
    }

    @Test
    void countersAreRatesFromOneReadingToTheNext() {
        // Given
        count("pod", 5);
        meters.begin(SECOND);
        meters.perSecond("reads", "source");

        // When
        count("pod", 8);
        count("redis", 2);
        meters.begin(3 * SECOND);

        // Then
        assertThat(meters.perSecond("reads", "source")).containsOnly(Map.entry("pod", 4.0), Map.entry("redis", 1.0));
    }

    @Test
    void whatWasCountedWhileNobodyReadIsNoRate() {
        // Given
        meters.begin(SECOND);
        meters.perSecond("reads", "source");
        count("pod", 5);

        // When
        meters.begin(600 * SECOND);

        // Then
        assertThat(meters.perSecond("reads", "source")).isEmpty();
    }

    @Test
    void whatWasCountedBeforeTheFirstReadingIsNoRate() {
        // Given
        count("pod", 5);

        // When
        meters.begin(SECOND);

        // Then
        assertThat(meters.perSecond("reads", "source")).isEmpty();
    }

    @Test
    void aTimersMeanIsOfWhatItTimedSince() {
        // Given
        Timer timer = metrics.timer("wait");
        timer.record(Duration.ofSeconds(60));
        meters.begin(SECOND);
        meters.mean("wait");

        // When
        timer.record(Duration.ofSeconds(1));
        timer.record(Duration.ofSeconds(3));
        meters.begin(2 * SECOND);

        // Then
        assertThat(meters.mean("wait")).isEqualTo(2);
    }

    @Test
    void whatHasTimedNothingHasNoMean() {
        // Given
        metrics.timer("wait");
        meters.begin(SECOND);

        // Then
        assertThat(meters.mean("wait")).isNull();
        assertThat(meters.mean("no such timer")).isNull();
    }

    @Test
    void percentilesAreInMilliseconds() {
        // Given
        Timer timer = Timer.builder("time").publishPercentiles(0.5, 0.95, 0.99).register(metrics);

        // When
        timer.record(Duration.ofMillis(40));

        // Then
        assertThat(meters.latencies("time").p50()).isBetween(38.0, 42.0);
        assertThat(meters.latencies("time").p99()).isBetween(38.0, 42.0);
    }

    @Test
    void withoutAnythingTimedThereAreNoPercentiles() {
        // Given
        Timer.builder("time").publishPercentiles(0.5, 0.95, 0.99).register(metrics);

        // Then
        assertThat(meters.latencies("time")).isEqualTo(Moment.Latencies.NONE);
        assertThat(meters.latencies("no such timer")).isEqualTo(Moment.Latencies.NONE);
    }

    @Test
    void aGaugeThatDoesNotKnowIsNull() {
        // Given
        AtomicReference<Double> messages = metrics.gauge(
                "messages", List.of(Tag.of("queue", "a")), new AtomicReference<>(Double.NaN), AtomicReference::get);

        // When
        Long before = meters.gauge("messages", "queue", "a");
        messages.set(7.0);

        // Then
        assertThat(before).isNull();
        assertThat(meters.gauge("messages", "queue", "a")).isEqualTo(7);
        assertThat(meters.gauge("messages", "queue", "b")).isNull();
    }
}
