package dev.flashstock.bench;

import dev.flashstock.heat.Partition;
import dev.flashstock.heat.ShardAdvice;
import dev.flashstock.inventory.ExpiryTable;
import dev.flashstock.inventory.GroupCommit;
import dev.flashstock.inventory.LedgerTable;
import dev.flashstock.sharding.Layout;
import dev.flashstock.simulation.PodsOnShards;
import java.util.OptionalInt;

/**
 * What it takes to sell one SKU so many times a second. Figures that are no part of the code are measured
 * (docs/benchmarks.md) or assumed, and say so.
 *
 * @param perSecond reservations a second
 */
record Needs(int perSecond) {
    // Measured

    /** CPU time of a process for a reservation whose outcome is waited for: HTTP, token, group commit. */
    static final double CPU_MICROS = 1_005;

    /** CPU time of a process for a 202: its event loops, the wire before the embedded SQS among them. */
    static final double CPU_MICROS_OF_A_202 = 521;

    // Assumed

    /** Reservations a second that a shard is planned for: seven tenths of what it takes. */
    static final int OF_A_SHARD = 2_000;

    static final int CPUS_OF_A_POD = 4;
    static final double BUSY = 0.6;
    static final double SQS_SECONDS = 0.010;

    // As the code has it

    /** Sends under way in a process, unless set otherwise. */
    static final int SENDS = 4;

    static final int MESSAGES_OF_A_CALL = 10;

    /** Write units a second of a table, unless the account's quota was raised. */
    static final int QUOTA = 40_000;

    /** Write units of a reservation that a preflight reckons with. */
    static final int UNITS_OF_PREFLIGHT = 3;

    /** Of each second's pass: all keys of two minutes. */
    static final int QUERIES_OF_A_POD = 2 * ExpiryTable.BUCKETS;

    /** A heartbeat and the heat once a second, and the level four times. */
    static final int SCRIPTS_OF_A_POD = 6;

    private static final int OF_A_TRANSACTION = 2;
    private static final int SECONDS_BETWEEN_COUNTS = 10;

    /** A reservation's item, and its lines in the movement, with a user of 41 characters. */
    private static final int BYTES_OF_A_RESERVATION = 151 + 100 + 62;

    private static final int BYTES_OF_A_MOVEMENT = 170 + 100;

    // Shards

    /** As many for each pod: shoppers come to all pods alike. */
    int shardsWanted() {
        return shardsOfAPod() * podsThatWait();
    }

    private int shardsOfAPod() {
        return Math.max(1, leastShards() / pods(CPU_MICROS));
    }

    private int leastShards() {
        return Math.max(Layout.DEFAULT_SHARDS, ceil((double) perSecond / OF_A_SHARD));
    }

    int shards() {
        return Math.min(Layout.MAX_SHARDS, shardsWanted());
    }

    /** By the usual rule, a write for each reservation. */
    OptionalInt advised() {
        return perSecond <= ShardAdvice.MOST_WRITES_PER_SECOND
                ? OptionalInt.of(ShardAdvice.of(perSecond).recommended())
                : OptionalInt.empty();
    }

    double ofAShard() {
        return (double) perSecond / shards();
    }

    double batch() {
        return PodsOnShards.batch(ofAShard());
    }

    double transactions() {
        return perSecond / batch();
    }

    // The table

    private PodsOnShards.Units unitsOfATransaction() {
        return PodsOnShards.units((int) Math.round(batch()));
    }

    double units() {
        return (double) unitsOfATransaction().all() / Math.round(batch());
    }

    double unitsPerSecond() {
        return units() * perSecond;
    }

    int warm() {
        return UNITS_OF_PREFLIGHT * perSecond;
    }

    double unitsOfAShardKey() {
        return OF_A_TRANSACTION * transactions() / shards();
    }

    double unitsOfALedgerKey() {
        return unitsOfATransaction().movement() * transactions() / LedgerTable.BUCKETS;
    }

    /** Shards are not always shared out evenly over the keys: of the one with most. */
    double unitsOfAnExpiryKey() {
        int most = ceil((double) shards() / ExpiryTable.BUCKETS);
        return OF_A_TRANSACTION * transactions() / shards() * most;
    }

    boolean oneLayoutBearsIt() {
        return shardsWanted() <= Layout.MAX_SHARDS
                && Math.max(unitsOfAShardKey(), Math.max(unitsOfALedgerKey(), unitsOfAnExpiryKey()))
                        <= Partition.WRITES_PER_SECOND;
    }

    // Pods

    /** As many as the CPU asks for, or a few more, so that each has as many shards as any other. */
    int podsThatWait() {
        return Math.max(pods(CPU_MICROS), ceil((double) leastShards() / shardsOfAPod()));
    }

    int apiPods() {
        return pods(CPU_MICROS_OF_A_202);
    }

    /** At most: what it takes without HTTP was not measured. */
    int workerPods() {
        return pods(CPU_MICROS);
    }

    private int pods(double micros) {
        return ceil(perSecond * micros / 1e6 / BUSY / CPUS_OF_A_POD);
    }

    // The queue, when nobody waits

    /** Those that come while all sends are under way. */
    double requestsOfASend() {
        return Math.max(1, (double) perSecond / apiPods() * SQS_SECONDS / SENDS);
    }

    /** A send has one message, and ten messages are received and deleted in a call each. */
    double queueCalls() {
        return perSecond / requestsOfASend() * (1 + 2.0 / MESSAGES_OF_A_CALL);
    }

    // Redis and reads

    /** A limit for each reservation, a total for each transaction. */
    double scripts() {
        return perSecond + transactions() + SCRIPTS_OF_A_POD * podsThatWait();
    }

    /** A pass's queries, and a count of the shards. */
    double readUnits() {
        return QUERIES_OF_A_POD * 0.5 * podsThatWait() + (double) shards() / SECONDS_BETWEEN_COUNTS;
    }

    double gigabytesOfAnHour() {
        double bytes = BYTES_OF_A_RESERVATION + BYTES_OF_A_MOVEMENT / batch();
        return 3_600.0 * perSecond * bytes / 1e9;
    }

    // What bounds one SKU, whatever is given to it

    /** Transactions a second that the hour's ledger bears, each with so many reservations. */
    static double mostOfTheLedger(int reservations) {
        return (double) LedgerTable.BUCKETS
                * Partition.WRITES_PER_SECOND
                / PodsOnShards.units(reservations).movement();
    }

    /** Transactions a second of all SKUs together whose holds end in one minute. */
    static double mostOfTheExpiries() {
        return (double) ExpiryTable.BUCKETS * Partition.WRITES_PER_SECOND / OF_A_TRANSACTION;
    }

    /** Transactions a second that the partitions of all shards bear. */
    static double mostOfTheShards() {
        return (double) Layout.MAX_SHARDS * Partition.WRITES_PER_SECOND / OF_A_TRANSACTION;
    }

    /** Full transactions a second, one after the other on each shard. */
    static double mostOfTheirOwners() {
        return Layout.MAX_SHARDS * PodsOnShards.most() / GroupCommit.MAX_ENTRIES;
    }

    private static int ceil(double value) {
        return (int) Math.ceil(value);
    }
}
