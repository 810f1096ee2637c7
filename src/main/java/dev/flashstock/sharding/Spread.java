package dev.flashstock.sharding;

import static java.util.Comparator.comparingLong;

import dev.flashstock.stock.Portion;
import dev.flashstock.stock.ShardLevel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** How a change of stock is spread over shards. */
public final class Spread {
    private static final Comparator<ShardLevel> FULLEST_FIRST =
            comparingLong(ShardLevel::available).reversed().thenComparing(ShardLevel::shard);
    private static final Comparator<ShardLevel> EMPTIEST_FIRST =
            comparingLong(ShardLevel::available).thenComparing(ShardLevel::shard);

    private Spread() {}

    /**
     * Gives units so that the shards end up as even as they can: the emptiest are filled first, like water.
     *
     * @param units how many, at least 1
     * @param levels the shards that may be given to, at least one
     * @param maxShards how many of them at most
     * @return what each is given, {@code units} in all
     */
    public static List<Portion> give(long units, List<ShardLevel> levels, int maxShards) {
        List<ShardLevel> emptiest =
                levels.stream().sorted(EMPTIEST_FIRST).limit(maxShards).toList();
        int filled = emptiest.size();
        long together = total(emptiest) + units;
        // Shards that stand above the water get nothing.
        while (emptiest.get(filled - 1).available() > together / filled) {
            together -= emptiest.get(filled - 1).available();
            filled--;
        }
        List<Portion> portions = new ArrayList<>();
        for (int i = 0; i < filled; i++) {
            long level = together / filled + (i < together % filled ? 1 : 0);
            add(portions, emptiest.get(i).shard(), level - emptiest.get(i).available());
        }
        return portions;
    }

    /**
     * Takes units so that the shards end up as even as they can: from the fullest first, down to one level.
     *
     * @param units how many, at least 1
     * @param levels the shards that may be taken from
     * @param maxShards how many of them at most
     * @return what is taken from each, {@code units} in all; nothing at all when that many shards have fewer
     */
    public static List<Portion> takeEvenly(long units, List<ShardLevel> levels, int maxShards) {
        List<ShardLevel> fullest =
                levels.stream().sorted(FULLEST_FIRST).limit(maxShards).toList();
        if (total(fullest) < units) {
            return List.of();
        }
        int drained = 0;
        long left = -units; // what the shards counted so far hold together, once the units are taken
        do {
            left += fullest.get(drained++).available();
        } while (drained < fullest.size()
                && (left < 0 || left / drained < fullest.get(drained).available()));
        List<Portion> portions = new ArrayList<>();
        for (int i = 0; i < drained; i++) {
            // The fuller ones keep the odd units.
            long level = left / drained + (i < left % drained ? 1 : 0);
            add(portions, fullest.get(i).shard(), fullest.get(i).available() - level);
        }
        return portions;
    }

    /**
     * Takes units from as few shards as it can: the fullest first, of equally full ones the first in the list.
     *
     * @param units how many, at least 1
     * @param levels the shards that may be taken from, in the order in which equally full ones are taken
     * @param maxShards how many of them at most
     * @return what is taken from each, {@code units} in all; nothing at all when that many shards have fewer
     */
    public static List<Portion> takeFromFewest(long units, List<ShardLevel> levels, int maxShards) {
        List<Portion> portions = new ArrayList<>();
        long missing = units;
        for (ShardLevel level : levels.stream()
                .sorted(comparingLong(ShardLevel::available).reversed())
                .limit(maxShards)
                .toList()) {
            long taken = Math.min(missing, level.available());
            add(portions, level.shard(), taken);
            missing -= taken;
        }
        return missing == 0 ? portions : List.of();
    }

    /**
     * Makes shards even: those that have less than half of what each would have are filled up from those that have more.
     *
     * @param levels the shards, at least one
     * @return what goes where, from each shard no more than it has; nothing when they are even enough
     */
    public static List<Transfer> even(List<ShardLevel> levels) {
        long mean = total(levels) / levels.size();
        List<ShardLevel> fullest = levels.stream()
                .filter(it -> it.available() > mean)
                .sorted(FULLEST_FIRST)
                .toList();
        List<ShardLevel> empty = levels.stream()
                .filter(it -> it.available() < (mean + 1) / 2)
                .sorted(EMPTIEST_FIRST)
                .toList();
        List<Transfer> transfers = new ArrayList<>();
        int giver = 0;
        long spare = 0;
        for (ShardLevel taker : empty) {
            long missing = mean - taker.available();
            while (missing > 0 && (spare > 0 || giver < fullest.size())) {
                if (spare == 0) {
                    spare = fullest.get(giver++).available() - mean;
                }
                long units = Math.min(spare, missing);
                transfers.add(new Transfer(fullest.get(giver - 1).shard(), taker.shard(), units));
                spare -= units;
                missing -= units;
            }
        }
        return transfers;
    }

    /**
     * What shards hold together.
     *
     * @param levels the shards
     * @return the sum of their units
     */
    public static long total(List<ShardLevel> levels) {
        return levels.stream().mapToLong(ShardLevel::available).sum();
    }

    /**
     * What was moved to shards, less what was moved from them.
     *
     * @param levels the shards
     * @return the sum, below 0 when more was moved away
     */
    public static long moved(List<ShardLevel> levels) {
        return levels.stream().mapToLong(ShardLevel::moved).sum();
    }

    /**
     * The most units that can be taken from a number of shards.
     *
     * @param levels the shards
     * @param maxShards how many of them at most
     * @return the sum of the fullest
     */
    public static long takeable(List<ShardLevel> levels, int maxShards) {
        return levels.stream()
                .sorted(FULLEST_FIRST)
                .limit(maxShards)
                .mapToLong(ShardLevel::available)
                .sum();
    }

    private static void add(List<Portion> portions, int shard, long units) {
        if (units > 0) {
            portions.add(new Portion(shard, units));
        }
    }
}
