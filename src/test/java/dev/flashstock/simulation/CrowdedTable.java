package dev.flashstock.simulation;

import dev.flashstock.heat.Partition;
import dev.flashstock.inventory.Expiry;
import dev.flashstock.inventory.ExpiryTable;
import dev.flashstock.inventory.ForwardingStock;
import dev.flashstock.inventory.GroupCommit;
import dev.flashstock.inventory.GroupCommit.Reason;
import dev.flashstock.inventory.GroupCommit.Result;
import dev.flashstock.inventory.LedgerTable;
import dev.flashstock.inventory.StockTable;
import dev.flashstock.local.partitions.TokenBucket;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;

/**
 * One SKU's shards as group commits meet them in DynamoDB: a transaction takes time, one that meets another on its shard is
 * cancelled, and so is one whose shard, movement or expiry is on a partition at its limit. Every key has a partition of its
 * own. Of shards alone there are items; reservations are new, and their users' keys at no limit.
 *
 * <p>What is cancelled costs no units, as with the partition proxy, and is told as soon as the smallest transaction.
 */
final class CrowdedTable extends ForwardingStock {
    private static final int KIB = 1_024;
    private static final int OF_A_TRANSACTION = 2;

    /** A reservation's line in a movement, with a user of 41 characters, and all else of it. */
    private static final int LINE_BYTES = 62;

    private static final int FRAME_BYTES = 170;

    /** A reservation's item, twice. */
    private static final int UNITS_OF_A_RESERVATION = OF_A_TRANSACTION;

    private final VirtualTime time;
    private final Speed speed;
    private final DoubleSupplier gaussian;
    private final long[] available;
    private final long[] versions;
    private final boolean[] busy;
    private final TokenBucket[] shards;
    private final TokenBucket[] ledger;
    private final TokenBucket[] expiries;
    private Counts counts = new Counts(0, 0, 0, 0, 0);

    /**
     * How long a transaction takes in DynamoDB: so long for itself and so long for each of its items, times a log-normal
     * factor with the median 1.
     *
     * @param network to DynamoDB, and back, each
     * @param base for the transaction
     * @param item for each item
     * @param sigma of the factor's logarithm
     */
    record Speed(double network, double base, double item, double sigma) {
        /** In milliseconds, and assumed. */
        static final Speed ASSUMED = new Speed(0.5, 7, 0.25, 0.35);

        /** How long a transaction takes on average, with the way there and back. */
        double meanSeconds(int items) {
            return (2 * network + (base + items * item) * Math.exp(sigma * sigma / 2)) / 1_000;
        }
    }

    /**
     * What has ended since the counts began.
     *
     * @param commits transactions that happened
     * @param holds reservations in them
     * @param conflicts transactions that another one cancelled
     * @param throttles transactions that a partition's limit cancelled
     * @param units write units
     */
    record Counts(long commits, long holds, long conflicts, long throttles, double units) {
        Counts since(Counts before) {
            return new Counts(
                    commits - before.commits,
                    holds - before.holds,
                    conflicts - before.conflicts,
                    throttles - before.throttles,
                    units - before.units);
        }

        private Counts and(long commit, long hold, long conflict, long throttle, double more) {
            return new Counts(commits + commit, holds + hold, conflicts + conflict, throttles + throttle, units + more);
        }
    }

    /**
     * Stocks a SKU.
     *
     * @param others has everything but the shards
     * @param shards how many
     * @param unitsOfAShard how many units each has
     * @param gaussian normally distributed numbers
     */
    CrowdedTable(
            StockTable others, VirtualTime time, Speed speed, DoubleSupplier gaussian, int shards, long unitsOfAShard) {
        super(others);
        this.time = time;
        this.speed = speed;
        this.gaussian = gaussian;
        this.available = new long[shards];
        Arrays.fill(available, unitsOfAShard);
        this.versions = new long[shards];
        this.busy = new boolean[shards];
        this.shards = buckets(shards);
        this.ledger = buckets(LedgerTable.BUCKETS);
        this.expiries = buckets(ExpiryTable.BUCKETS);
    }

