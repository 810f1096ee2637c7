package dev.flashstock.inventory;

import dev.flashstock.sharding.Spread;
import dev.flashstock.stock.Audit;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Use cases: audits. A SKU has one under way at a time, in one process; others see its signs of life, and when they stay
 * away, may begin anew. What is small is audited at once.
 */
public final class Audits {
    /** The most audits under way in a process. */
    public static final int MAX_AT_ONCE = 2;

    /** How long an audit may take. */
    public static final Duration MAX_TIME = Duration.ofMinutes(15);

    /** With so many movements, or {@value Tally#OF_AN_HOUR} for an hour that has some, a SKU is small. */
    public static final int SMALL = 2_000;

    /** For how long an audit is good enough to act upon. */
    public static final Duration GOOD_FOR = Duration.ofMinutes(10);

    /** The most small SKUs that are audited at once in a process. */
    static final int MAX_SMALL_AT_ONCE = 4;

    private static final Duration RECENT = Duration.ofMinutes(1);

    private final AuditTable table;
    private final Source source;
    private final Auditor auditor;
    private final Retries retries;
    private final Supplier<String> ids;
    private final AuditJob job;
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger smallOnes = new AtomicInteger();
    private final Sharing<Sku, Optional<Audit>> small = new Sharing<>();

    /**
     * Wires the use cases.
     *
     * @param table the audits
     * @param source what is counted
     * @param retries for what other writers get in the way of
     * @param ids names audits, never two alike
     * @param counted is told of each result, also of one that is not recorded because it was had at once
     * @param unexpected is told of failures that nobody waits for
     */
    public Audits(
            AuditTable table,
            Source source,
            Retries retries,
            Supplier<String> ids,
            Consumer<Audit> counted,
            Consumer<Throwable> unexpected) {
        this.table = table;
        this.source = source;
        this.auditor = new Auditor(source, counted);
        this.job = new AuditJob(table, auditor, source, retries, unexpected);
        this.retries = retries;
        this.ids = ids;
    }

    /**
     * What is counted, and by which clock.
     *
     * @param listings listings as they are: what shards there are
     * @param stock the shards and the adjustments
     * @param ledger the movements
     * @param reservations the reservations
     * @param pauses waits
     * @param clock the time
     */
    public record Source(
            Listings listings,
            StockTable stock,
            LedgerTable ledger,
            ReservationTable reservations,
            Pauses pauses,
            InstantSource clock) {}

    /**
     * What there is to see of a SKU's audits.
     *
     * @param run the last run; null: none was asked for
     * @param audit the last result; null: there is none yet
     * @param repaired whether its difference was repaired since
     */
    public record Seen(@Nullable AuditRun run, @Nullable Audit audit, boolean repaired) {}

    // A job

    /**
     * Begins an audit in this process, unless one is under way.
     *
     * @param sku the SKU
     * @param by who asks for it
     * @param searching whether the whole table is searched for reservations that the ledger does not know, also when
     *     nothing seems wrong
     * @return the run that is under way now, begun here or before; or {@link Refusal.UnknownSku}; fails with {@link
     *     Unavailable} when {@value #MAX_AT_ONCE} are under way in this process
     */
    public Uni<Outcome<AuditRun>> start(Sku sku, UserId by, boolean searching) {
        return source.listings()
                .find(sku)
                .chain(listing -> listing.map(it -> retries.until(() -> tryToStart(it, by, searching)))
                        .orElseGet(() -> Uni.createFrom().item(Outcome.refused(new Refusal.UnknownSku(sku)))));
    }

    private Uni<Optional<Outcome<AuditRun>>> tryToStart(Listing listing, UserId by, boolean searching) {
        Sku sku = listing.product().sku();
        return table.last(sku).chain(found -> {
            Instant now = source.clock().instant();
            Optional<AuditRun> there = found.map(it -> it.run().seenAt(now)).filter(Audits::isRunning);
            return there.isPresent()
                    ? Retries.settled(Outcome.done(there.get()))
                    : begin(
                            listing,
                            new AuditRun(ids.get(), sku, AuditRun.State.RUNNING, by, now, now, 0, null),
                            searching);
        });
    }

    private static boolean isRunning(AuditRun run) {
        return run.state() == AuditRun.State.RUNNING;
    }

    private Uni<Optional<Outcome<AuditRun>>> begin(Listing listing, AuditRun run, boolean searching) {
        if (underWay.incrementAndGet() > MAX_AT_ONCE) {
            underWay.decrementAndGet();
            return Uni.createFrom()
                    .failure(new Unavailable(MAX_AT_ONCE + " audits are under way in this process already"));
        }
        return table.begin(run, run.startedAt().minus(AuditRun.LIFE_SIGN))
                .onFailure()
                .invoke(underWay::decrementAndGet)
                .onCancellation()
                .invoke(underWay::decrementAndGet)
                .map(attempt -> {
                    if (attempt != Attempt.DONE) {
                        underWay.decrementAndGet();
                        return Optional.empty();
                    }
                    work(listing, run, searching);
                    return Optional.of(Outcome.done(run));
                });
    }

    /** Goes on when nobody waits any more. */
    private void work(Listing listing, AuditRun run, boolean searching) {
        Auditor.Search search = searching ? Auditor.Search.ALWAYS : Auditor.Search.IF_WRONG;
        job.run(run, order(run.id(), listing, Long.MAX_VALUE, search))
                .onTermination()
                .invoke(underWay::decrementAndGet)
                .subscribe()
                .with(ended -> {});
    }

    private static Auditor.Order order(String id, Listing listing, long mostMovements, Auditor.Search search) {
        return new Auditor.Order(id, listing, mostMovements, search);
    }

