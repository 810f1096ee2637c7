package dev.flashstock.heat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.flashstock.heat.Window.Rates;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WindowTest {
    private static final Duration TICK = Duration.ofMillis(1);

    private long now = 5_000_000_000L;
    private final Window<String> window = new Window<>(() -> now);

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void whatIsCountedEvenlyHasItsRate() {
        // When
        for (int i = 0; i < 8_000; i++) {
            window.add("a", 3);
            pass(TICK);
        }

        // Then
        Rates<String> rates = window.rates();
        assertThat(rates.total()).isCloseTo(3_000, within(1.0));
        assertThat(rates.rates().get("a")).isCloseTo(3_000, within(1.0));
    }

    @Test
    void whatBeginsIsSeenWithinASecond() {
        // Given
        for (int i = 0; i < 20_000; i++) {
            window.add("quiet", 1);
            pass(TICK);
        }

        // When
        for (int i = 0; i < 1_000; i++) {
            window.add("hot", 9);
            window.add("quiet", 1);
            pass(TICK);
        }

        // Then
        Rates<String> rates = window.rates();
        assertThat(rates.rates().get("hot") / rates.total()).isGreaterThan(0.6);
    }

    @Test
    void whatHasEndedFadesAndIsForgotten() {
        // Given
        for (int i = 0; i < 1_000; i++) {
            window.add("a", 1);
            pass(TICK);
        }
        double atFirst = window.rates().total();

        // When
        pass(Duration.ofSeconds(2));
        double later = window.rates().total();
        pass(Duration.ofSeconds(Window.SECONDS));
        Rates<String> inTheEnd = window.rates();

        // Then
        assertThat(later).isPositive().isLessThan(atFirst / 5);
        assertThat(inTheEnd.total()).isZero();
        assertThat(inTheEnd.rates()).isEmpty();
    }

    @Test
    void ofMillionsOfKeysTheFrequentOnesAreFoundAndTheMemoryIsBounded() {
        // Given
        SplittableRandom random = new SplittableRandom(1);

        // When
        for (int i = 0; i < 3_000_000; i++) {
            int chance = random.nextInt(100);
            window.add(chance < 3 ? "three" : chance < 4 ? "one" : "cold-" + random.nextInt(1_000_000), 1);
            now += 1_000;
        }

        // Then
        Rates<String> rates = window.rates();
        assertThat(rates.rates().get("three") / rates.total()).isCloseTo(0.03, within(1.0 / Window.ONE_OF));
        assertThat(rates.rates().get("one") / rates.total()).isCloseTo(0.01, within(1.0 / Window.ONE_OF));
        assertThat(rates.rates()).hasSizeLessThan(Window.SECONDS * 1_024);
    }

    @Test
    void threadsAreCountedTogether() throws InterruptedException {
        // Given
        List<Thread> threads = IntStream.range(0, 8)
                .mapToObj(i -> new Thread(() -> IntStream.range(0, 10_000).forEach(j -> window.add("a", 1))))
                .toList();

        // When
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        pass(Duration.ofSeconds(1).minusNanos(1));

        // Then
        assertThat(window.rates().rates().get("a")).isCloseTo(80_000, within(1.0));
    }
}
