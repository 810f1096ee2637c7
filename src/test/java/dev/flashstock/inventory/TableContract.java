package dev.flashstock.inventory;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.flashstock.Samples;
import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;

/**
 * What holds for the ports of every table: the real one, and the one of the simulation. Here is what these tests put
 * there and read.
 */
public abstract class TableContract {
    protected static final Duration PATIENCE = Duration.ofSeconds(60);

    /** To the millisecond, which is what a table keeps. */
    static final InstantSource CLOCK = Clock.tickMillis(ZoneOffset.UTC);

    StockTable stock;
    ReservationTable reservations;
    ProductTable products;
    LayoutTable layouts;
    ExpiryTable expiries;
    LedgerTable ledger;
    AuditTable audits;

    /**
     * A table's ports.
     *
     * @param stock the shards
     * @param reservations the reservations
     * @param products the products
     * @param layouts the layouts
     * @param expiries what is due
     * @param ledger the movements
     * @param audits the audits
     */
    public record Ports(
            StockTable stock,
            ReservationTable reservations,
            ProductTable products,
            LayoutTable layouts,
            ExpiryTable expiries,
            LedgerTable ledger,
            AuditTable audits) {}

    /** The table; it may be shared with others, who use other SKUs and users. */
    protected abstract Ports table();

    /**
     * Begins a transaction and does not let it end before {@link #end}, or for a few seconds where nobody can tell it to
     * end.
     *
     * @param sku whose shards it changes
     * @param transaction the transaction
     * @param <T> its result
     * @return its result, to come
     */
    protected abstract <T> CompletableFuture<T> begin(Sku sku, Uni<T> transaction);

    /** Lets it end. */
    protected abstract void end();

    @BeforeEach
    void connect() {
        Ports ports = table();
        stock = ports.stock();
        reservations = ports.reservations();
        products = ports.products();
        layouts = ports.layouts();
        expiries = ports.expiries();
        ledger = ports.ledger();
        audits = ports.audits();
    }

    Listing created(int shards) {
        Listing listing = Samples.listing(Samples.newSku(), shards);
        products.create(listing).await().atMost(PATIENCE);
        return listing;
    }

    Listing stocked(long... levels) {
        Listing listing = created(levels.length);
        deliver(
                listing,
                IntStream.range(0, levels.length)
                        .mapToObj(shard -> new Portion(shard, levels[shard]))
                        .toList());
        return listing;
    }

    void deliver(Listing listing, List<Portion> portions) {
        long units = portions.stream().mapToLong(Portion::units).sum();
        adjust(Samples.adjustment(sku(listing), units), portions.toArray(Portion[]::new));
    }

    Attempt adjust(Adjustment adjustment, Portion... portions) {
        return stock.adjust(adjustment, List.of(portions)).await().atMost(PATIENCE);
    }

    GroupCommit.Result commit(Listing listing, Reservation... holds) {
        return commit(listing, List.of(holds), List.of());
    }

    GroupCommit.Result commit(Listing listing, List<Reservation> holds, List<GroupCommit.Return> returns) {
        return stock.commit(new GroupCommit(UUID.randomUUID().toString(), Samples.NOW, sku(listing), 0, holds, returns))
                .await()
                .atMost(PATIENCE);
    }

    GroupCommit.Result giveBack(Reservation hold, Reservation.Status status) {
        return stock.commit(end(hold, status)).await().atMost(PATIENCE);
    }

    static GroupCommit end(Reservation hold, Reservation.Status status) {
        return new GroupCommit(
                UUID.randomUUID().toString(),
                Samples.NOW,
                hold.sku(),
                0,
                List.of(),
                List.of(new GroupCommit.Return(hold, status)));
    }

    static Reservation hold(Listing listing, int units) {
        return Samples.held(Samples.request(sku(listing), units), 0, Duration.ofMinutes(10));
    }

    List<ShardLevel> gather(Listing listing) {
        return stock.gather(sku(listing), listing.layout().readShards()).await().atMost(PATIENCE);
    }

    long ever(Listing listing) {
        return stock.stocked(sku(listing)).await().atMost(PATIENCE);
    }

    Audits auditor(Retries retries) {
        return auditor(retries, CLOCK);
    }

    Audits auditor(Retries retries, InstantSource clock) {
        return new Audits(
                audits,
                new Audits.Source(products, stock, ledger, reservations, Pauses.real(), clock),
                retries,
                () -> UUID.randomUUID().toString(),
                counted -> {},
                failure -> {
                    throw new AssertionError(failure);
                });
    }

    Stock stock(RememberedListings remembered, Retries retries) {
        StockLevels levels = new GatheredStockLevels(stock, InstantSource.system());
        SoldOut soldOut = new SoldOut(Ticker.systemTicker(), News.toNobody());
        return new Stock(remembered, products, stock, reservations, commits(), levels, levels, soldOut, retries);
    }

    GroupCommits commits() {
        return new GroupCommits(
                stock,
                () -> UUID.randomUUID().toString(),
                InstantSource.system(),
                new Neighbours(Pods.alone("pod")),
                Pauses.real(),
                ThreadLocalRandom.current()::nextInt);
    }

    Optional<Reservation> stored(Reservation reservation) {
        return reservations.find(reservation.user(), reservation.id()).await().atMost(PATIENCE);
    }

    static Sku sku(Listing listing) {
        return listing.product().sku();
    }

    /** What a call fails with. */
    static Throwable failure(Uni<?> call) {
        return call.subscribe()
                .withSubscriber(UniAssertSubscriber.create())
                .awaitFailure(PATIENCE)
                .getFailure();
    }
}