    /** Empty, as after a while of too much. */
    private static TokenBucket[] buckets(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    TokenBucket bucket = new TokenBucket(Partition.WRITES_PER_SECOND, 0);
                    bucket.spend(Partition.WRITES_PER_SECOND);
                    return bucket;
                })
                .toArray(TokenBucket[]::new);
    }

    Counts counts() {
        return counts;
    }

    /** Write units of a transaction's movement. */
    static int movementUnits(int reservations) {
        return OF_A_TRANSACTION * ((FRAME_BYTES + LINE_BYTES * reservations + KIB - 1) / KIB);
    }

    /** Write units of a transaction: its shard, its movement, its expiry and its reservations. */
    static int units(int reservations) {
        return 2 * OF_A_TRANSACTION + movementUnits(reservations) + UNITS_OF_A_RESERVATION * reservations;
    }

    @Override
    public Uni<Result> commit(GroupCommit commit) {
        return Uni.createFrom().emitter(caller -> after(speed.network(), () -> arrive(commit, caller)));
    }

    private void arrive(GroupCommit commit, UniEmitter<? super Result> caller) {
        int shard = commit.shard();
        long left = available[shard] + commit.change();
        if (busy[shard]) {
            counts = counts.and(0, 0, 1, 0, 0);
            cancel(commit, new Reason.Conflict(), caller);
        } else if (!spend(commit)) {
            counts = counts.and(0, 0, 0, 1, 0);
            cancel(commit, new Reason.Throttled(), caller);
        } else if (left < 0) {
            cancel(commit, new Reason.TooFew(available[shard]), caller);
        } else {
            busy[shard] = true;
            int size = commit.holds().size();
            after(millis(size + 3), () -> {
                busy[shard] = false;
                available[shard] = left;
                versions[shard]++;
                counts = counts.and(1, size, 0, 0, units(size));
                after(speed.network(), () -> caller.complete(new Result.Committed()));
            });
        }
    }

    /** All of a transaction or nothing. */
    private boolean spend(GroupCommit commit) {
        long now = time.micros() * 1_000;
        TokenBucket shard = shards[commit.shard()];
        TokenBucket movement = ledger[Math.floorMod(commit.token().hashCode(), ledger.length)];
        TokenBucket expiry = expiries[commit.expiry().map(Expiry::bucket).orElseThrow()];
        int units = movementUnits(commit.holds().size());
        if (shard.admits(OF_A_TRANSACTION, now)
                && movement.admits(units, now)
                && expiry.admits(OF_A_TRANSACTION, now)) {
            shard.spend(OF_A_TRANSACTION);
            movement.spend(units);
            expiry.spend(OF_A_TRANSACTION);
            return true;
        }
        return false;
    }

    private void cancel(GroupCommit commit, Reason why, UniEmitter<? super Result> caller) {
        List<Reason> others = Collections.nCopies(commit.holds().size(), new Reason.None());
        after(millis(1) + speed.network(), () -> caller.complete(new Result.Cancelled(why, others, List.of())));
    }

    @Override
    public Uni<Map<Sku, List<ShardLevel>>> gather(Map<Sku, Integer> readShards) {
        Sku sku = readShards.keySet().iterator().next();
        return time.pause(Duration.ofMillis(Math.round(speed.base())), () -> true)
                .map(over -> Map.of(sku, levels()));
    }

    @Override
    public Uni<Optional<List<ShardLevel>>> snapshot(Sku sku, int readShards) {
        return time.pause(Duration.ofMillis(Math.round(speed.base())), () -> true)
                .map(over -> IntStream.range(0, busy.length).anyMatch(i -> busy[i])
                        ? Optional.empty()
                        : Optional.of(levels()));
    }

    List<ShardLevel> levels() {
        return IntStream.range(0, available.length)
                .mapToObj(i -> new ShardLevel(i, available[i], versions[i]))
                .toList();
    }

    private double millis(int items) {
        return (speed.base() + items * speed.item()) * Math.exp(speed.sigma() * gaussian.getAsDouble());
    }

    private void after(double millis, Runnable step) {
        time.after(Math.round(1_000 * millis), step);
    }
}
