package dev.flashstock.inventory;

import static java.util.stream.Collectors.toSet;

import dev.flashstock.inventory.GroupCommits.Answer;
import dev.flashstock.sharding.ShardChoice;
import dev.flashstock.sharding.Spread;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.ShardLevel;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Turns a request into a hold, or into a rejection that is final: where the direct and the buffered path meet.
 *
 * <p>The chosen shard is tried first, in a {@linkplain GroupCommits group commit}. When others are busy on it, another
 * one is. When it has too few units, all shards are read: one that has enough is tried next; when none has, units are
 * moved to the fullest. Whoever needs a move moves to the same shard, so that those side by side do not take from each
 * other.
 *
 * <p>"Sold out" is said only when it is certain ({@link Looks}).
 *
 * <p>Where too few units were seen a moment ago, all shards are read before a transaction is tried in vain: at the end
 * of a sale shards are left alone, so that the second reading meets nobody.
 */
public final class Holds {
    /** The most requests that are under way in this process; what they wait in is bounded by it. */
    static final int MAX_PLACEMENTS = 10_000;

    /** How often a shard is chosen before it is any shard. */
    private static final int TRIES_BY_CHOICE = 4;

    private final Looks looks;
    private final ReservationTable reservations;
    private final GroupCommits commits;
    private final ShardChoice choice;
    private final SoldOut soldOut;
    private final Retries retries;
    private final IntUnaryOperator random;
    private final Sharing<Reservation.Key, Reservation> underWay = new Sharing<>();
    private final Moves moves;
    private final AtomicInteger placements = new AtomicInteger();

    /**
     * Wires the use case.
     *
     * @param looks reads the shards
     * @param reservations the reservations
     * @param commits takes the units
     * @param choice which shard is tried first
     * @param soldOut is told what is sold out
     * @param retries for what other writers get in the way of
     * @param random a number from 0 to one less than its argument
     */
    public Holds(
            Looks looks,
            ReservationTable reservations,
            GroupCommits commits,
            ShardChoice choice,
            SoldOut soldOut,
            Retries retries,
            IntUnaryOperator random) {
        this.looks = looks;
        this.reservations = reservations;
        this.commits = commits;
        this.choice = choice;
        this.soldOut = soldOut;
        this.retries = retries;
        this.random = random;
        this.moves = new Moves(commits);
    }

    /**
     * Takes the units, once however often it is asked; who asks for the same while it is under way shares it.
     *
     * @param request what is asked for
     * @param listing the SKU's listing
     * @return what the request has become, now or when it was first asked; fails with {@link Unavailable}
     */
    public Uni<Reservation> place(ReservationRequest request, Listing listing) {
        return underWay.share(request.key(), Uni.createFrom().deferred(() -> {
            if (placements.incrementAndGet() > MAX_PLACEMENTS) {
                placements.decrementAndGet();
                return Uni.createFrom()
                        .failure(new Unavailable(MAX_PLACEMENTS + " requests are under way here already"));
            }
            return new Placement(request, listing).place();
        }));
    }

    /** One request on its way. */
    private final class Placement {
        private final ReservationRequest request;
        private final int units;
        private Listing listing;
        /** The shard that is tried next without looking; none: all are read first. */
        private Optional<Integer> next;

        private int timesContended;
        private final AtomicBoolean ended = new AtomicBoolean();

        Placement(ReservationRequest request, Listing listing) {
            this.request = request;
            this.units = request.quantity().units();
            this.listing = listing;
            this.next = Optional.of(chosen()).filter(this::mayHaveEnough);
        }

        Uni<Reservation> place() {
            return retries.until(() -> neverFitsTheLimit()
                            ? rejectOverLimit(0)
                            : next.map(this::takeUnseen).orElseGet(this::lookAround))
                    .onTermination()
                    .invoke(this::end);
        }

        /** The limit may be another one each time: see {@link #decide}. */
        private boolean neverFitsTheLimit() {
            Integer limit = listing.product().perUserLimit();
            return limit != null && units > limit;
        }

