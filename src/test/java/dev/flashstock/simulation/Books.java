package dev.flashstock.simulation;

import dev.flashstock.simulation.ItemStore.Change;
import dev.flashstock.simulation.ItemStore.Units;
import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.Product;
import dev.flashstock.stock.Quantity;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.Reservation.Status;
import dev.flashstock.stock.Sku;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the books on every change of the table, at once: no unit is sold that was not stocked, none is lost, each
 * request takes its units once, what is final stays, nobody has more than the limit, no more comes back than was sold,
 * nothing expires before its time or is forgotten, and the ledger tells all of it.
 */
final class Books {
    private final Trace trace;
    private final Map<Sku, Account> accounts = new HashMap<>();
    private final Set<Key> taken = new HashSet<>();
    private final Set<Key> asked = new HashSet<>();
    private final Map<Sku, Duration> shortestHolds = new HashMap<>();
    private final LimitCheck limits = new LimitCheck();
    private final ReturnCheck returns = new ReturnCheck();
    private final ExpiryCheck expiries;

    Books(Trace trace, InstantSource clock) {
        this.trace = trace;
        this.expiries = new ExpiryCheck(clock);
    }

    /** The units of one SKU. */
    static final class Account {
        private final Lows lows = new Lows();
        private long stocked;
        private long available;
        private long held;
        private long confirmed;

        long available() {
            return available;
        }

        Lows lows() {
            return lows;
        }

        boolean balances() {
            return stocked == available + held + confirmed && available >= 0 && held >= 0 && confirmed >= 0;
        }

        private Account add(Change change, int sign, @Nullable Object item) {
            if (item instanceof Units units) {
                available += sign * units.available();
            } else if (item instanceof Adjustment adjustment) {
                stocked += sign * adjustment.delta();
            } else if (item instanceof Reservation reservation && change.key() instanceof Key.Reservation) {
                addReserved(sign, reservation);
            }
            return this;
        }

        private void addReserved(int sign, Reservation reservation) {
            Quantity quantity = reservation.quantity();
            if (quantity != null && reservation.status() == Status.HELD) {
                held += (long) sign * quantity.units();
            } else if (quantity != null && reservation.status() == Status.CONFIRMED) {
                confirmed += (long) sign * quantity.units();
            }
        }

        @Override
        public String toString() {
            return "stocked " + stocked + ", available " + available + ", held " + held + ", confirmed " + confirmed;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Account it && toString().equals(it.toString());
        }

        @Override
        public int hashCode() {
            return toString().hashCode();
        }
    }

    LimitCheck limits() {
        return limits;
    }

    ExpiryCheck expiries() {
        return expiries;
    }

    /** The shortest time for which holds of a SKU were ever to be held. */
    Duration shortestHold(Sku sku) {
        return shortestHolds.getOrDefault(sku, ChronoUnit.FOREVER.getDuration());
    }

    Account of(Sku sku) {
        return accounts.computeIfAbsent(sku, it -> new Account());
    }

    /** Somebody is about to ask for an adjustment. */
    void asked(Adjustment adjustment) {
        asked.add(new Key.Adjustment(adjustment.sku(), adjustment.id()));
    }

    /** A write or a transaction has happened. */
    void changed(List<Change> changes) {
        Sku sku = null;
        for (Change change : changes) {
            sku = change.key().sku();
            of(sku).add(change, -1, change.before()).add(change, 1, change.after());
            check(change);
        }
        unless(LedgerCheck.wrongIn(changes), changes);
        unless(limits.changed(changes), changes);
        unless(returns.changed(changes), changes);
        unless(expiries.changed(changes), changes);
        if (sku != null) {
            Account account = of(sku);
            account.lows.becomes(account.available);
            if (!account.balances()) {
                trace.violation("The books of " + sku + " do not balance: " + account + " after " + changes);
            }
        }
    }

    private void unless(@Nullable String wrong, List<Change> changes) {
        if (wrong != null) {
            trace.violation(wrong + ": " + changes);
        }
    }

    private void check(Change change) {
        if (change.after() instanceof Units units && units.available() < 0) {
            trace.violation("A shard is below zero: " + change);
        }
        if (change.after() instanceof Product product) {
            shortestHolds.merge(
                    product.sku(), product.holdTime(), (one, other) -> one.compareTo(other) < 0 ? one : other);
        }
        if (change.key() instanceof Key.Adjustment && change.before() != null) {
            trace.violation("An adjustment is written twice: " + change);
        }
        if (change.key() instanceof Key.Adjustment && !asked.contains(change.key())) {
            trace.violation("Nobody asked for an adjustment: " + change);
        }
        if (change.key() instanceof Key.Reservation) {
            checkStep((Reservation) change.before(), (Reservation) change.after(), change);
        }
    }

    private void checkStep(@Nullable Reservation before, @Nullable Reservation after, Change change) {
        if (after == null || !(before == null ? mayBegin(after) : mayFollow(before, after))) {
            trace.violation("A reservation may not become this: " + change);
        } else if (before == null && after.status() == Status.HELD && !taken.add(change.key())) {
            trace.violation("Units are taken twice: " + change);
        }
    }

    private static boolean mayBegin(Reservation after) {
        Reservation.Hold hold = after.hold();
        return hold == null
                ? after.status() == Status.REJECTED || after.status() == Status.RELEASED
                : after.status() == Status.HELD && !hold.extended();
    }

    /** Nothing else changes on the way. */
    private static boolean mayFollow(Reservation before, Reservation after) {
        Reservation.Hold held = before.hold();
        if (before.status() == Status.CONFIRMED) {
            int more = after.returned() - before.returned();
            return more > 0 && after.equals(before.withReturnOf(more)); // how many: see ReturnCheck
        }
        if (before.status() != Status.HELD || held == null) {
            return false;
        }
        return switch (after.status()) {
            case HELD -> isExtended(before, held, after);
            case CONFIRMED -> after.equals(before.sold(after.paymentReference()));
            case RELEASED, EXPIRED -> after.equals(before.as(after.status()));
            case QUEUED, REJECTED -> false;
        };
    }

    private static boolean isExtended(Reservation before, Reservation.Hold held, Reservation after) {
        Instant until = after.expiresAt();
        return !held.extended()
                && until != null
                && until.isAfter(held.expiresAt())
                && after.equals(before.with(held.extendedTo(until)));
    }

    /** The same books, from the items themselves. */
    static Account count(ItemStore store, Sku sku) {
        Account account = new Account();
        store.all()
                .filter(it -> it.getKey().sku().equals(sku))
                .forEach(it -> account.add(new Change(it.getKey(), null, it.getValue()), 1, it.getValue()));
        return account;
    }
}