    // At once

    /**
     * Tells the last result. When it is older than a minute, or repaired since, and none is under way, and the SKU is
     * small, it is audited now, without a search of the whole table.
     *
     * @param sku the SKU
     * @return what there is to see; or {@link Refusal.UnknownSku}, {@link Refusal.NotAudited}
     */
    public Uni<Outcome<Seen>> last(Sku sku) {
        return source.listings()
                .find(sku)
                .chain(listing -> listing.map(this::last)
                        .orElseGet(() -> Uni.createFrom().item(Outcome.refused(new Refusal.UnknownSku(sku)))));
    }

    private Uni<Outcome<Seen>> last(Listing listing) {
        return table.last(listing.product().sku()).chain(found -> {
            Instant now = source.clock().instant();
            Optional<Seen> seen = found.map(it -> new Seen(it.run().seenAt(now), it.result(), it.repaired()));
            if (seen.filter(it -> isRecent(it, now)).isPresent()) {
                return Uni.createFrom().item(Outcome.done(seen.get()));
            }
            return audited(listing)
                    .map(audit -> audit.map(it -> Outcome.done(new Seen(null, it, false)))
                            .orElseGet(() -> seen.map(Outcome::done)
                                    .orElseGet(() -> Outcome.refused(new Refusal.NotAudited(
                                            listing.product().sku())))));
        });
    }

    private static boolean isRecent(Seen seen, Instant now) {
        AuditRun run = seen.run();
        Audit audit = seen.audit();
        return (run != null && isRunning(run))
                || (audit != null
                        && !seen.repaired()
                        && run != null
                        && run.id().equals(audit.id())
                        && audit.finishedAt().isAfter(now.minus(RECENT)));
    }

    /** Those who ask at the same time share one. */
    private Uni<Optional<Audit>> audited(Listing listing) {
        return small.share(listing.product().sku(), Uni.createFrom().deferred(() -> auditIfSmall(listing)));
    }

    private Uni<Optional<Audit>> auditIfSmall(Listing listing) {
        if (smallOnes.incrementAndGet() > MAX_SMALL_AT_ONCE) {
            smallOnes.decrementAndGet();
            return Uni.createFrom()
                    .failure(new Unavailable(MAX_SMALL_AT_ONCE + " SKUs are audited at once in this process already"));
        }
        LongConsumer nobody = read -> {};
        return auditor.audit(order(ids.get(), listing, SMALL, Auditor.Search.NEVER), nobody)
                .map(Optional::of)
                .onFailure(Tally.TooMuch.class)
                .recoverWithItem(Optional.empty())
                .onTermination()
                .invoke(smallOnes::decrementAndGet);
    }

    // Before a product is deleted

    /**
     * How many units are held. They are counted if the SKU is small; else the last audit decides, if no unit was brought
     * or taken since.
     *
     * @param listing the SKU's listing
     * @return the units, or {@link Refusal.AuditNeeded}
     */
    public Uni<Outcome<Long>> held(Listing listing) {
        return isAllThere(listing)
                .chain(allThere -> allThere
                        ? Uni.createFrom().item(Outcome.done(0L))
                        : audited(listing)
                                .chain(audit -> audit.map(it -> Uni.createFrom().item(held(it)))
                                        .orElseGet(() -> heldByLast(listing))));
    }

    /** Whether the shards have all that was ever stocked, and that at one moment. */
    private Uni<Boolean> isAllThere(Listing listing) {
        Sku sku = listing.product().sku();
        int shards = listing.layout().readShards();
        return source.stock()
                .snapshot(sku, shards)
                .chain(before -> source.stock()
                        .stocked(sku)
                        .chain(stocked -> source.stock()
                                .snapshot(sku, shards)
                                .map(after -> before.equals(after)
                                        && after.map(Spread::total)
                                                .filter(stocked::equals)
                                                .isPresent())));
    }

    private static Outcome<Long> held(Audit audit) {
        return audit.held() == 0 && audit.inFlight() != 0
                ? Outcome.refused(new Refusal.AuditNeeded(audit.sku(), Refusal.AuditNeeded.Why.IN_FLIGHT))
                : Outcome.done(audit.held());
    }

    private Uni<Outcome<Long>> heldByLast(Listing listing) {
        Sku sku = listing.product().sku();
        return Uni.combine()
                .all()
                .unis(source.stock().gather(sku, listing.layout().readShards()), table.last(sku))
                .asTuple()
                .map(read -> usable(sku, read.getItem2())
                        .fold(
                                audit -> audit.versions() == Count.versions(read.getItem1())
                                        ? held(audit)
                                        : Outcome.refused(
                                                new Refusal.AuditNeeded(sku, Refusal.AuditNeeded.Why.CHANGED)),
                                Outcome::refused));
    }

    /** The last audit, if it can be acted upon. */
    Outcome<Audit> usable(Sku sku, Optional<AuditTable.Recorded> found) {
        Instant now = source.clock().instant();
        AuditRun run = found.map(it -> it.run().seenAt(now)).orElse(null);
        Audit audit = found.map(AuditTable.Recorded::result).orElse(null);
        if (run != null && run.state() != AuditRun.State.DONE) {
            return Outcome.refused(new Refusal.AuditNeeded(
                    sku, isRunning(run) ? Refusal.AuditNeeded.Why.RUNNING : Refusal.AuditNeeded.Why.FAILED));
        }
        return audit == null || audit.finishedAt().isBefore(now.minus(GOOD_FOR))
                ? Outcome.refused(new Refusal.AuditNeeded(sku, Refusal.AuditNeeded.Why.OLD))
                : Outcome.done(audit);
    }
}
