package dev.flashstock.inventory;

import dev.flashstock.inventory.LedgerTable.Position;
import dev.flashstock.stock.Movement;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Use case: what became of a SKU's stock, in the order of time. An hour's movements lie in buckets; a few of each are
 * read and merged. What was read of a bucket that has more tells nothing of what follows: the merged movements count up
 * to the smallest last place of such a bucket.
 */
public final class Ledger {
    /** The first moment that a ledger is read from. */
    public static final Instant BEGINNING = Instant.EPOCH;

    /** The last moment that a ledger is read to: years have four digits. */
    public static final Instant END = Instant.parse("9999-12-31T23:59:59.999Z");

    /** How often the buckets of an hour are read for a page, in all. */
    static final int MAX_ROUNDS = 40;

    /** How many buckets are read side by side: selling needs the connections more. */
    private static final int AT_ONCE = 16;

    /** How many movements of each bucket are read when only some kinds are wanted. */
    private static final int MANY = 16;

    private final Listings listings;
    private final LedgerTable ledger;

    /**
     * Wires the use case.
     *
     * @param listings tells unknown SKUs from those without movements
     * @param ledger the movements
     */
    public Ledger(Listings listings, LedgerTable ledger) {
        this.listings = listings;
        this.ledger = ledger;
    }

    /**
     * What of a ledger is wanted.
     *
     * @param from movements at this moment or later
     * @param until movements before this moment
     * @param kinds movements with lines of these kinds, and of their lines only these; empty: all
     */
    public record Extract(Instant from, Instant until, Set<Movement.Kind> kinds) {
        /**
         * Keeps the kinds for itself.
         *
         * @throws IllegalArgumentException when {@code until} comes before {@code from}, or one of them is not between
         *     {@link #BEGINNING} and {@link #END}
         */
        public Extract {
            if (from.isBefore(BEGINNING) || until.isAfter(END) || until.isBefore(from)) {
                throw new IllegalArgumentException("A time from " + BEGINNING + " to " + END + ", the first one first");
            }
            kinds = Set.copyOf(kinds);
        }

        private Optional<Movement> of(Movement movement) {
            if (kinds.isEmpty()) {
                return Optional.of(movement);
            }
            List<Movement.Line> lines = movement.lines().stream()
                    .filter(it -> kinds.contains(it.kind()))
                    .toList();
            return lines.isEmpty() ? Optional.empty() : Optional.of(movement.with(lines));
        }
    }

    /**
     * Some movements of a ledger.
     *
     * @param movements in the order of their places
     * @param next where to go on after; null: nothing follows
     */
    public record Page(List<Movement> movements, @Nullable Position next) {}

    /**
     * Reads a page. No movement is skipped or comes twice when pages follow each other; what is written meanwhile may be
     * missing before the place that a page has reached.
     *
     * @param sku the SKU, also of a product that was deleted
     * @param extract what is wanted
     * @param after the place to go on after; null: from the beginning
     * @param limit the most movements
     * @return up to {@code limit} movements. There may be fewer although more follow; none only when none follow, or when
     *     {@value #MAX_ROUNDS} readings of an hour's buckets met none of the kinds that are wanted. {@link
     *     Refusal.UnknownSku} when there is neither a product nor a movement
     */
    public Uni<Outcome<Page>> page(Sku sku, Extract extract, @Nullable Position after, int limit) {
        return isKnown(sku)
                .chain(known -> known
                        ? new Reading(sku, extract, limit)
                                .from(place(extract, after), MAX_ROUNDS)
                                .map(Outcome::done)
                        : Uni.createFrom().item(Outcome.refused(new Refusal.UnknownSku(sku))));
    }

    private static Position place(Extract extract, @Nullable Position after) {
        Position begin = before(extract.from());
        return after == null || after.compareTo(begin) < 0 ? begin : after;
    }

    /** The place before all movements of a moment. */
    private static Position before(Instant moment) {
        return new Position(moment, "");
    }

    private Uni<Boolean> isKnown(Sku sku) {
        return listings.find(sku)
                .chain(listing -> listing.isPresent()
                        ? Uni.createFrom().item(true)
                        : ledger.hours(sku, BEGINNING, END, 1).map(hours -> !hours.isEmpty()));
    }

    /** One page in the making. */
    private final class Reading {
        private final Sku sku;
        private final Extract extract;
        private final int limit;
        private final int few;
        private final List<Movement> found = new ArrayList<>();

        Reading(Sku sku, Extract extract, int limit) {
            this.sku = sku;
            this.extract = extract;
            this.limit = limit;
            this.few = extract.kinds().isEmpty() ? 4 + limit / 25 : MANY;
        }

        Uni<Page> from(Position place, int rounds) {
            if (!place.at().isBefore(extract.until())) {
                return end(null);
            }
            if (rounds == 0) {
                return end(place);
            }
            return ledger.hours(sku, place.at(), extract.until(), 1)
                    .chain(hours -> hours.isEmpty() ? end(null) : inHour(hours.get(0), place, rounds));
        }

        private Uni<Page> inHour(Instant hour, Position place, int rounds) {
            List<Uni<List<Movement>>> buckets = IntStream.range(0, LedgerTable.BUCKETS)
                    .mapToObj(bucket -> ledger.movements(sku, hour, bucket, place, few))
                    .toList();
            return Uni.join()
                    .all(buckets)
                    .usingConcurrencyOf(AT_ONCE)
                    .andFailFast()
                    .chain(read -> goOn(hour, read, rounds));
        }

        private Uni<Page> goOn(Instant hour, List<List<Movement>> read, int rounds) {
            Optional<Position> sure = read.stream()
                    .filter(it -> it.size() == few)
                    .map(it -> Position.of(it.get(few - 1)))
                    .min(Comparator.naturalOrder());
            List<Movement> merged = read.stream()
                    .flatMap(List::stream)
                    .filter(it -> sure.isEmpty() || Position.of(it).compareTo(sure.get()) <= 0)
                    .filter(it -> !it.at().isBefore(extract.from()) && it.at().isBefore(extract.until()))
                    .sorted(Comparator.comparing(Position::of))
                    .toList();
            for (Movement movement : merged) {
                Optional<Movement> wanted = extract.of(movement);
                if (wanted.isPresent() && found.size() == limit) {
                    return end(Position.of(found.get(limit - 1)));
                }
                wanted.ifPresent(found::add);
            }
            return from(sure.orElseGet(() -> before(hour.plus(Duration.ofHours(1)))), rounds - 1);
        }

        private Uni<Page> end(@Nullable Position next) {
            return Uni.createFrom().item(new Page(List.copyOf(found), next));
        }
    }
}
