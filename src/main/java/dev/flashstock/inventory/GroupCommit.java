package dev.flashstock.inventory;

import dev.flashstock.stock.Movement;
import dev.flashstock.stock.Quantity;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.TraceParent;
import dev.flashstock.stock.UserId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One transaction on one shard: reservations take units from it, others give theirs back. All of it happens or nothing.
 * With it go a {@link #movement}, an {@link #expiry} when units are taken, and for each reservation that counts against
 * a limit its user's units.
 *
 * @param token names the transaction: sent again under its token, for at least ten minutes, it happens once; never used
 *     for another
 * @param at when it is first sent, to the millisecond
 * @param sku whose units
 * @param shard the shard's number
 * @param holds the reservations that take units, each put only if absent; all of them expire at one moment
 * @param returns the reservations that give units back, each changed only while it is held
 * @param traces the recorded spans that {@code holds} belong to, the first come first
 */
public record GroupCommit(
        String token,
        Instant at,
        Sku sku,
        int shard,
        List<Reservation> holds,
        List<Return> returns,
        List<TraceParent> traces) {
    /**
     * The most items that reservations have in a commit: a transaction has 100, and the shard, the movement and the
     * expiry are three. A reservation is one, and one more when it counts against a limit.
     */
    public static final int MAX_ENTRIES = 97;

    /**
     * A hold that ends.
     *
     * @param reservation the reservation, as it was read
     * @param becomes what it is afterwards: released, or expired, which it can only be while it ends at the same moment
     * @param forced who ends it by hand, and why; null when it ends by itself or by its user
     */
    public record Return(
            Reservation reservation,
            Reservation.Status becomes,
            @Nullable Forced forced) {
        /**
         * A hold that ends by itself or by its user.
         *
         * @param reservation the reservation, as it was read
         * @param becomes what it is afterwards
         */
        public Return(Reservation reservation, Reservation.Status becomes) {
            this(reservation, becomes, null);
        }
    }

    /**
     * That somebody of the shop ends a user's hold.
     *
     * @param by who
     * @param reason why, for the ledger: 1 to {@value #MAX_REASON} characters, none of them a control character
     */
    public record Forced(UserId by, String reason) {
        /** The longest reason, in characters. */
        public static final int MAX_REASON = 200;

        /**
         * Checks the reason.
         *
         * @throws IllegalArgumentException when it is blank, too long, or has control characters
         */
        public Forced {
            if (reason.isBlank()
                    || reason.length() > MAX_REASON
                    || reason.codePoints().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException(
                        "A reason is 1 to " + MAX_REASON + " characters, not blank and without control characters");
            }
        }
    }

    /**
     * A commit of which no trace is recorded.
     *
     * @param token names the transaction
     * @param at when it is first sent
     * @param sku whose units
     * @param shard the shard's number
     * @param holds the reservations that take units
     * @param returns the reservations that give units back
     */
    public GroupCommit(String token, Instant at, Sku sku, int shard, List<Reservation> holds, List<Return> returns) {
        this(token, at, sku, shard, holds, returns, List.of());
    }

    /**
     * Checks the bounds.
     *
     * @throws IllegalArgumentException when there are no reservations, too many, one twice, two that count against one
     *     limit, holds that expire at different moments, or something that is not held
     */
    public GroupCommit {
        Set<Reservation.Key> reservations = new HashSet<>();
        Set<UserId> limited = new HashSet<>();
        Set<Instant> ends = new HashSet<>();
        int items = 0;
        List<Reservation> all = new ArrayList<>(holds);
        returns.forEach(it -> all.add(it.reservation()));
        for (Reservation it : all) {
            boolean counts = isCounted(it);
            items += counts ? 2 : 1;
            if (!reservations.add(it.key()) || (counts && !limited.add(it.user()))) {
                throw new IllegalArgumentException("A group commit has each reservation and each limit once");
            }
        }
        holds.forEach(it -> ends.add(hold(it).expiresAt()));
        boolean tooMany = counted(holds).stream().anyMatch(it -> it.units() > it.limit());
        if (items < 1 || items > MAX_ENTRIES || ends.size() > 1 || tooMany) {
            throw new IllegalArgumentException("A group commit has 1 to " + MAX_ENTRIES
                    + " items, and holds that expire together, each within its limit");
        }
    }

    /**
     * How the shard's units change.
     *
     * @return units given back, less those taken
     */
    public long change() {
        return returns.stream().mapToLong(it -> units(it.reservation())).sum()
                - holds.stream().mapToLong(GroupCommit::units).sum();
    }

    /**
     * What the ledger says of it.
     *
     * @return the movement, with a line for each reservation
     */
    public Movement movement() {
        List<Movement.Line> lines = new ArrayList<>(holds.size() + returns.size());
        holds.forEach(it -> lines.add(new Movement.Line(Movement.Kind.HOLD, -units(it), it.key(), null, null)));
        returns.forEach(it -> lines.add(line(it)));
        return new Movement(token, sku, at, List.of(new Movement.Change(shard, change())), lines);
    }

    private static Movement.Line line(Return end) {
        Movement.Kind kind = end.becomes() == Reservation.Status.EXPIRED ? Movement.Kind.EXPIRY : Movement.Kind.RELEASE;
        Forced forced = end.forced();
        return new Movement.Line(
                kind,
                units(end.reservation()),
                end.reservation().key(),
                forced == null ? null : forced.by(),
                forced == null ? null : forced.reason());
    }

    /**
     * A reservation whose units count against its user's limit.
     *
     * @param user whose
     * @param sku of which product
     * @param units how many
     * @param limit the most that may count, these among them
     */
    public record Counted(UserId user, Sku sku, long units, int limit) {}

    /**
     * The holds that count against limits.
     *
     * @return each with its limit, in the order of {@code holds}
     */
    public List<Counted> countedHolds() {
        return counted(holds);
    }

    /**
     * The holds that no longer count against limits.
     *
     * @return each with its limit, in the order of {@code returns}
     */
    public List<Counted> countedReturns() {
        return counted(returned());
    }

    /**
     * The reservations that give their units back.
     *
     * @return each as it was read
     */
    public List<Reservation> returned() {
        return returns.stream().map(Return::reservation).toList();
    }

    /**
     * Whether a reservation's units count against its user's limit.
     *
     * @param reservation one that is held
     * @return true when the product had a limit when they were taken
     */
    public static boolean isCounted(Reservation reservation) {
        return hold(reservation).limit() != null;
    }

    private static List<Counted> counted(List<Reservation> reservations) {
        return reservations.stream()
                .filter(GroupCommit::isCounted)
                .map(it -> new Counted(it.user(), it.sku(), units(it), Objects.requireNonNull(hold(it).limit())))
                .toList();
    }

    /**
     * When its holds are due.
     *
     * @return the moment, with this commit's movement, which names them; nothing when it has no holds
     */
    public Optional<Expiry> expiry() {
        return holds.stream().findFirst().map(it -> new Expiry(hold(it).expiresAt(), sku, shard, at, token));
    }

    private static Reservation.Hold hold(Reservation reservation) {
        Reservation.Hold hold = reservation.hold();
        if (hold == null) {
            throw new IllegalArgumentException("Nothing is held: " + reservation.id());
        }
        return hold;
    }

    private static long units(Reservation reservation) {
        Quantity quantity = reservation.quantity();
        if (quantity == null) {
            throw new IllegalArgumentException("Only a hold has units: " + reservation.id());
        }
        return quantity.units();
    }

    /** What came of a commit. */
    public sealed interface Result {
        /** It has happened. */
        record Committed() implements Result {}

        /**
         * Nothing was written.
         *
         * @param shard what kept the shard's change from being made, or the movement or the expiry from being written
         * @param holds the same for each of {@code holds}
         * @param returns the same for each of {@code returns}
         */
        record Cancelled(Reason shard, List<Reason> holds, List<Reason> returns) implements Result {}
    }

    /** What keeps one item of a commit from being written. */
    public sealed interface Reason {
        /**
         * What keeps one of two items from being written.
         *
         * @param other the same for another item
         * @return this, or the other when nothing keeps this one
         */
        default Reason orElse(Reason other) {
            return this instanceof None ? other : this;
        }

        /** Nothing: another item's reason cancelled the transaction. */
        record None() implements Reason {}

        /**
         * The shard has too few units.
         *
         * @param available how many it has
         */
        record TooFew(long available) implements Reason {}

        /** The shard is given no units any more. */
        record Closed() implements Reason {}

        /**
         * The hold is there already.
         *
         * @param reservation what it has become
         */
        record Exists(Reservation reservation) implements Reason {}

        /**
         * The hold's user would have more than the limit.
         *
         * @param used the units that count against it already
         */
        record OverLimit(long used) implements Reason {}

        /** What should give its units back does not hold any. */
        record NotHeld() implements Reason {}

        /** Another transaction on the item is under way. */
        record Conflict() implements Reason {}

        /** The item's partition is at its limit. */
        record Throttled() implements Reason {}
    }
}
