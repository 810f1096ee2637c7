package dev.flashstock.inventory;

import static java.util.Comparator.comparingLong;

import dev.flashstock.sharding.Layout;
import dev.flashstock.sharding.Spread;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;

/**
 * Brings scattered units together on one shard, for requests that are larger than any shard's units.
 *
 * <p>All move to the fullest shard, so that processes side by side converge instead of taking from each other. In this
 * process one move of a SKU is under way at a time, for all who wait for one. When others are in the way the next move
 * takes from half as many shards: every move that happens is progress.
 */
final class Moves {
    private static final Comparator<ShardLevel> FULLEST_FIRST =
            comparingLong(ShardLevel::available).reversed().thenComparing(ShardLevel::shard);

    private final StockTable table;
    private final GroupCommits commits;
    private final Sharing<Sku, Optional<Integer>> underWay = new Sharing<>();
    private final ConcurrentMap<Sku, Demand> demands = new ConcurrentHashMap<>();

    /**
     * What is waited for.
     *
     * @param units for how many units somebody waits, at least 1
     * @param sources from how many shards the next move takes at most
     */
    private record Demand(long units, int sources) {}

    Moves(StockTable table, GroupCommits commits) {
        this.table = table;
        this.commits = commits;
    }

    /**
     * Counts a request in: the moves of its SKU bring together what all who wait need, until it is {@link #noLongerWanted}.
     *
     * @param sku whose units
     * @param units how many the request is for
     */
    void wanted(Sku sku, int units) {
        demands.merge(
                sku,
                new Demand(units, GroupCommit.MAX_ENTRIES),
                (sum, mine) -> new Demand(sum.units() + units, sum.sources()));
    }

    /**
     * Counts a request out.
     *
     * @param sku whose units
     * @param units how many the request is for
     */
    void noLongerWanted(Sku sku, int units) {
        demands.computeIfPresent(
                sku, (same, sum) -> sum.units() == units ? null : new Demand(sum.units() - units, sum.sources()));
    }

    /**
     * Moves units to the fullest shard.
     *
     * @param sku whose, {@link #wanted} by a request for more than any shard has
     * @param levels all shards, as they were seen; together they have enough
     * @param layout units are brought to a shard that takes writes
     * @return the shard that has more now; nothing when others got in the way
     */
    Uni<Optional<Integer>> bringTogether(Sku sku, List<ShardLevel> levels, Layout layout) {
        return underWay.share(sku, Uni.createFrom().deferred(() -> move(sku, levels, layout)));
    }

    private void fromFewer(Sku sku, int sources) {
        demands.computeIfPresent(sku, (same, sum) -> new Demand(sum.units(), Math.max(1, sources / 2)));
    }

    private Uni<Optional<Integer>> move(Sku sku, List<ShardLevel> levels, Layout layout) {
        List<ShardLevel> fullestFirst = levels.stream().sorted(FULLEST_FIRST).toList();
        ShardLevel target = fullestFirst.stream()
                .filter(it -> it.shard() < layout.writeShards())
                .findFirst()
                .orElseThrow();
        List<ShardLevel> others =
                fullestFirst.stream().filter(it -> it.shard() != target.shard()).toList();
        Demand demand = demands.getOrDefault(sku, new Demand(target.available() + 1, 1));
        long missing = Math.min(demand.units() - target.available(), Spread.takeable(others, demand.sources()));
        List<Portion> from = Spread.takeFromFewest(missing, others, demand.sources());
        List<Integer> shards = Stream.concat(
                        Stream.of(target.shard()), from.stream().map(Portion::shard))
                .sorted()
                .toList();
        return commits.alone(sku, shards, () -> table.move(sku, from, target.shard()))
                .map(attempt -> {
                    if (attempt == Attempt.BUSY) {
                        fromFewer(sku, from.size());
                    }
                    return attempt == Attempt.DONE ? Optional.of(target.shard()) : Optional.empty();
                });
    }
}
