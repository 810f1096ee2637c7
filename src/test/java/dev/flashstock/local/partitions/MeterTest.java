package dev.flashstock.local.partitions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Buckets on a clock of the test's own. */
class MeterTest {
    private static final TableShape TABLE = new TableShape("table", "arn", true, "PK", null, Map.of());
    private static final Limits TEN_FOR_ALL_KEYS = Limits.everyKey(10, 10).onPartitions(1);

    private final Map<TokenBucket, Double> together = new HashMap<>();

    private static Charge write(String key, double units) {
        return new Charge(0, TABLE, null, Access.WRITE, key, units, true);
    }

    @Test
    void charges_of_one_request_add_up() {
        // Given
        Meter meter = new Meter(TEN_FOR_ALL_KEYS);
        meter.spend(write("a", 5), 5, 0);

        // When
        LimitType first = meter.exceeded(write("b", 4), together, 0);
        LimitType second = meter.exceeded(write("c", 4), together, 0);

        // Then
        assertThat(first).isNull();
        assertThat(second).isEqualTo(LimitType.KEY_RANGE);
    }

    @Test
    void units_come_back_steadily_up_to_a_second_of_them() {
        // Given
        Meter meter = new Meter(TEN_FOR_ALL_KEYS);
        meter.spend(write("a", 10), 10, 0);

        // When
        LimitType early = meter.exceeded(write("a", 2), new HashMap<>(), TimeUnit.MILLISECONDS.toNanos(199));
        LimitType then = meter.exceeded(write("a", 2), new HashMap<>(), TimeUnit.MILLISECONDS.toNanos(200));
        LimitType much = meter.exceeded(write("a", 10.5), new HashMap<>(), TimeUnit.HOURS.toNanos(1));

        // Then
        assertThat(early).isEqualTo(LimitType.KEY_RANGE);
        assertThat(then).isNull();
        assertThat(much).as("more than ever fits is granted when it is full").isNull();
    }

    @Test
    void what_was_not_known_before_is_a_debt() {
        // Given
        Meter meter = new Meter(TEN_FOR_ALL_KEYS);
        meter.spend(write("a", 30), 30, 0);

        // When
        LimitType inDebt = meter.exceeded(write("a", 1), new HashMap<>(), TimeUnit.SECONDS.toNanos(2));
        LimitType later = meter.exceeded(write("a", 1), new HashMap<>(), TimeUnit.MILLISECONDS.toNanos(2_100));

        // Then
        assertThat(inDebt).isEqualTo(LimitType.KEY_RANGE);
        assertThat(later).isNull();
    }

    @Test
    void a_hundred_keys_spread_over_ten_partitions() {
        // Given
        Meter meter = new Meter(Limits.everyKey(1, 1).onPartitions(10));

        // When
        int admitted = 0;
        for (int i = 0; i < 100; i++) {
            Charge charge = write("STOCK#console#" + i, 1);
            if (meter.exceeded(charge, new HashMap<>(), 0) == null) {
                meter.spend(charge, 1, 0);
                admitted++;
            }
        }

        // Then
        assertThat(admitted).isEqualTo(10);
    }
}
