package dev.flashstock.inventory;

import dev.flashstock.inventory.Count.Counted;
import dev.flashstock.stock.Audit;
import dev.flashstock.stock.Discrepancy;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Audits a SKU: counts its books, and counts them again when something is wrong.
 *
 * <p>While it is sold, a reservation may be read before a change and its movement after it, or the other way round: its
 * balance is wrong in one count. It is not wrong by the same units in a second one that begins when the first has ended:
 * for that it would have to change twice in the same direction, and a reservation takes its units once and gives them
 * back once. So what both counts have found wrong by the same units is wrong, and is named. The same goes for the sums:
 * of the difference counts what both counts have found, less what was in flight.
 *
 * <p>What the ledger does not know, a count of the ledger does not meet: a reservation that somebody has written there,
 * or whose movement was lost. When it is asked for, or when something is wrong with nothing in flight, all reservations
 * in the table are searched for such; the second count looks for them in the ledger again, because they may have been
 * made in between.
 */
final class Auditor {
    /** The most reservations that the ledger does not know can be looked for again. */
    static final int MAX_UNKNOWN = 10_000;

    /** How often it begins anew when the SKU gets more shards. */
    private static final int RETRIES = 2;

    /** About so many more things that are wrong more is found out, so that they can be named. */
    private static final int MAX_SUSPECTS = 10_000;

    private final Audits.Source source;
    private final Consumer<Audit> counted;

    /**
     * How an audit is made.
     *
     * @param id names it
     * @param listing of the SKU whose books are counted
     * @param mostMovements with more of them in the ledger it fails with {@link Tally.TooMuch}
     * @param search when the whole table is searched
     */
    record Order(String id, Listing listing, long mostMovements, Search search) {
        Sku sku() {
            return listing.product().sku();
        }
    }

    /** Units may have gone to shards that were not counted. */
    private static final class MoreShards extends Tally.TooMuch {
        private static final long serialVersionUID = 1L;

        MoreShards() {
            super("The product got more shards each time that it was counted: ask again later");
        }
    }

    /** When the whole table is searched. */
    enum Search {
        /** Not at all. */
        NEVER,
        /** When something is wrong. */
        IF_WRONG,
        /** In any case. */
        ALWAYS
    }

    Auditor(Audits.Source source, Consumer<Audit> counted) {
        this.source = source;
        this.counted = counted;
    }

    /**
     * Audits.
     *
     * @param order what and how
     * @param progress is told how many movements more were read, from time to time
     * @return the result; fails with {@link Tally.TooMuch} and with {@link Unavailable}
     */
    Uni<Audit> audit(Order order, LongConsumer progress) {
        return Uni.createFrom()
                .deferred(() -> auditOnce(order, progress))
                .onFailure(MoreShards.class)
                .retry()
                .atMost(RETRIES);
    }

    private Uni<Audit> auditOnce(Order order, LongConsumer progress) {
        Instant begin = source.clock().instant();
        Tally tally = new Tally(Set.of(), order.search() != Search.NEVER, order.mostMovements());
        return count(order, tally, List.of(), progress)
                .chain(first -> search(order, first)
                        .chain(unknown -> agrees(first) && (unknown == null || unknown.isEmpty())
                                ? Uni.createFrom()
                                        .item(result(order, begin, first, first, unknown != null, new Named()))
                                : again(order, begin, first, unknown, progress)))
                .invoke(counted);
    }

    private Uni<Counted> count(Order order, Tally tally, List<Reservation.Key> suspects, LongConsumer progress) {
        return readShards(order)
                .chain(shards -> new Count(source, order.sku(), shards, tally, progress)
                        .run(suspects)
                        .call(() -> readShards(order).invoke(now -> {
                            if (now > shards) {
                                throw new MoreShards();
                            }
                        })));
    }

    /** Those of a product that is gone stay as they were. */
    private Uni<Integer> readShards(Order order) {
        return source.listings()
                .find(order.sku())
                .map(now -> now.orElse(order.listing()).layout().readShards());
    }

