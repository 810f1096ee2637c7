package dev.flashstock.inventory;

import static java.util.Comparator.comparingLong;

import dev.flashstock.sharding.Layout;
import dev.flashstock.sharding.Spread;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings scattered units together on one shard, for requests that are larger than any shard's units.
 *
 * <p>All move to the fullest shard, so that processes side by side converge instead of taking from each other. In this
 * process those who wait for a move of a SKU share one. When others are in the way the next move
 * takes from half as many shards: every move that happens is progress.
 */
final class Moves {
    private static final Comparator<ShardLevel> FULLEST_FIRST =
            comparingLong(ShardLevel::available).reversed().thenComparing(ShardLevel::shard);

    private final GroupCommits commits;
    private final Sharing<Sku, Optional<Integer>> underWay = new Sharing<>();
    private final ConcurrentMap<Sku, Demand> demands = new ConcurrentHashMap<>();

    /** What is waited for; changed only inside the map's {@code compute}. */
    private static final class Demand {
        private final Map<Object, Integer> units = new HashMap<>();
        private long total;
        /** From how many shards the next move takes at most. */
        private int sources = GroupCommit.MAX_ENTRIES;

        Demand with(Object request, int wanted) {
            if (units.putIfAbsent(request, wanted) == null) {
                total += wanted;
            }
            return this;
        }

        @Nullable
        Demand without(Object request) {
            Integer wanted = units.remove(request);
            total -= wanted == null ? 0 : wanted;
            return units.isEmpty() ? null : this;
        }

        Demand from(int shards) {
            sources = Math.max(1, Math.min(GroupCommit.MAX_ENTRIES, shards));
            return this;
        }
    }

    /** What is waited for at a moment. */
    private record Wanted(long units, int sources) {}

    Moves(GroupCommits commits) {
        this.commits = commits;
    }

    /**
     * Counts a request in: the moves of its SKU bring together what all who wait need, until it is {@link
     * #noLongerWanted}. A second time changes nothing.
     *
     * @param sku whose units
     * @param request who wants them
     * @param units how many
     */
    void wanted(Sku sku, Object request, int units) {
        demands.compute(sku, (same, demand) -> (demand == null ? new Demand() : demand).with(request, units));
    }

    /**
     * Counts a request out, if it was counted in.
     *
     * @param sku whose units
     * @param request who wanted them
     */
    void noLongerWanted(Sku sku, Object request) {
        demands.computeIfPresent(sku, (same, demand) -> demand.without(request));
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

    private Wanted wantedNow(Sku sku) {
        Wanted[] now = {new Wanted(0, 0)};
        demands.computeIfPresent(sku, (same, demand) -> {
            now[0] = new Wanted(demand.total, demand.sources);
            return demand;
        });
        return now[0];
    }

    private Uni<Optional<Integer>> move(Sku sku, List<ShardLevel> levels, Layout layout) {
        List<ShardLevel> fullestFirst = levels.stream().sorted(FULLEST_FIRST).toList();
        ShardLevel target = fullestFirst.stream()
                .filter(it -> it.shard() < layout.writeShards())
                .findFirst()
                .orElseThrow();
        List<ShardLevel> others =
                fullestFirst.stream().filter(it -> it.shard() != target.shard()).toList();
        Wanted wanted = wantedNow(sku);
        int most = wanted.sources();
        long missing = Math.min(wanted.units() - target.available(), Spread.takeable(others, most));
        if (missing < 1) { // whoever wanted more has gone
            return Uni.createFrom().item(Optional.of(target.shard()));
        }
        List<Portion> from = Spread.takeFromFewest(missing, others, most);
        return commits.move(sku, from, target.shard()).map(attempt -> {
            boolean done = attempt == Attempt.DONE;
            int next = done ? most * 2 : from.size() / 2;
            demands.computeIfPresent(sku, (same, now) -> now.from(next));
            return done ? Optional.of(target.shard()) : Optional.empty();
        });
    }
}
