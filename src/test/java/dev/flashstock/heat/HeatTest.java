package dev.flashstock.heat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.flashstock.heat.Throttle.Access;
import dev.flashstock.heat.Throttle.Limit;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HeatTest {
    private static final Key HOT = Key.ofTable("hot");
    private static final Key COLD = Key.ofTable("cold");
    private static final Throttle TOO_HOT = new Throttle(Limit.KEY_RANGE, Access.WRITE, "flashstock", null);

    private long now = 5_000_000_000L;
    private final Heat heat = new Heat(() -> now);

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void eachKeyHasItsRequestsAndUnits() {
        // When
        for (int i = 0; i < 3_000; i++) {
            heat.asked(HOT);
            heat.drew(HOT, Access.WRITE, 4);
            if (i % 10 == 0) {
                heat.asked(COLD);
                heat.drew(COLD, Access.READ, 1);
            }
            pass(Duration.ofMillis(1));
        }

        // Then
        Snapshot snapshot = heat.now();
        Load hot = snapshot.keys().get(HOT);
        Load cold = snapshot.keys().get(COLD);
        assertThat(hot.requests()).isCloseTo(1_000, within(1.0));
        assertThat(hot.writeUnits()).isCloseTo(2_000, within(1.0));
        assertThat(hot.readUnits()).isZero();
        assertThat(cold.requests()).isCloseTo(100, within(1.0));
        assertThat(cold.readUnits()).isCloseTo(50, within(1.0));
        assertThat(snapshot.total().requests()).isCloseTo(1_100, within(1.0));
        assertThat(snapshot.total().writeUnits()).isCloseTo(2_000, within(1.0));
        assertThat(snapshot.total().readUnits()).isCloseTo(50, within(1.0));
    }

    @Test
    void whatWasRefusedIsToldByReasonAlsoOfAKeyThatDrewNothing() {
        // When
        for (int i = 0; i < 2_000; i++) {
            heat.asked(HOT);
            heat.refused(HOT, TOO_HOT);
            heat.throttled(TOO_HOT);
            heat.throttled(TOO_HOT);
            pass(Duration.ofMillis(1));
        }

        // Then
        Snapshot snapshot = heat.now();
        Load hot = snapshot.keys().get(HOT);
        assertThat(hot.writeUnits()).isZero();
        assertThat(hot.throttles()).containsOnlyKeys(TOO_HOT);
        assertThat(hot.throttled()).isCloseTo(1_000, within(1.0));
        assertThat(hot.throttledByPartition(Access.WRITE)).isCloseTo(1_000, within(1.0));
        assertThat(hot.throttledByPartition(Access.READ)).isZero();
        assertThat(snapshot.total().throttles().get(TOO_HOT)).isCloseTo(2_000, within(1.0));
    }

    @Test
    void ofAMillionKeysAFewAreToldAndTheHotOneIsAmongThem() {
        // When
        for (int i = 0; i < 1_000_000; i++) {
            Key key = i % 20 == 0 ? HOT : Key.ofTable("key-" + i);
            heat.asked(key);
            heat.drew(key, Access.READ, 1);
            heat.drew(key, Access.WRITE, 2);
            now += 3_000;
        }

        // Then
        Snapshot snapshot = heat.now();
        assertThat(snapshot.keys()).hasSizeLessThanOrEqualTo(4 * Heat.KEYS);
        assertThat(snapshot.keys().get(HOT).writeUnits() / snapshot.total().writeUnits())
                .isCloseTo(0.05, within(1.0 / Window.ONE_OF));
    }

    /** As many keys would take hundreds of MiB. */
    @Test
    void ofMillionsOfKeysAFewMiBAreKept() {
        // Given
        long before = usedBytes();

        // When
        for (int i = 0; i < 3_000_000; i++) {
            Key key = Key.ofTable("a key of some length, and unlike any other: " + i);
            heat.asked(key);
            heat.drew(key, Access.READ, 1);
            heat.drew(key, Access.WRITE, 2);
            heat.leftOut(key);
            heat.refused(key, TOO_HOT);
            now += 4_000;
        }

        // Then
        assertThat(usedBytes() - before).isLessThan(64L << 20);
        assertThat(heat.now().total().requests()).isPositive();
    }

    private static long usedBytes() {
        ManagementFactory.getMemoryMXBean().gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
