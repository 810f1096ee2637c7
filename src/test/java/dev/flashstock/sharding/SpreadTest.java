package dev.flashstock.sharding;

import static java.util.Comparator.reverseOrder;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.ShardLevel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SpreadTest {
    private static final int CASES = 2_000;
    private static final int MOST_SHARDS = 97;
    private static final long HUGE = Adjustment.MAX_UNITS;

    /** One random situation, which names itself by the seed that makes it again. */
    private record Case(long seed, List<ShardLevel> levels, long units, int maxShards) {
        static Case of(long seed) {
            Random random = new Random(seed);
            int shards = 1 + random.nextInt(random.nextBoolean() ? 4 : Layout.MAX_SHARDS);
            long most = new long[] {1, 3, 50, 10_000, HUGE}[random.nextInt(5)];
            List<ShardLevel> levels = new ArrayList<>();
            for (int shard = 0; shard < shards; shard++) {
                levels.add(new ShardLevel(shard, random.nextLong(most + 1), random.nextInt(9)));
            }
            Collections.shuffle(levels, random);
            long units = 1 + random.nextLong(random.nextBoolean() ? 10 : most * shards);
            int maxShards = random.nextBoolean() ? shards : 1 + random.nextInt(shards);
            return new Case(seed, levels, units, maxShards);
        }

        /** What the shards hold afterwards, by shard. */
        Map<Integer, Long> after(List<Portion> portions, int sign) {
            Map<Integer, Long> after = new HashMap<>();
            levels.forEach(level -> after.put(level.shard(), level.available()));
            portions.forEach(portion -> after.merge(portion.shard(), sign * portion.units(), Long::sum));
            return after;
        }

        List<Integer> emptiest() {
            return levels.stream()
                    .sorted(java.util.Comparator.comparingLong(ShardLevel::available)
                            .thenComparing(ShardLevel::shard))
                    .limit(maxShards)
                    .map(ShardLevel::shard)
                    .toList();
        }

        List<Integer> fullest() {
            return levels.stream()
                    .sorted(java.util.Comparator.comparing(ShardLevel::available, reverseOrder())
                            .thenComparing(ShardLevel::shard))
                    .limit(maxShards)
                    .map(ShardLevel::shard)
                    .toList();
        }

        long mostThatCanBeTaken() {
            return levels.stream()
                    .map(ShardLevel::available)
                    .sorted(reverseOrder())
                    .limit(maxShards)
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }

    private static List<Case> cases() {
        long first = new Random().nextLong();
        return LongStream.range(first, first + CASES).mapToObj(Case::of).toList();
    }

    @Test
    void whatIsGivenIsExactlyWhatThereIsToGive() {
        for (Case it : cases()) {
            // When
            List<Portion> portions = Spread.give(it.units(), it.levels(), it.maxShards());

            // Then
            assertThat(units(portions)).as("%s", it).isEqualTo(it.units());
            assertThat(portions).as("%s", it).hasSizeLessThanOrEqualTo(it.maxShards());
            assertThat(shards(portions)).as("%s", it).doesNotHaveDuplicates();
        }
    }

    @Test
    void whatIsGivenLeavesTheShardsAsEvenAsItCan() {
        for (Case it : cases()) {
            // When
            List<Portion> portions = Spread.give(it.units(), it.levels(), it.maxShards());

            // Then
            Map<Integer, Long> after = it.after(portions, 1);
            List<Integer> touched = shards(portions);
            List<Long> filled = touched.stream().map(after::get).toList();
            assertThat(Collections.max(filled) - Collections.min(filled))
                    .as("%s", it)
                    .isLessThanOrEqualTo(1);
            assertThat(it.emptiest()).as("%s", it).containsAll(touched);
            // Nobody among those who could have had them stands lower than a shard that was filled, but for the odd
            // unit.
            assertThat(it.emptiest())
                    .as("%s", it)
                    .allSatisfy(shard -> assertThat(after.get(shard))
                            .isGreaterThanOrEqualTo(touched.contains(shard) ? 0 : Collections.max(filled) - 1));
        }
    }

    @Test
    void whatIsTakenEvenlyIsExactlyWhatWasAskedForOrNothing() {
        for (Case it : cases()) {
            // When
            List<Portion> portions = Spread.takeEvenly(it.units(), it.levels(), it.maxShards());

            // Then
            long expected = it.units() <= it.mostThatCanBeTaken() ? it.units() : 0;
            assertThat(units(portions)).as("%s", it).isEqualTo(expected);
            assertThat(portions).as("%s", it).hasSizeLessThanOrEqualTo(it.maxShards());
            assertThat(shards(portions)).as("%s", it).doesNotHaveDuplicates();
            assertThat(it.after(portions, -1).values()).as("%s", it).allMatch(left -> left >= 0);
        }
    }

    @Test
    void whatIsTakenEvenlyLeavesTheShardsAsEvenAsItCan() {
        for (Case it : cases()) {
            // When
            List<Portion> portions = Spread.takeEvenly(it.units(), it.levels(), it.maxShards());

            // Then
            if (portions.isEmpty()) {
                continue; // there were not enough: whatIsTakenEvenlyIsExactlyWhatWasAskedForOrNothing
            }
            Map<Integer, Long> after = it.after(portions, -1);
            List<Integer> touched = shards(portions);
            List<Long> drained = touched.stream().map(after::get).toList();
            assertThat(Collections.max(drained) - Collections.min(drained))
                    .as("%s", it)
                    .isLessThanOrEqualTo(1);
            assertThat(it.fullest()).as("%s", it).containsAll(touched);
            assertThat(it.fullest())
                    .as("%s", it)
                    .allSatisfy(
                            shard -> assertThat(after.get(shard)).isLessThanOrEqualTo(Collections.min(drained) + 1));
        }
    }

    @Test
    void whatIsTakenFromFewestIsExactOrNothingAndFewerShardsWouldNotDo() {
        for (Case it : cases()) {
            // When
            List<Portion> portions = Spread.takeFromFewest(it.units(), it.levels(), it.maxShards());

            // Then
            boolean enough = it.units() <= it.mostThatCanBeTaken();
            assertThat(units(portions)).as("%s", it).isEqualTo(enough ? it.units() : 0);
            assertThat(portions).as("%s", it).hasSizeLessThanOrEqualTo(it.maxShards());
            assertThat(shards(portions)).as("%s", it).doesNotHaveDuplicates();
            assertThat(it.after(portions, -1).values()).as("%s", it).allMatch(left -> left >= 0);
            if (enough) {
                long oneFewer = it.levels().stream()
                        .map(ShardLevel::available)
                        .sorted(reverseOrder())
                        .limit(portions.size() - 1L)
                        .mapToLong(Long::longValue)
                        .sum();
                assertThat(oneFewer).as("%s", it).isLessThan(it.units());
            }
        }
    }

    @Test
    void takeableIsTheMostThatCanBeTaken() {
        for (Case it : cases()) {
            // When
            long takeable = Spread.takeable(it.levels(), it.maxShards());

            // Then
            assertThat(takeable).as("%s", it).isEqualTo(it.mostThatCanBeTaken());
        }
    }

    @Test
    void whatIsGivenAndTakenAgainLeavesNothing() {
        for (Case it : cases()) {
            // Given
            List<ShardLevel> empty = it.levels().stream()
                    .map(level -> new ShardLevel(level.shard(), 0, 0))
                    .toList();
            List<ShardLevel> given = Spread.give(it.units(), empty, it.maxShards()).stream()
                    .map(portion -> new ShardLevel(portion.shard(), portion.units(), 1))
                    .toList();

            // When
            List<Portion> taken = Spread.takeEvenly(it.units(), given, it.maxShards());

            // Then
            assertThat(units(taken)).as("%s", it).isEqualTo(it.units());
        }
    }

    @Test
    void theLargestAdjustmentsOverTheMostShardsDoNotOverflow() {
        // Given
        List<ShardLevel> full = IntStream.range(0, Layout.MAX_SHARDS)
                .mapToObj(shard -> new ShardLevel(shard, HUGE, 1))
                .toList();
        long all = HUGE * Layout.MAX_SHARDS;

        // When
        List<Portion> given = Spread.give(HUGE, full, MOST_SHARDS);
        List<Portion> taken = Spread.takeEvenly(all, full, Layout.MAX_SHARDS);

        // Then
        assertThat(Spread.total(full)).isEqualTo(256_000_000_000L);
        assertThat(given).hasSize(MOST_SHARDS);
        assertThat(units(given)).isEqualTo(HUGE);
        assertThat(taken).hasSize(Layout.MAX_SHARDS).allMatch(portion -> portion.units() == HUGE);
        assertThat(Spread.takeEvenly(all + 1, full, Layout.MAX_SHARDS)).isEmpty();
        assertThat(Spread.takeable(full, MOST_SHARDS)).isEqualTo(HUGE * MOST_SHARDS);
    }

    @Test
    void nothingCanBeTakenFromNoShards() {
        // When
        List<Portion> evenly = Spread.takeEvenly(1, List.of(), MOST_SHARDS);
        List<Portion> fromFewest = Spread.takeFromFewest(1, List.of(), MOST_SHARDS);

        // Then
        assertThat(evenly).isEmpty();
        assertThat(fromFewest).isEmpty();
        assertThat(Spread.takeable(List.of(), MOST_SHARDS)).isZero();
    }

    private static long units(List<Portion> portions) {
        return portions.stream().mapToLong(Portion::units).sum();
    }

    private static List<Integer> shards(List<Portion> portions) {
        return portions.stream().map(Portion::shard).toList();
    }
}
