package dev.flashstock.inventory;

import dev.flashstock.stock.Counted;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * Use cases: how often products are viewed. Views are counted in memory and written from time to time, with one write for
 * each SKU however often it was viewed. They are not exact: a process that is killed loses those since its last flush, and
 * a write whose answer is lost is done again, perhaps a second time.
 */
public final class Views {
    /** The most SKUs whose views wait to be written. */
    static final int MAX_SKUS = 10_000;
    /** How many writes are under way at a time. */
    static final int WRITES_AT_ONCE = 16;
    /** How long it is tried at the end to write what is left. */
    static final Duration LAST_FLUSH = Duration.ofSeconds(10);

    private static final Duration BETWEEN_LAST_TRIES = Duration.ofSeconds(1);

    private final Listings listings;
    private final CounterTable table;
    private final Pauses pauses;
    private final IntUnaryOperator random;
    private final FailureListener failures;
    private final RememberedCounts counts;
    private final Repetition flushes;

    /** Those that are not known to be written. */
    private final Map<Sku, Long> waiting = new HashMap<>();

    private Uni<Void> flushed = Uni.createFrom().voidItem();

    /**
     * Wires the use cases.
     *
     * @param listings which products there are
     * @param table the views
     * @param flush from the end of a flush to the beginning of the next
     * @param rememberedFor how old a total may be that is told
     * @param clock tells when a total was made
     * @param pauses waits
     * @param random a number from 0 to one less than its argument
     * @param failures is told what could not be written
     */
    public Views(
            Listings listings,
            CounterTable table,
            Duration flush,
            Duration rememberedFor,
            InstantSource clock,
            Pauses pauses,
            IntUnaryOperator random,
            FailureListener failures) {
        this.listings = listings;
        this.table = table;
        this.pauses = pauses;
        this.random = random;
        this.failures = failures;
        this.counts = new RememberedCounts(table::views, rememberedFor, clock);
        this.flushes = new Repetition(() -> flush().replaceWith(flush), pauses);
    }

    /** Is told what could not be written. */
    public interface FailureListener {
        /**
         * A flush has ended in which writes failed; they are done again in the next.
         *
         * @param writes how many, at least 1
         * @param first the first failure
         */
        void failed(int writes, Throwable first);

        /**
         * Views will not be written any more: the process ends.
         *
         * @param views how many, at least 1
         */
        void lost(long views);
    }

    /**
     * A product is viewed.
     *
     * @param sku its SKU
     * @return the SKU, or {@link Refusal.UnknownSku}; fails with {@link Unavailable}, also when the views of {@value
     *     #MAX_SKUS} other products wait to be written
     */
    public Uni<Outcome<Sku>> viewed(Sku sku) {
        return listings.ofProduct(sku, listing -> Uni.createFrom().item(() -> add(sku)));
    }

    private Sku add(Sku sku) {
        synchronized (waiting) {
            if (waiting.size() == MAX_SKUS && !waiting.containsKey(sku)) {
                throw new Unavailable("The views of " + MAX_SKUS + " products wait to be written");
            }
            waiting.merge(sku, 1L, Long::sum);
        }
        return sku;
    }

    /**
     * How often a product was viewed, but for what is not written yet.
     *
     * @param sku its SKU
     * @return how often, and as of when; or {@link Refusal.UnknownSku}; fails with {@link Unavailable}
     */
    public Uni<Outcome<Counted>> count(Sku sku) {
        return listings.ofProduct(sku, listing -> counts.count(sku));
    }

    /** Begins to write; once only. */
    public synchronized void start() {
        flushed = flushes.run().memoize().indefinitely();
        flushed.subscribe().with(nothing -> {});
    }

    /**
     * Writes what is left; nothing is viewed any more.
     *
     * @return completes when it is written, or else, after {@link #LAST_FLUSH}, lost
     */
    public synchronized Uni<Void> stop() {
        flushes.stop();
        return Uni.join()
                .first(flushed.chain(this::flushUntilNothingIsLeft), pauses.of(LAST_FLUSH))
                .toTerminate()
                .invoke(this::tellWhatIsLost);
    }

    private Uni<Void> flushUntilNothingIsLeft() {
        return flush().chain(() -> left() == 0
                ? Uni.createFrom().voidItem()
                : pauses.of(BETWEEN_LAST_TRIES).chain(this::flushUntilNothingIsLeft));
    }

    private void tellWhatIsLost() {
        long left = left();
        if (left > 0) {
            Told.guarded(() -> failures.lost(left));
        }
    }

    private long left() {
        synchronized (waiting) {
            return waiting.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** One at a time: what waits stays where it is until it is written. Never fails. */
    private Uni<Void> flush() {
        return Multi.createFrom()
                .items(() -> waiting().entrySet().stream())
                .onItem()
                .transformToUni(views -> write(views.getKey(), views.getValue()))
                .merge(WRITES_AT_ONCE)
                .select()
                .where(Optional::isPresent)
                .map(Optional::get)
                .collect()
                .asList()
                .invoke(failed -> {
                    if (!failed.isEmpty()) {
                        Told.guarded(() -> failures.failed(failed.size(), failed.get(0)));
                    }
                })
                .replaceWithVoid();
    }

    private Map<Sku, Long> waiting() {
        synchronized (waiting) {
            return Map.copyOf(waiting);
        }
    }

    /** Writes, and tells the failure if there is one. */
    private Uni<Optional<Throwable>> write(Sku sku, long views) {
        return Uni.createFrom()
                .deferred(() -> table.addViews(sku, views, random.applyAsInt(CounterTable.VIEW_SHARDS)))
                .invoke(() -> written(sku, views))
                .map(done -> Optional.<Throwable>empty())
                .onFailure()
                .recoverWithItem(Optional::of);
    }

    private void written(Sku sku, long views) {
        synchronized (waiting) {
            waiting.computeIfPresent(sku, (same, all) -> all == views ? null : all - views);
        }
    }
}