    private static boolean agrees(Counted counted) {
        return counted.tally().balances().isEmpty() && counted.difference() == 0 && counted.shards() == 0;
    }

    /** The reservations that the ledger does not know; null: they were not searched for. */
    private Uni<@Nullable List<Reservation.Key>> search(Order order, Counted first) {
        boolean wrong = first.difference() != 0 || first.shards() != 0 || (first.exact() && !agrees(first));
        if (order.search() == Search.ALWAYS || (order.search() == Search.IF_WRONG && wrong)) {
            Tally known = first.tally().sorted();
            return source.reservations()
                    .search(order.sku())
                    .map(Reservation::key)
                    .filter(it -> !known.knows(it))
                    .select()
                    .first(MAX_UNKNOWN + 1)
                    .collect()
                    .asList()
                    .invoke(Auditor::bound)
                    .<@Nullable List<Reservation.Key>>map(unknown -> unknown);
        }
        return Uni.createFrom().nullItem();
    }

    /** With some of them left out, what they hold would be taken for missing. */
    private static void bound(List<Reservation.Key> unknown) {
        if (unknown.size() > MAX_UNKNOWN) {
            throw new Tally.TooMuch(
                    "More than " + MAX_UNKNOWN + " reservations are held or sold that the ledger did not"
                            + " know when it was read: their movements are lost, or they were made since; in the latter case"
                            + " ask again when less is sold");
        }
    }

    private Uni<Audit> again(
            Order order, Instant begin, Counted first, @Nullable List<Reservation.Key> unknown, LongConsumer progress) {
        List<Reservation.Key> suspects = unknown == null ? List.of() : unknown;
        Set<Long> strangers = suspects.stream().map(Tally::hash).collect(Collectors.toSet());
        Set<Long> watched = new HashSet<>(strangers);
        first.tally().balances().keySet().stream().limit(MAX_SUSPECTS).forEach(watched::add);
        return count(order, new Tally(watched, false, order.mostMovements()), suspects, progress)
                .map(second -> result(order, begin, first, second, unknown != null, named(first, second, strangers)));
    }

    /** What is wrong, and how much of it has no name. */
    private static final class Named {
        private final List<Discrepancy> all = new ArrayList<>();
        private long more;

        void add(@Nullable Discrepancy discrepancy) {
            if (discrepancy == null || all.size() == Audit.MAX_NAMED) {
                more++;
            } else {
                all.add(discrepancy);
            }
        }
    }

    private static Named named(Counted first, Counted second, Set<Long> strangers) {
        Named named = new Named();
        long shards = certain(first.shards(), second.shards());
        if (shards != 0) {
            named.add(new Discrepancy(Discrepancy.Kind.SHARDS, shards, null, null));
        }
        Map<Long, Long> before = first.tally().balances();
        second.tally().balances().forEach((hash, balance) -> {
            Suspect suspect = second.tally().suspect(hash);
            boolean unheld = suspect != null && strangers.contains(hash) && !suspect.isTaken();
            if (unheld || balance.equals(before.get(hash))) {
                named.add(suspect == null ? null : suspect.wrongBy(balance));
            }
        });
        return named;
    }

    /** What two counts agree on: nothing when they differ in the direction. */
    private static long certain(long one, long other) {
        return Long.signum(one) == Long.signum(other) ? Long.signum(one) * Math.min(Math.abs(one), Math.abs(other)) : 0;
    }

    private Audit result(Order order, Instant begin, Counted first, Counted last, boolean searched, Named named) {
        Tally tally = last.tally();
        return new Audit(
                order.id(),
                order.sku(),
                begin,
                source.clock().instant(),
                tally.stocked(),
                tally.repaired(),
                last.available(),
                tally.held(),
                tally.confirmed(),
                last.exact() ? last.difference() : certain(first.difference(), last.difference()),
                last.inFlight(),
                searched,
                tally.movements(),
                last.versions(),
                named.all,
                named.more);
    }
}
