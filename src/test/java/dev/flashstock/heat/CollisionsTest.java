package dev.flashstock.heat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CollisionsTest {
    @ParameterizedTest
    @CsvSource({
        // Of the ways to throw them, those that count
        "1, 2, 2, 2/4",
        "1, 3, 3, 6/27",
        "2, 3, 2, 6/8",
        "1, 10, 10, 3628800/10000000000",
        "2, 4, 3, 54/81",
        "1, 3, 2, 0/8",
        "5, 5, 2, 32/32",
    })
    void theChanceIsThatOfCountingAllWays(int most, int shards, int partitions, String ways) {
        // When
        double chance = Collisions.probabilityOfAtMost(most, shards, partitions);

        // Then
        double[] fraction =
                Arrays.stream(ways.split("/")).mapToDouble(Double::parseDouble).toArray();
        assertThat(chance).isCloseTo(fraction[0] / fraction[1], within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({"3, 20, 16", "8, 64, 20", "12, 100, 16", "6, 256, 200"})
    void theChanceIsWhatIsSeenWhenTheyAreThrown(int most, int shards, int partitions) {
        // Given
        SplittableRandom random = new SplittableRandom(1);
        int throwsInAll = 20_000;

        // When
        long within = IntStream.range(0, throwsInAll)
                .filter(i ->
                        Arrays.stream(thrown(random, shards, partitions)).max().orElseThrow() <= most)
                .count();

        // Then
        assertThat(Collisions.probabilityOfAtMost(most, shards, partitions))
                .isCloseTo((double) within / throwsInAll, within(0.015));
    }

    private static int[] thrown(SplittableRandom random, int shards, int partitions) {
        int[] counts = new int[partitions];
        for (int i = 0; i < shards; i++) {
            counts[random.nextInt(partitions)]++;
        }
        return counts;
    }

    @Test
    void theFewestShardsAreEnoughAndFewerAreNot() {
        // When
        OptionalInt fewest = Collisions.fewestShards(8_000, 16, 0.99, 256);

        // Then
        assertThat(fewest).isPresent();
        assertThat(Collisions.probabilityWithinLimit(8_000, fewest.getAsInt(), 16))
                .isGreaterThanOrEqualTo(0.99);
        assertThat(IntStream.range(1, fewest.getAsInt()))
                .allMatch(shards -> Collisions.probabilityWithinLimit(8_000, shards, 16) < 0.99);
    }

    @Test
    void whereThePartitionsTogetherDoNotBearItNoNumberOfShardsDoes() {
        // When
        OptionalInt fewest = Collisions.fewestShards(8_000, 7, 0.99, 256);

        // Then
        assertThat(fewest).isEmpty();
    }

    @Test
    void whatOnePartitionBearsNeedsOneShard() {
        // When
        OptionalInt fewest = Collisions.fewestShards(1_000, 1, 0.99, 256);

        // Then
        assertThat(fewest).hasValue(1);
    }
}
