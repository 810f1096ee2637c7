package dev.flashstock.inventory;

import dev.flashstock.sharding.Layout;
import dev.flashstock.sharding.Spread;
import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.StockLevel;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Use cases: how much there is, and changing it by hand. */
public final class Stock {
    private final Listings remembered;
    private final Listings exact;
    private final StockTable table;
    private final GroupCommits commits;
    private final StockLevels levels;
    private final StockLevels exactLevels;
    private final SoldOut soldOut;
    private final Retries retries;

    /**
     * Wires the use cases.
     *
     * @param remembered listings, perhaps a second old
     * @param exact listings as they are
     * @param table the shards
     * @param commits keeps shards free for adjustments
     * @param levels levels from the fastest layer
     * @param exactLevels levels from the shards
     * @param soldOut forgets that a SKU is sold out when stock comes in
     * @param retries for what other writers get in the way of
     */
    public Stock(
            Listings remembered,
            Listings exact,
            StockTable table,
            GroupCommits commits,
            StockLevels levels,
            StockLevels exactLevels,
            SoldOut soldOut,
            Retries retries) {
        this.remembered = remembered;
        this.exact = exact;
        this.table = table;
        this.commits = commits;
        this.levels = levels;
        this.exactLevels = exactLevels;
        this.soldOut = soldOut;
        this.retries = retries;
    }

    /**
     * How many units are left, cheaply: from the fastest layer that knows.
     *
     * @param sku the SKU
     * @return the level, which says how old it is, or {@link Refusal.UnknownSku}
     */
    public Uni<Outcome<StockLevel>> level(Sku sku) {
        return remembered.find(sku).chain(ifListed(sku, levels::level));
    }

    /**
     * How many units are left, exactly: from the shards.
     *
     * @param sku the SKU
     * @return the level, or {@link Refusal.UnknownSku}
     */
    public Uni<Outcome<StockLevel>> exactLevel(Sku sku) {
        return exact.find(sku).chain(ifListed(sku, exactLevels::level));
    }

    /**
     * How many units each shard has.
     *
     * @param sku the SKU
     * @return the shards in the order of their numbers, or {@link Refusal.UnknownSku}
     */
    public Uni<Outcome<List<ShardLevel>>> shards(Sku sku) {
        return exact.find(sku).chain(ifListed(sku, this::gather));
    }

    private Uni<List<ShardLevel>> gather(Listing listing) {
        return table.gather(listing.product().sku(), listing.layout().readShards());
    }

    private static <T> Function<Optional<Listing>, Uni<? extends Outcome<T>>> ifListed(
            Sku sku, Function<Listing, Uni<T>> answer) {
        return listing -> listing.map(it -> answer.apply(it).map(Outcome::done))
                .orElseGet(() -> Uni.createFrom().item(Outcome.refused(new Refusal.UnknownSku(sku))));
    }

    /**
     * Changes stock by hand, once however often it is asked: units that come in are spread over the shards, units that
     * go out are collected from them, never below zero.
     *
     * @param adjustment what to change and why
     * @return the adjustment as it was first recorded; or {@link Refusal.UnknownSku}, {@link Refusal.NotEnoughStock},
     *     {@link Refusal.KeyReused}
     */
    public Uni<Outcome<Adjustment>> adjust(Adjustment adjustment) {
        AtomicInteger mostShards = new AtomicInteger(GroupCommit.MAX_ENTRIES);
        return retries.until(() -> tryToAdjust(adjustment, mostShards))
                .onTermination()
                .invoke(() -> soldOut.forget(adjustment.sku())) // what fails may have happened
                .call(outcome -> levels.forget(adjustment.sku()));
    }

    private Uni<Optional<Outcome<Adjustment>>> tryToAdjust(Adjustment adjustment, AtomicInteger mostShards) {
        return table.adjustment(adjustment.sku(), adjustment.id())
                .chain(earlier -> earlier.map(it -> Retries.settled(sameOrReused(it, adjustment)))
                        .orElseGet(() -> exact.find(adjustment.sku())
                                .chain(listing -> listing.map(it -> adjustListed(adjustment, it, mostShards))
                                        .orElseGet(() -> Retries.settled(
                                                Outcome.refused(new Refusal.UnknownSku(adjustment.sku())))))));
    }

    /** The more shards a transaction has, the more there is to get in its way: after each time it has half as many. */
    private Uni<Optional<Outcome<Adjustment>>> adjustListed(
            Adjustment adjustment, Listing listing, AtomicInteger mostShards) {
        return gather(listing).chain(shards -> {
            List<Portion> portions = spread(adjustment.delta(), shards, listing.layout(), mostShards.get());
            if (portions.isEmpty()) {
                return Retries.settled(Outcome.refused(new Refusal.NotEnoughStock(
                        adjustment.sku(), Spread.takeable(shards, GroupCommit.MAX_ENTRIES))));
            }
            List<Integer> numbers =
                    portions.stream().map(Portion::shard).sorted().toList();
            return commits.alone(adjustment.sku(), numbers, () -> table.adjust(adjustment, portions))
                    .map(attempt -> {
                        if (attempt == Attempt.BUSY) {
                            mostShards.set(Math.max(1, portions.size() / 2));
                        }
                        return attempt == Attempt.DONE
                                ? Optional.of(Outcome.done(adjustment))
                                : Optional.<Outcome<Adjustment>>empty();
                    });
        });
    }

    private static List<Portion> spread(long delta, List<ShardLevel> shards, Layout layout, int mostShards) {
        if (delta > 0) {
            return Spread.give(delta, shards.subList(0, layout.writeShards()), mostShards);
        }
        List<Portion> few = Spread.takeEvenly(-delta, shards, mostShards);
        return few.isEmpty() ? Spread.takeEvenly(-delta, shards, GroupCommit.MAX_ENTRIES) : few;
    }

    private static Outcome<Adjustment> sameOrReused(Adjustment earlier, Adjustment asked) {
        return earlier.asksTheSameAs(asked) ? Outcome.done(earlier) : Outcome.refused(new Refusal.KeyReused());
    }
}