        private void end() {
            moves.noLongerWanted(request.sku(), this);
            if (!ended.getAndSet(true)) {
                placements.decrementAndGet();
            }
        }

        private Uni<Optional<Reservation>> takeUnseen(int shard) {
            return take(shard, this::lookAround);
        }

        private Uni<Optional<Reservation>> takeSeen(int shard) {
            return take(shard, Placement::again);
        }

        private Uni<Optional<Reservation>> take(int shard, Supplier<Uni<Optional<Reservation>>> whenTooFew) {
            return commits.hold(request, listing, shard).chain(answer -> {
                if (answer instanceof Answer.There there) {
                    return Retries.settled(there.reservation());
                }
                if (answer instanceof Answer.OverLimit over) {
                    return rejectOverLimit(over.used());
                }
                boolean contended = answer instanceof Answer.Contended;
                next = contended ? Optional.of(elsewhere()) : Optional.empty();
                return contended ? again() : whenTooFew.get();
            });
        }

        /** Who is pushed aside on a shard does not push others aside on theirs, as long as that helps. */
        private int elsewhere() {
            timesContended++;
            return timesContended <= TRIES_BY_CHOICE
                    ? chosen()
                    : random.applyAsInt(listing.layout().writeShards());
        }

        private boolean mayHaveEnough(int shard) {
            return !looks.hadFewer(request.sku(), shard, units);
        }

        private int chosen() {
            return choice.choose(request.sku(), request.user(), listing.layout());
        }

        private Uni<Optional<Reservation>> lookAround() {
            return looks.first(listing).chain(levels -> {
                if (Spread.total(levels) < units) {
                    return looks.second(listing).chain(second -> decide(levels, second));
                }
                List<ShardLevel> enough =
                        levels.stream().filter(it -> it.available() >= units).toList();
                return enough.isEmpty() ? bringTogether(levels) : takeSeen(oneOf(enough));
            });
        }

        /** One that is chosen anyhow, if it is among them: else all processes go to the same few. */
        private int oneOf(List<ShardLevel> levels) {
            Set<Integer> shards = levels.stream().map(ShardLevel::shard).collect(toSet());
            return IntStream.generate(this::chosen)
                    .limit(TRIES_BY_CHOICE)
                    .filter(shards::contains)
                    .findFirst()
                    .orElseGet(
                            () -> levels.get(random.applyAsInt(levels.size())).shard());
        }

        private Uni<Optional<Reservation>> bringTogether(List<ShardLevel> levels) {
            moves.wanted(request.sku(), this, units);
            if (ended.get()) { // its caller went in this very moment
                moves.noLongerWanted(request.sku(), this);
            }
            return moves.bringTogether(request.sku(), levels, listing.layout())
                    .chain(shard -> shard.map(this::takeSeen).orElseGet(this::againWithTheListing));
        }

        /** The shard may have been closed by now, to which units were to be moved. */
        private Uni<Optional<Reservation>> againWithTheListing() {
            return looks.listing(request.sku())
                    .invoke(now -> listing = now.orElse(listing))
                    .chain(Placement::again);
        }

        private Uni<Optional<Reservation>> decide(List<ShardLevel> firstLook, Looks.Second second) {
            boolean certain = second.confirms(listing, firstLook);
            listing = second.listing().orElse(listing);
            return certain ? rejectSoldOut(Spread.total(firstLook)) : again();
        }

        private Uni<Optional<Reservation>> rejectSoldOut(long available) {
            soldOut.hear(request.sku(), available);
            return reject(Reservation.Reason.SOLD_OUT, available);
        }

        private Uni<Optional<Reservation>> rejectOverLimit(long used) {
            Integer limit = listing.product().perUserLimit();
            return reject(Reservation.Reason.OVER_LIMIT, limit == null ? 0 : Math.max(0, limit - used));
        }

        private Uni<Optional<Reservation>> reject(Reservation.Reason reason, long available) {
            return reservations.recordIfAbsent(
                    Reservation.rejected(request, new Reservation.Rejection(reason, available)));
        }

        private static Uni<Optional<Reservation>> again() {
            return Uni.createFrom().item(Optional.empty());
        }
    }
}
