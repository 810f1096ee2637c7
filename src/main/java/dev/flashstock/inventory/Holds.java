package dev.flashstock.inventory;

import dev.flashstock.sharding.ShardChoice;
import dev.flashstock.sharding.Spread;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.ShardLevel;
import io.smallrye.mutiny.Uni;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * Turns a request into a hold, or into a rejection that is final: where the direct and the buffered path meet.
 *
 * <p>The chosen shard is tried first. When it has too few units, all shards are read and the next try takes from one
 * that has enough, or from several in one transaction when none has. "Sold out" is said only after two readings of all
 * shards that show too few units and the same versions: between them nothing changed, so at that moment the units were
 * not there (the double collect of Afek et al., "Atomic snapshots of shared memory", 1993).
 */
public final class Holds {
    private final StockTable table;
    private final ReservationTable reservations;
    private final ShardChoice choice;
    private final Retries retries;
    private final InstantSource clock;
    private final IntUnaryOperator random;

    /**
     * Wires the use case.
     *
     * @param table the shards
     * @param reservations the reservations
     * @param choice which shard is tried first
     * @param retries for what other writers get in the way of
     * @param clock from when units are held
     * @param random a number from 0 to one less than its argument
     */
    public Holds(
            StockTable table,
            ReservationTable reservations,
            ShardChoice choice,
            Retries retries,
            InstantSource clock,
            IntUnaryOperator random) {
        this.table = table;
        this.reservations = reservations;
        this.choice = choice;
        this.retries = retries;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Takes the units, once however often it is asked.
     *
     * @param request what is asked for
     * @param listing the SKU's listing
     * @return what the request has become, now or when it was first asked; fails with {@link Unavailable}
     */
    public Uni<Reservation> place(ReservationRequest request, Listing listing) {
        return Uni.createFrom()
                .item(() -> choice.choose(request.user(), listing.layout()))
                .map(shard -> List.of(new Portion(shard, request.quantity().units())))
                .chain(first -> take(request, listing, first))
                .chain(held -> held.map(it -> Uni.createFrom().item(it))
                        .orElseGet(() -> retries.until(() -> lookAround(request, listing))));
    }

    private Uni<Optional<Reservation>> take(ReservationRequest request, Listing listing, List<Portion> takes) {
        Reservation hold = Reservation.held(
                request,
                takes.get(0).shard(),
                clock.instant(),
                listing.product().holdTime());
        return table.commit(new GroupCommit(request.sku(), takes, List.of(hold)))
                .map(result -> held(hold, result));
    }

    private static Optional<Reservation> held(Reservation hold, GroupCommit.Result result) {
        if (result instanceof GroupCommit.Result.Committed) {
            return Optional.of(hold);
        }
        if (result instanceof GroupCommit.Result.Refused refused) {
            return Optional.ofNullable(refused.existing().get(0));
        }
        return Optional.empty();
    }

    private Uni<Optional<Reservation>> lookAround(ReservationRequest request, Listing listing) {
        return gather(request, listing).chain(levels -> {
            if (Spread.total(levels) < request.quantity().units()) {
                return lookTwice(request, listing, levels);
            }
            List<Portion> takes = plan(request, levels);
            return takes.isEmpty() ? tooScattered() : take(request, listing, takes);
        });
    }

    /** More shards than a transaction holds, with a unit or so each: not sold out, and perhaps better in a moment. */
    private static Uni<Optional<Reservation>> tooScattered() {
        return Uni.createFrom().item(Optional.empty());
    }

    private Uni<Optional<Reservation>> lookTwice(
            ReservationRequest request, Listing listing, List<ShardLevel> firstLook) {
        return gather(request, listing)
                .chain(secondLook -> secondLook.equals(firstLook)
                        ? reject(request, Spread.total(firstLook))
                        : Uni.createFrom().item(Optional.empty()));
    }

    private Uni<Optional<Reservation>> reject(ReservationRequest request, long available) {
        return reservations.recordIfAbsent(
                Reservation.rejected(request, new Reservation.Rejection(Reservation.Reason.SOLD_OUT, available)));
    }

    private Uni<List<ShardLevel>> gather(ReservationRequest request, Listing listing) {
        return table.gather(request.sku(), listing.layout().readShards());
    }

    private List<Portion> plan(ReservationRequest request, List<ShardLevel> levels) {
        int units = request.quantity().units();
        List<ShardLevel> enough =
                levels.stream().filter(level -> level.available() >= units).toList();
        return enough.isEmpty()
                ? Spread.takeFromFewest(units, fromAnywhere(levels), GroupCommit.MAX_ENTRIES)
                : List.of(
                        new Portion(enough.get(random.applyAsInt(enough.size())).shard(), units));
    }

    /** Placements side by side that all took from the same shards would get in each other's way until they give up. */
    private List<ShardLevel> fromAnywhere(List<ShardLevel> levels) {
        List<ShardLevel> rotated = new ArrayList<>(levels);
        Collections.rotate(rotated, random.applyAsInt(levels.size()));
        return rotated;
    }
}
