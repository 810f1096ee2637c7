package dev.flashstock.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.flashstock.heat.Heat;
import dev.flashstock.heat.Key;
import dev.flashstock.heat.Load;
import dev.flashstock.heat.Snapshot;
import dev.flashstock.heat.Throttle;
import dev.flashstock.heat.Throttle.Access;
import dev.flashstock.heat.Throttle.Limit;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeatTextTest {
    private static final Throttle OF_PARTITION = new Throttle(Limit.KEY_RANGE, Access.WRITE, "", null);
    private static final Throttle OF_INDEX = new Throttle(Limit.PROVISIONED, null, "flashstock", "ByStatus");
    private static final Throttle OF_SOME_INDEX = new Throttle(Limit.ACCOUNT, Access.READ, "flashstock", "");

    @Test
    void whatIsToldIsUnderstood() {
        // Given
        Snapshot snapshot = new Snapshot(
                new Load(1_234, 100.5, 200, 3.25, Map.of(OF_PARTITION, 35.2, OF_INDEX, 1.0, OF_SOME_INDEX, 0.5)),
                Map.of(
                        Key.ofTable("STOCK#console#3"),
                        new Load(812, 0, 900, 0, Map.of(OF_PARTITION, 35.2)),
                        Key.ofTable("a key with spaces"),
                        new Load(1, 2, 3, 4, Map.of()),
                        new Key("ON_SALE#7", "ByStatus"),
                        new Load(5, 2.5, 0, 0, Map.of(OF_INDEX, 1.0))));

        // Then
        assertThat(HeatText.read(HeatText.write(snapshot))).isEqualTo(snapshot);
        assertThat(HeatText.read(HeatText.write(Snapshot.NONE))).isEqualTo(Snapshot.NONE);
    }

    @Test
    void whatIsHardlyThereIsThere() {
        // Given
        Load rare = new Load(1e-9, 0, 0, 0, Map.of(OF_PARTITION, 1e-9));

        // When
        Snapshot told = HeatText.read(HeatText.write(new Snapshot(Load.NONE, Map.of(Key.ofTable("a"), rare))));

        // Then
        assertThat(told.keys().get(Key.ofTable("a")).throttledByPartition()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"two\nlines", "a\ttab"})
    void aKeyThatDoesNotFitALineIsLeftOut(String key) {
        // Given
        Load load = new Load(1, 1, 1, 0, Map.of(OF_PARTITION, 1.0));

        // When
        Snapshot told = HeatText.read(HeatText.write(new Snapshot(load, Map.of(Key.ofTable(key), load))));

        // Then
        assertThat(told).isEqualTo(new Snapshot(load, Map.of()));
    }

    @Test
    void theLongestThatAProcessTellsIsTaken() {
        // Given
        Heat heat = new Heat(System::nanoTime);
        for (int i = 0; i < 10_000; i++) {
            Key key = Key.ofTable("x".repeat(HeatText.MAX_KEY - 5) + i);
            heat.asked(key);
            heat.drew(key, Access.READ, 1);
            heat.drew(key, Access.WRITE, 1);
            heat.refused(key, OF_PARTITION);
            heat.leftOut(key);
        }

        // When
        String text = HeatText.write(heat.now().hottest(RedisHeat.KEYS));

        // Then
        assertThat(text.length()).isLessThan(RedisHeat.MAX_LENGTH);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1 2 3",
                "1 2 3 x",
                "1 2 3 -4",
                "1 2 3 4\nK 1 2 3 4 -",
                "1 2 3 4\nX",
                "1 2 3 4\nR KEY_RANGE WRITE ? -",
                "1 2 3 4\nR HEAT WRITE ? - 1",
                "1 2 3 4\nR KEY_RANGE HEAT ? - 1",
                "1 2 3 4\nR KEY_RANGE WRITE ? - 99999999999999999999"
            })
    void anythingElseIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> HeatText.read(text));
    }
}
