package dev.flashstock.simulation;

import dev.flashstock.simulation.ItemStore.Change;
import dev.flashstock.simulation.ItemStore.Units;
import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.Quantity;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.Reservation.Status;
import dev.flashstock.stock.Sku;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the books on every change of the table, at once: no unit is sold that was not stocked, none is lost, each
 * request takes its units once, what is final stays.
 */
final class Books {
    private final Trace trace;
    private final Map<Sku, Account> accounts = new HashMap<>();
    private final Set<Key> taken = new HashSet<>();

    Books(Trace trace) {
        this.trace = trace;
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

    Account of(Sku sku) {
        return accounts.computeIfAbsent(sku, it -> new Account());
    }

    /** A write or a transaction has happened. */
    void changed(List<Change> changes) {
        Sku sku = null;
        for (Change change : changes) {
            sku = change.key().sku();
            of(sku).add(change, -1, change.before()).add(change, 1, change.after());
            check(change);
        }
        if (sku != null) {
            Account account = of(sku);
            account.lows.becomes(account.available);
            if (!account.balances()) {
                trace.violation("The books of " + sku + " do not balance: " + account + " after " + changes);
            }
        }
    }

    private void check(Change change) {
        if (change.after() instanceof Units units && units.available() < 0) {
            trace.violation("A shard is below zero: " + change);
        }
        if (change.key() instanceof Key.Adjustment && change.before() != null) {
            trace.violation("An adjustment is written twice: " + change);
        }
        if (change.key() instanceof Key.Reservation) {
            checkStep((Reservation) change.before(), (Reservation) change.after(), change);
        }
    }

    private void checkStep(@Nullable Reservation before, @Nullable Reservation after, Change change) {
        if (after == null || !mayFollow(before == null ? null : before.status(), after.status())) {
            trace.violation("A reservation may not become this: " + change);
        } else if (before == null && after.status() == Status.HELD && !taken.add(change.key())) {
            trace.violation("Units are taken twice: " + change);
        }
    }

    private static boolean mayFollow(@Nullable Status before, Status after) {
        return before == null
                ? after == Status.HELD || after == Status.REJECTED || after == Status.RELEASED
                : before == Status.HELD && (after == Status.CONFIRMED || after == Status.RELEASED);
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
