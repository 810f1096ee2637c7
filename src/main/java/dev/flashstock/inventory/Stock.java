package dev.flashstock.inventory;

import dev.flashstock.sharding.Layout;
import dev.flashstock.sharding.Spread;
import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.StockLevel;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Use cases: how much there is, and changing it by hand. */
public final class Stock {
    private final Listings remembered;
    private final Listings exact;
    private final StockTable table;
    private final ReservationTable reservations;
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
     * @param reservations the reservations in which sold units come back
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
            ReservationTable reservations,
            GroupCommits commits,
            StockLevels levels,
            StockLevels exactLevels,
            SoldOut soldOut,
            Retries retries) {
        this.remembered = remembered;
        this.exact = exact;
        this.table = table;
        this.reservations = reservations;
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
     * How many units are left of some SKUs, cheaply.
     *
     * @param skus the SKUs
     * @return the levels of those that are products
     */
    public Uni<Map<Sku, StockLevel>> levels(Set<Sku> skus) {
        return remembered
                .findAll(skus)
                .chain(listings ->
                        listings.isEmpty() ? Uni.createFrom().item(Map.of()) : levels.levels(listings.values()));
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
     * go out are collected from them, never below zero. Sold units that come back are counted in their reservation,
     * never more than were sold in it.
     *
     * @param adjustment what to change and why; the reservation of a return has a genuine id
     * @return the adjustment as it was first recorded; or {@link Refusal.UnknownSku}, {@link Refusal.NotEnoughStock},
     *     {@link Refusal.KeyReused}; of a return also {@link Refusal.WrongState}, {@link Refusal.MoreThanSold}
     */
    public Uni<Outcome<Adjustment>> adjust(Adjustment adjustment) {
        return Uni.createFrom()
                .deferred(() -> retries.until(new Change(adjustment)::tryOnce))
                .onTermination()
                .invoke(() -> soldOut.forget(adjustment.sku())) // what fails may have happened
                .call(outcome -> levels.forget(adjustment.sku()));
    }

    /** One adjustment on its way. */
    private final class Change {
        private final Adjustment adjustment;
        private final Sku sku;
        private int mostShards;
        private boolean refusedBefore;

        Change(Adjustment adjustment) {
            this.adjustment = adjustment;
            this.sku = adjustment.sku();
            // The record, the layout and the movement are three of a transaction's 100 items, a reservation is one.
            this.mostShards = GroupCommit.MAX_ENTRIES - (adjustment.reservation() == null ? 0 : 1);
        }

        Uni<Optional<Outcome<Adjustment>>> tryOnce() {
            return table.adjustment(sku, adjustment.id())
                    .chain(earlier -> earlier.map(it -> Retries.settled(sameOrReused(it)))
                            .orElseGet(() -> exact.find(sku).chain(this::ifListed)));
        }

        private Outcome<Adjustment> sameOrReused(Adjustment earlier) {
            return earlier.asksTheSameAs(adjustment) ? Outcome.done(earlier) : Outcome.refused(new Refusal.KeyReused());
        }

        private Uni<Optional<Outcome<Adjustment>>> ifListed(Optional<Listing> listing) {
            if (listing.isEmpty()) {
                return Retries.settled(Outcome.refused(new Refusal.UnknownSku(sku)));
            }
            Reservation.Key reservation = adjustment.reservation();
            return reservation == null
                    ? change(listing.get(), portions -> table.adjust(adjustment, portions))
                    : takeBack(listing.get(), reservation);
        }

        private Uni<Optional<Outcome<Adjustment>>> takeBack(Listing listing, Reservation.Key reservation) {
            return reservations
                    .find(reservation.user(), reservation.id())
                    .map(found -> found.orElseGet(() -> Reservation.queued(reservation.id(), reservation.user())))
                    .chain(sold -> sold.refusesReturnOf(adjustment.delta())
                            .map(this::refuse)
                            .orElseGet(() -> change(listing, portions -> table.takeBack(adjustment, portions, sold))));
        }

        /** The more shards a transaction has, the more there is to get in its way: after each time it has half. */
        private Uni<Optional<Outcome<Adjustment>>> change(
                Listing listing, Function<List<Portion>, Uni<Attempt>> transaction) {
            return gather(listing).chain(shards -> {
                List<Portion> portions = spread(shards, listing.layout());
                if (portions.isEmpty() && mayBeEnough(shards, listing.layout())) {
                    return Uni.createFrom().item(Optional.empty());
                }
                if (portions.isEmpty()) {
                    return refuse(new Refusal.NotEnoughStock(sku, Spread.takeable(shards, GroupCommit.MAX_ENTRIES)));
                }
                List<Integer> numbers =
                        portions.stream().map(Portion::shard).sorted().toList();
                return commits.alone(sku, numbers, () -> transaction.apply(portions))
                        .map(attempt -> {
                            if (attempt == Attempt.BUSY) {
                                mostShards = Math.max(1, portions.size() / 2);
                            }
                            return attempt == Attempt.DONE
                                    ? Optional.of(Outcome.done(adjustment))
                                    : Optional.<Outcome<Adjustment>>empty();
                        });
            });
        }

        /** Half of a move was seen; but what lies on more shards than a transaction has cannot be had at once. */
        private boolean mayBeEnough(List<ShardLevel> shards, Layout layout) {
            return layout.total(shards) >= -adjustment.delta() && shards.size() <= GroupCommit.MAX_ENTRIES;
        }

        private List<Portion> spread(List<ShardLevel> shards, Layout layout) {
            long delta = adjustment.delta();
            if (delta > 0) {
                return Spread.give(delta, shards.subList(0, layout.writeShards()), mostShards);
            }
            List<Portion> few = Spread.takeEvenly(-delta, shards, mostShards);
            return few.isEmpty() ? Spread.takeEvenly(-delta, shards, GroupCommit.MAX_ENTRIES) : few;
        }

        /**
         * What is in this adjustment's way may be the adjustment itself, sent twice and done between two looks: only
         * what is refused at a second try, and has no record even then, is refused.
         */
        private Uni<Optional<Outcome<Adjustment>>> refuse(Refusal refusal) {
            if (refusedBefore) {
                return table.adjustment(sku, adjustment.id())
                        .map(earlier ->
                                Optional.of(earlier.map(this::sameOrReused).orElseGet(() -> Outcome.refused(refusal))));
            }
            refusedBefore = true;
            return Uni.createFrom().item(Optional.empty());
        }
    }
}
