package dev.flashstock.inventory;

import dev.flashstock.heat.ComingSale;
import dev.flashstock.heat.ComingSale.Surroundings;
import dev.flashstock.heat.TableName;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Use case: gathers what a coming sale depends on. What cannot be read is left unknown; changes nothing. */
public final class Preflight {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Listings listings;
    private final StockLevels levels;
    private final Backends backends;
    private final InstantSource clock;

    /**
     * Wires the use case.
     *
     * @param listings listings as they are
     * @param levels what is in stock, counted now
     * @param backends what else is looked at
     * @param clock the time
     */
    public Preflight(Listings listings, StockLevels levels, Backends backends, InstantSource clock) {
        this.listings = listings;
        this.levels = levels;
        this.backends = backends;
        this.clock = clock;
    }

    /**
     * What else is looked at.
     *
     * @param tables describes tables
     * @param table the one that flashstock works with
     * @param fifo tells whether requests wait in a FIFO queue
     * @param redis completes when Redis answers
     * @param holdsEnd whether this process gives back what is due
     */
    public record Backends(
            Tables tables, TableName table, Supplier<Uni<Boolean>> fifo, Supplier<Uni<Void>> redis, boolean holdsEnd) {}

    /**
     * Gathers what a sale depends on.
     *
     * @param sku what is sold
     * @param peak reservations a second, 1 to {@value dev.flashstock.heat.ShardAdvice#MOST_WRITES_PER_SECOND}
     * @param startsAt when the crowd is expected; null: when the product's sale starts, else now
     * @return the sale, or {@link Refusal.UnknownSku}; fails with {@link Unavailable} when DynamoDB does not answer
     */
    public Uni<Outcome<ComingSale>> of(Sku sku, int peak, @Nullable Instant startsAt) {
        return listings.find(sku)
                .chain(found -> found.map(it -> sale(it, peak, startsAt).map(Outcome::done))
                        .orElseGet(() -> Uni.createFrom().item(Outcome.refused(new Refusal.UnknownSku(sku)))));
    }

    private Uni<ComingSale> sale(Listing listing, int peak, @Nullable Instant startsAt) {
        Instant now = clock.instant();
        Instant planned = listing.product().startsAt();
        Instant crowd = Objects.requireNonNullElse(startsAt, Objects.requireNonNullElse(planned, now));
        return Uni.combine()
                .all()
                .unis(levels.level(listing), surroundings())
                .with((level, around) -> new ComingSale(
                        listing.product(), listing.layout(), level.available(), peak, crowd, now, around));
    }

    private Uni<Surroundings> surroundings() {
        return Uni.combine()
                .all()
                .unis(
                        known(backends.tables().describe(backends.table()).map(Preflight::orNothing)),
                        known(backends.tables().quotas().map(Preflight::orNothing)),
                        known(Uni.createFrom()
                                .deferred(() -> backends.fifo().get())
                                .map(Optional::of)),
                        redisAnswers())
                .with((table, quotas, fifo, redis) -> new Surroundings(
                        table.orElse(null), quotas.orElse(null), fifo.orElse(null), redis, backends.holdsEnd()));
    }

    private static <T> Optional<T> orNothing(Outcome<T> outcome) {
        return outcome.fold(Optional::of, refusal -> Optional.empty());
    }

    /** What is known in time, for whatever reason it is not. */
    private static <T> Uni<Optional<T>> known(Uni<Optional<T>> question) {
        return question.ifNoItem().after(PATIENCE).fail().onFailure().recoverWithItem(Optional::empty);
    }

    private Uni<Boolean> redisAnswers() {
        return known(Uni.createFrom().deferred(() -> backends.redis().get()).replaceWith(Optional.of(true)))
                .map(Optional::isPresent);
    }
}
