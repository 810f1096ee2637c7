package dev.flashstock.bench;

import dev.flashstock.heat.Partition;
import dev.flashstock.heat.ShardAdvice;
import dev.flashstock.inventory.ExpiryTable;
import dev.flashstock.inventory.GroupCommit;
import dev.flashstock.inventory.LedgerTable;
import dev.flashstock.inventory.Sweeper;
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

    /** How often somebody who does not wait asks what became of a reservation. */
    static final int POLLS = 1;

    /** Scripts a second that one primary of Redis is taken to run. What it runs was not measured. */
    static final int SCRIPTS_OF_REDIS = 20_000;

    // As the code has it

    /** Sends under way in a process, unless set otherwise. */
    static final int SENDS = 4;

    static final int MESSAGES_OF_A_CALL = 10;

    /** Write units a second of a table, and as many read units, unless the account's quota was raised. */
    static final int QUOTA = 40_000;

    /** Write units of a reservation that a preflight reckons with. */
    static final int UNITS_OF_PREFLIGHT = 3;

    /** A second, of the pass through two minutes that each second has, and of each minute's through those before. */
    static final int QUERIES_OF_A_POD =
            2 * ExpiryTable.BUCKETS + (int) Sweeper.Setting.SHORTEST_LOOK_BACK.toMinutes() * ExpiryTable.BUCKETS / 60;

    /** What a query costs that finds nothing; it is not consistent. */
    static final double UNITS_OF_A_QUERY = 0.5;

    static final int BYTES_OF_A_READ_UNIT = 4_096;

    /** A heartbeat and the heat once a second, and the level four times. */
    static final int SCRIPTS_OF_A_POD = 6;

    private static final int OF_A_TRANSACTION = 2;
    private static final int UNITS_OF_A_CONFIRMATION = 1;
    private static final int UNITS_OF_A_REMOVAL = 1;

    /** Consistent ones: when it is confirmed, and when it is looked into whether it has expired. */
    private static final int READS_OF_A_RESERVATION = 2;

    private static final int SECONDS_BETWEEN_COUNTS = 10;

    /** A pod reads a SKU's product and layout once a second. */
    private static final int UNITS_OF_A_LISTING = 1;

    /** A reservation's item and its line in the movement, with a user of 41 characters. */
    private static final int BYTES_OF_A_RESERVATION = 151;

    private static final int BYTES_OF_A_LINE = 62;
    private static final int BYTES_OF_A_MOVEMENT = 170;

    /** Nothing but a key, with a SKU of 7 characters. */
    private static final int BYTES_OF_AN_EXPIRY = 127;

    /** What DynamoDB adds when it tells how large an item is that is stored. */
    private static final int BYTES_OF_STORING = 100;

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

    /** They are shared out among pods of both roles, and only those of the workers are sold from: as many as above. */
    int shardsWantedWithoutWaiting() {
        return shardsOfAPod() * podsThatDoNot();
    }

    int shardsWithoutWaiting() {
        return Math.min(Layout.MAX_SHARDS, shardsWantedWithoutWaiting());
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

    /** With the confirmation of each reservation, and the removal of each transaction's expiry. */
    double writesPerSecond() {
        return unitsPerSecond() + UNITS_OF_A_CONFIRMATION * perSecond + UNITS_OF_A_REMOVAL * transactions();
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

    double unitsOfAnExpiryKey() {
        return OF_A_TRANSACTION * transactionsOfAnExpiryKey(shards());
    }

    /** At most: which of the shards are the workers' is up to chance. */
    double unitsOfAnExpiryKeyWithoutWaiting() {
        return OF_A_TRANSACTION * transactionsOfAnExpiryKey(shardsWithoutWaiting());
    }

    /** Shards are not always shared out evenly over the keys: of the one with most. */
    private double transactionsOfAnExpiryKey(int shardsOfAll) {
        return transactions() / shards() * ceil((double) shardsOfAll / ExpiryTable.BUCKETS);
    }

    double readUnitsOfAnExpiryKey() {
        return podsThatWait() * transactionsOfAnExpiryKey(shards()) * unitsToSeeAnExpiry();
    }

    boolean oneLayoutBearsIt() {
        return shardsWanted() <= Layout.MAX_SHARDS
                && Math.max(unitsOfAShardKey(), Math.max(unitsOfALedgerKey(), unitsOfAnExpiryKey()))
                        <= Partition.WRITES_PER_SECOND
                && readUnitsOfAnExpiryKey() <= Partition.READS_PER_SECOND;
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
        return podsThatWait();
    }

    int podsThatDoNot() {
        return apiPods() + workerPods();
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

    boolean redisIsKnown() {
        return scripts() <= SCRIPTS_OF_REDIS;
    }

    double readUnits() {
        return readUnitsOfReservations() + readUnitsOfPods(podsThatWait()) + readUnitsOfCounts(shards());
    }

    double readUnitsWithoutWaiting() {
        return POLLS * perSecond
                + readUnitsOfReservations()
                + readUnitsOfPods(podsThatDoNot())
                + readUnitsOfCounts(shardsWithoutWaiting());
    }

    /** Their confirmations, and what is read when their time is over, sold or not: they and the movement that names them. */
    private double readUnitsOfReservations() {
        return READS_OF_A_RESERVATION * perSecond + transactions() * unitsToReadAMovement();
    }

    private int unitsToReadAMovement() {
        return ceil((BYTES_OF_A_MOVEMENT + BYTES_OF_A_LINE * batch()) / BYTES_OF_A_READ_UNIT);
    }

    /** Each looks for what is due, and finds what is anybody's. */
    private double readUnitsOfPods(int pods) {
        return pods * (standingUnitsOfAPod() + UNITS_OF_A_LISTING + transactions() * unitsToSeeAnExpiry());
    }

    static double standingUnitsOfAPod() {
        return QUERIES_OF_A_POD * UNITS_OF_A_QUERY;
    }

    /** Once by each pod: it is removed about a second after it was due. */
    private static double unitsToSeeAnExpiry() {
        return UNITS_OF_A_QUERY * BYTES_OF_AN_EXPIRY / BYTES_OF_A_READ_UNIT;
    }

    private static double readUnitsOfCounts(int shards) {
        return (double) shards / SECONDS_BETWEEN_COUNTS;
    }

    double gigabytesOfAnHour() {
        double reservation = BYTES_OF_A_RESERVATION + BYTES_OF_STORING + BYTES_OF_A_LINE;
        double bytes = reservation + (BYTES_OF_A_MOVEMENT + BYTES_OF_STORING) / batch();
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

    /** Transactions a second of all SKUs together that so many pods can look for when they are due. */
    static double mostOfThoseWhoLook(int pods) {
        return ExpiryTable.BUCKETS * Partition.READS_PER_SECOND / unitsToSeeAnExpiry() / pods;
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
