package dev.flashstock.simulation;

import dev.flashstock.inventory.GroupCommit;
import dev.flashstock.simulation.ItemStore.Change;
import dev.flashstock.stock.Product;
import dev.flashstock.stock.Quantity;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.Reservation.Status;
import dev.flashstock.stock.Sku;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Nobody holds and has bought more than the limit; the limit's item is the sum of the units that count. Where a product's
 * limit changes, its highest counts, and only for what was taken while it had one.
 */
final class LimitCheck {
    private final Map<Sku, Set<Optional<Integer>>> limits = new HashMap<>();
    private final Map<Key.Limit, Account> accounts = new HashMap<>();

    /** A user's units of a SKU. */
    private static final class Account {
        /** Held or sold. */
        private long all;
        /** Of these, taken while there was a limit. */
        private long counted;
        /** What its item says. */
        private long item;
        /** Of what counts, less than 0: the fewest is the most. */
        private final Lows lows = new Lows();
    }

    private Account of(Key.Limit key) {
        return accounts.computeIfAbsent(key, it -> new Account());
    }

    /**
     * A write or a transaction has happened.
     *
     * @return what is wrong; null when nothing is
     */
    @Nullable
    String changed(List<Change> changes) {
        Set<Key.Limit> touched = new LinkedHashSet<>();
        for (Change change : changes) {
            if (change.after() instanceof Product product) {
                limits.computeIfAbsent(product.sku(), it -> new LinkedHashSet<>())
                        .add(Optional.ofNullable(product.perUserLimit()));
            } else if (change.key() instanceof Key.Limit key) {
                of(key).item = InMemoryTable.used(change.after());
                touched.add(key);
            } else if (change.key() instanceof Key.Reservation reservation) {
                Key.Limit key = new Key.Limit(reservation.user(), reservation.sku());
                add(of(key), change.before(), -1);
                add(of(key), change.after(), 1);
                touched.add(key);
            }
        }
        return touched.stream()
                .map(this::wrong)
                .filter(it -> it != null)
                .findFirst()
                .orElse(null);
    }

    private static void add(Account account, @Nullable Object item, int sign) {
        if (item instanceof Reservation it && (it.status() == Status.HELD || it.status() == Status.CONFIRMED)) {
            Quantity quantity = it.quantity();
            long units = quantity == null ? 0 : (long) sign * quantity.units();
            account.all += units;
            account.counted += GroupCommit.isCounted(it) ? units : 0;
        }
    }

    private @Nullable String wrong(Key.Limit key) {
        Account account = of(key);
        account.lows.becomes(-account.counted);
        Set<Optional<Integer>> ever = limits.getOrDefault(key.sku(), Set.of());
        long highest =
                ever.stream().flatMap(Optional::stream).mapToInt(it -> it).max().orElse(0);
        if (account.item != account.counted) {
            return key + " has " + account.item + ", and " + account.counted + " units count";
        }
        boolean always = ever.size() == 1 && !ever.contains(Optional.<Integer>empty());
        long least = always ? account.all : account.counted;
        return least > highest ? key + " has " + least + " units, and the limit is " + highest : null;
    }

    /** The lowest limit that a product ever had. */
    Optional<Integer> lowest(Sku sku) {
        return limits.getOrDefault(sku, Set.of()).stream()
                .flatMap(Optional::stream)
                .min(Integer::compare);
    }

    /** How many units counted at the most since a moment. */
    long mostSince(Key.Limit key, Lows.Moment moment) {
        return -of(key).lows.since(moment);
    }

    Lows.Moment now(Key.Limit key) {
        return of(key).lows.now();
    }
}
