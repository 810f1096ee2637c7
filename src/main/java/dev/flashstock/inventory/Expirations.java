package dev.flashstock.inventory;

import dev.flashstock.stock.Movement;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.Reservation.Status;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;

/**
 * Use case: holds whose time is over give their units back. Whoever comes first does it, and it does not matter how many
 * come: an expiry is removed when nothing of it is held any more, and until then it can be settled again.
 */
public final class Expirations {
    /**
     * A transaction becomes visible item by item: only after this time a reservation that is not there has been, and was
     * removed when its time was over.
     */
    static final Duration VISIBLE_FOR_SURE = Duration.ofHours(24);

    private final ExpiryTable expiries;
    private final LedgerTable ledger;
    private final ReservationTable reservations;
    private final GroupCommits commits;
    private final SoldOut soldOut;
    private final InstantSource clock;

    /**
     * Wires the use case.
     *
     * @param expiries what is due
     * @param ledger the movements, which name what is due
     * @param reservations the reservations
     * @param commits gives units back
     * @param soldOut forgets that a SKU is sold out when units come back
     * @param clock tells what is due
     */
    public Expirations(
            ExpiryTable expiries,
            LedgerTable ledger,
            ReservationTable reservations,
            GroupCommits commits,
            SoldOut soldOut,
            InstantSource clock) {
        this.expiries = expiries;
        this.ledger = ledger;
        this.reservations = reservations;
        this.commits = commits;
        this.soldOut = soldOut;
        this.clock = clock;
    }

    /** What came of an expiry. */
    public enum Settlement {
        /** Nothing of it is held any more, or is noted at a later moment: it is removed. */
        DONE,
        /** Others were in the way: it is to be settled again. */
        AGAIN
    }

    /**
     * Gives back the units of those of its holds that are due. What was extended is noted at its new moment.
     *
     * @param expiry as it was read
     * @return what came of it; fails with {@link Unavailable}, and is then to be settled again
     */
    public Uni<Settlement> settle(Expiry expiry) {
        return ledger.movement(expiry.sku(), expiry.movedAt(), expiry.movement())
                .map(movement -> movement.map(Expirations::holders).orElse(List.of()))
                .chain(keys -> reservations.findAll(keys).chain(found -> settle(expiry, keys, found)));
    }

    private static List<Reservation.Key> holders(Movement movement) {
        return movement.lines().stream()
                .filter(it -> it.kind() == Movement.Kind.HOLD)
                .map(Movement.Line::reservation)
                .filter(Objects::nonNull)
                .toList();
    }

    private Uni<Settlement> settle(Expiry expiry, List<Reservation.Key> keys, List<Reservation> found) {
        Instant now = clock.instant();
        boolean allSeen = (!keys.isEmpty() && found.size() == keys.size())
                || expiry.dueAt().plus(VISIBLE_FOR_SURE).isBefore(now);
        List<Reservation> held =
                found.stream().filter(it -> it.status() == Status.HELD).toList();
        List<Reservation> due =
                held.stream().filter(it -> !end(it).isAfter(now)).toList();
        List<Expiry> later = held.stream()
                .map(Expirations::end)
                .filter(it -> it.isAfter(now))
                .distinct()
                .map(it -> new Expiry(it, expiry.sku(), expiry.shard(), expiry.movedAt(), expiry.movement()))
                .toList();
        return giveBack(due)
                .chain(allGiven -> noteAll(later)
                        .chain(() -> allGiven && allSeen && !later.contains(expiry)
                                ? expiries.remove(expiry).replaceWith(Settlement.DONE)
                                : Uni.createFrom().item(Settlement.AGAIN)));
    }

    private static Instant end(Reservation held) {
        return Objects.requireNonNull(held.expiresAt());
    }

    private Uni<Boolean> giveBack(List<Reservation> due) {
        if (due.isEmpty()) {
            return Uni.createFrom().item(true);
        }
        List<Uni<Attempt>> attempts = due.stream()
                .map(it -> commits.giveBack(new GroupCommit.Return(it, Status.EXPIRED))
                        .onFailure(Unavailable.class)
                        .recoverWithItem(Attempt.BUSY))
                .toList();
        return Uni.join()
                .all(attempts)
                .andFailFast()
                .onTermination()
                .invoke(() -> soldOut.forget(due.get(0).sku()))
                .map(done -> done.stream().allMatch(it -> it == Attempt.DONE));
    }

    private Uni<Void> noteAll(List<Expiry> later) {
        return later.isEmpty()
                ? Uni.createFrom().voidItem()
                : Uni.join()
                        .all(later.stream().map(expiries::note).toList())
                        .andFailFast()
                        .replaceWithVoid();
    }
}
