package dev.flashstock.inventory;

import dev.flashstock.sharding.Spread;
import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.Audit;
import dev.flashstock.stock.Discrepancy;
import dev.flashstock.stock.Movement;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Refusal.AuditNeeded.Why;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import io.smallrye.mutiny.Uni;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Use case: makes the shards agree with the books, by the difference that an audit has found. Whatever is sold, given back
 * or adjusted since does not change the difference: only another repair does, and an audit is repaired once, and only as
 * long as no other has begun.
 */
public final class Repairs {
    private final Listings listings;
    private final AuditTable table;
    private final Audits audits;
    private final StockTable stock;
    private final GroupCommits commits;
    private final StockLevels levels;
    private final SoldOut soldOut;
    private final Retries retries;
    private final InstantSource clock;

    /**
     * Wires the use case.
     *
     * @param listings listings as they are
     * @param table the audits
     * @param audits says which audit can be acted upon
     * @param stock the shards
     * @param commits keeps shards free for the repair
     * @param levels forgets what it remembers of the SKU
     * @param soldOut forgets that a SKU is sold out
     * @param retries for what other writers get in the way of
     * @param clock the time
     */
    public Repairs(
            Listings listings,
            AuditTable table,
            Audits audits,
            StockTable stock,
            GroupCommits commits,
            StockLevels levels,
            SoldOut soldOut,
            Retries retries,
            InstantSource clock) {
        this.listings = listings;
        this.table = table;
        this.audits = audits;
        this.stock = stock;
        this.commits = commits;
        this.levels = levels;
        this.soldOut = soldOut;
        this.retries = retries;
        this.clock = clock;
    }

    /**
     * Repairs the last audit's difference, once however often it is asked.
     *
     * @param sku the SKU
     * @param by who asks for it
     * @return the adjustment; or {@link Refusal.UnknownSku}, {@link Refusal.AuditNeeded}, {@link
     *     Refusal.NothingToRepair}, {@link Refusal.NotEnoughStock} when the shards have too few units to give up
     */
    public Uni<Outcome<Adjustment>> repair(Sku sku, UserId by) {
        return retries.until(() -> listings.find(sku)
                        .chain(listing -> listing.map(it -> tryToRepair(it, by))
                                .orElseGet(() -> Retries.settled(Outcome.refused(new Refusal.UnknownSku(sku))))))
                .onTermination()
                .invoke(() -> soldOut.forget(sku)) // what fails may have happened
                .call(outcome -> levels.forget(sku));
    }

    private Uni<Optional<Outcome<Adjustment>>> tryToRepair(Listing listing, UserId by) {
        Sku sku = listing.product().sku();
        return table.last(sku)
                .chain(found -> audits.usable(sku, found)
                        .fold(
                                audit -> found.map(AuditTable.Recorded::repaired)
                                                .orElse(false)
                                        ? stock.adjustment(sku, id(audit)).map(it -> it.map(Outcome::done))
                                        : check(audit)
                                                .map(it -> Retries.settled(Outcome.<Adjustment>refused(it)))
                                                .orElseGet(() -> repair(listing, audit, by)),
                                refusal -> Retries.settled(Outcome.refused(refusal))));
    }

    /** No request's key has this shape. */
    private static String id(Audit audit) {
        return "REPAIR." + audit.id();
    }

    private static Optional<Refusal> check(Audit audit) {
        if (audit.inFlight() != 0) {
            return Optional.of(new Refusal.AuditNeeded(audit.sku(), Why.IN_FLIGHT));
        }
        if (audit.difference() == 0) {
            return Optional.of(new Refusal.NothingToRepair(audit.sku()));
        }
        return audit.searched()
                ? Optional.empty()
                : Optional.of(new Refusal.AuditNeeded(audit.sku(), Why.NOT_SEARCHED));
    }

    private Uni<Optional<Outcome<Adjustment>>> repair(Listing listing, Audit audit, UserId by) {
        Sku sku = audit.sku();
        Adjustment adjustment =
                new Adjustment(id(audit), sku, audit.difference(), Adjustment.Reason.REPAIR, clock.instant(), by);
        return stock.gather(sku, listing.layout().readShards()).chain(shards -> {
            List<Portion> portions = portions(adjustment.delta(), shards, listing);
            if (portions.isEmpty()) {
                return Retries.settled(Outcome.refused(
                        new Refusal.NotEnoughStock(sku, Spread.takeable(shards, StockTable.MAX_REPAIRED_SHARDS))));
            }
            List<Integer> numbers =
                    portions.stream().map(Portion::shard).sorted().toList();
            return commits.alone(sku, numbers, () -> stock.repair(adjustment, portions, lines(audit, by), audit.id()))
                    .map(attempt -> attempt == Attempt.DONE
                            ? Optional.of(Outcome.done(adjustment))
                            : Optional.<Outcome<Adjustment>>empty());
        });
    }

    private static List<Portion> portions(long delta, List<ShardLevel> shards, Listing listing) {
        return delta > 0
                ? Spread.give(delta, shards.subList(0, listing.layout().writeShards()), StockTable.MAX_REPAIRED_SHARDS)
                : Spread.takeEvenly(-delta, shards, StockTable.MAX_REPAIRED_SHARDS);
    }

    /** What has a name is made up for under it, so that the next audit finds it settled; the rest together. */
    private static List<Movement.Line> lines(Audit audit, UserId by) {
        List<Movement.Line> lines = new ArrayList<>();
        long rest = audit.difference();
        for (Discrepancy it : audit.discrepancies()) {
            if (it.kind() != Discrepancy.Kind.SHARDS) {
                lines.add(RepairLines.line(it, by));
                rest -= it.units();
            }
        }
        if (rest != 0) {
            lines.add(RepairLines.line(new Discrepancy(Discrepancy.Kind.SHARDS, rest, null, null), by));
        }
        return lines;
    }
}
