package dev.flashstock.heat;

import dev.flashstock.sharding.Layout;
import dev.flashstock.stock.Product;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A sale that is to come, and all that it depends on: whether it can be borne.
 *
 * @param product what is sold
 * @param layout its shards
 * @param available units in stock
 * @param peak reservations a second, 1 to {@value ShardAdvice#MOST_WRITES_PER_SECOND}
 * @param startsAt when the crowd is expected
 * @param now the time
 * @param surroundings what it is sold with
 */
public record ComingSale(
        Product product,
        Layout layout,
        long available,
        int peak,
        Instant startsAt,
        Instant now,
        Surroundings surroundings) {

    /** Write units of a reservation among at least ten in a transaction, rounded up (docs/benchmarks.md). */
    static final int UNITS = 3;

    /** Write units of a user's limit, in a transaction. */
    static final int UNITS_OF_A_LIMIT = 2;

    private static final Duration SHORTEST_HOLD = Duration.ofMinutes(1);
    private static final Duration LONGEST_HOLD = Duration.ofMinutes(30);

    /**
     * What a sale needs besides its product. What is not known is null.
     *
     * @param table the table; null: could not be read
     * @param quotas what the account may give a table; null: could not be read
     * @param fifoQueue whether requests wait in a FIFO queue; null: could not be read
     * @param redisAnswers whether Redis answers
     * @param holdsEnd whether this process gives back what is due
     */
    public record Surroundings(
            @Nullable TableState table,
            @Nullable Quotas quotas,
            @Nullable Boolean fifoQueue,
            boolean redisAnswers,
            boolean holdsEnd) {}

    /** All that is looked at, in an order that reads well. */
    public List<Check> checks() {
        return Stream.of(
                        Stream.of(shards(), status(), window(), stock(), hold()),
                        table(),
                        Stream.of(quota(), queue(), redis(), expiry()))
                .flatMap(it -> it)
                .toList();
    }

    // The product

    private Check shards() {
        String name = "layout";
        ShardAdvice advice = ShardAdvice.of(peak);
        int shards = layout.writeShards();
        int recommended = Math.min(advice.recommended(), Layout.MAX_SHARDS);
        String has = shards + (shards == 1 ? " shard" : " shards") + " for " + peak + " writes a second: ";
        String remedy = give(recommended) + ".";
        OptionalInt enough = advice.againstCollisions();
        if (!advice.isWorthIt()) {
            return Check.pass(name, has + "one would do.");
        }
        if (shards < advice.minimum()) {
            return Check.fail(name, has + "the least is " + advice.minimum() + ", if no two are packed.", remedy);
        }
        if (shards < recommended) {
            return Check.warn(name, has + "recommended are " + recommended + ".", remedy);
        }
        String byChance = has + "chance may put too many of them on one partition.";
        if (enough.isEmpty()) {
            return Check.warn(name, byChance, "Warm the table up for more throughput: then it has more partitions.");
        }
        return shards < enough.getAsInt()
                ? Check.warn(name, byChance, give(enough.getAsInt()) + ", or warm the table up.")
                : Check.pass(name, has + "enough.");
    }

    private String give(int shards) {
        return "Give the product " + shards + " shards: PUT /products/" + product.sku() + "/layout";
    }

    private Check status() {
        String name = "status";
        return switch (product.status()) {
            case ON_SALE -> Check.pass(name, "The product is ON_SALE, inside its window.");
            case DRAFT, PAUSED, ENDED ->
                Check.fail(
                        name,
                        "The product has the status " + product.status() + " and would refuse everybody.",
                        "Put it with the status ON_SALE; startsAt keeps it closed until then.");
        };
    }

    private Check window() {
        String name = "window";
        Instant from = product.startsAt();
        Instant until = product.endsAt();
        if (until != null && !startsAt.isBefore(until)) {
            return Check.fail(
                    name, "The product's sale ends at " + until + ", before the crowd comes.", "Put a later endsAt.");
        }
        if (from != null && startsAt.isBefore(from)) {
            return Check.fail(
                    name,
                    "The product's sale starts at " + from + ", after the crowd comes at " + startsAt + ".",
                    "Put an earlier startsAt.");
        }
        if (!startsAt.isAfter(now)) {
            return Check.warn(
                    name,
                    "The sale has begun at " + startsAt + ".",
                    "Only what helps at once is worth doing now: warming a table takes a while.");
        }
        return from == null || from.isBefore(startsAt)
                ? Check.warn(
                        name,
                        "The product can be bought before the sale starts at " + startsAt + ".",
                        "Put startsAt " + startsAt + ", unless that is wanted.")
                : Check.pass(name, "The sale starts at " + from + ".");
    }

    private Check stock() {
        String name = "stock";
        return available == 0
                ? Check.fail(
                        name,
                        "There is nothing to sell.",
                        "Bring stock: POST /products/" + product.sku() + "/adjustments.")
                : Check.pass(name, available + (available == 1 ? " unit" : " units") + " in stock.");
    }

    private Check hold() {
        String name = "hold-time";
        Duration hold = product.holdTime();
        String held = "Units are held for " + hold.toSeconds() + " seconds";
        Instant until = product.endsAt();
        if (hold.compareTo(SHORTEST_HOLD) < 0) {
            return Check.warn(name, held + ": hardly anybody pays so fast.", "Put holdSeconds 60 or more.");
        }
        if (until != null && hold.compareTo(Duration.between(startsAt, until)) >= 0) {
            return Check.warn(
                    name,
                    held + ", as long as the sale lasts: what is not paid for does not come back in time.",
                    "Put fewer holdSeconds, or a later endsAt.");
        }
        return hold.compareTo(LONGEST_HOLD) > 0
                ? Check.warn(
                        name,
                        held + ": what is not paid for is kept from others for as long.",
                        "Put holdSeconds 1800 or less.")
                : Check.pass(name, held + ".");
    }

    // The table

    private long writes() {
        return (long) peak * (product.perUserLimit() == null ? UNITS : UNITS + UNITS_OF_A_LIMIT);
    }

    private String need() {
        return writes() + " write units a second";
    }

    private Stream<Check> table() {
        TableState table = surroundings.table();
        return table == null
                ? Stream.of(unread("table", "dynamodb:DescribeTable"))
                : Stream.of(active(table), capacity(table), warm(table));
    }

    private static Check active(TableState table) {
        String name = "table-status";
        return table.isActive()
                ? Check.pass(name, "The table is ACTIVE.")
                : Check.warn(name, "The table is " + table.status() + ".", "Look again when it is ACTIVE.");
    }

    private Check capacity(TableState table) {
        String name = "table-capacity";
        if (table.mode() == TableState.Mode.PROVISIONED) {
            Long given = table.provisioned().writes();
            String says = "The peak takes about " + need() + ", and " + given + " are provisioned";
            return given != null && given >= writes()
                    ? Check.pass(name, says + ".")
                    : Check.fail(
                            name,
                            says + ".",
                            "Provision more, or POST /diagnosis/tables/" + table.table()
                                    + "/on-demand, the day before.");
        }
        Long most = table.mostOnDemand().writes();
        return most == null || most >= writes()
                ? Check.pass(name, "The table is on demand; the peak takes about " + need() + ".")
                : Check.fail(
                        name,
                        "The peak takes about " + need() + ", and somebody has set a maximum of " + most + ".",
                        "Raise the table's maximum on-demand throughput, or take it away.");
    }

    private Check warm(TableState table) {
        String name = "warm-throughput";
        Long warm = table.warm().writes();
        if (table.mode() == TableState.Mode.PROVISIONED) {
            return Check.pass(name, "What is provisioned is there at once.");
        }
        if (warm == null) {
            return Check.warn(
                    name, "What the table bears at once is not told.", "On AWS it is; elsewhere it does not matter.");
        }
        String says = "At once the table bears " + warm + " write units a second, and the peak takes about " + writes();
        return warm >= writes()
                ? Check.pass(name, says + ".")
                : Check.fail(
                        name,
                        says + ".",
                        "POST /diagnosis/tables/" + table.table() + "/warm-throughput with writeUnitsPerSecond "
                                + writes() + ", hours before.");
    }

    private Check quota() {
        String name = "quota";
        Quotas quotas = surroundings.quotas();
        if (quotas == null) {
            return unread(name, "dynamodb:DescribeLimits");
        }
        String says = "The account gives a table up to " + quotas.tableWrites()
                + " write units a second, and the peak takes about " + writes();
        return quotas.tableWrites() >= writes()
                ? Check.pass(name, says + ".")
                : Check.fail(name, says + ".", "Ask for a higher quota in the Service Quotas console, days before.");
    }

    // What is around it

    private Check queue() {
        String name = "queue";
        return Optional.ofNullable(surroundings.fifoQueue())
                .map(fifo -> fifo
                        ? Check.fail(
                                name,
                                "Requests wait in a FIFO queue, in which a product's group takes 300 calls a second.",
                                "Make a standard queue: exactly-once comes from the table, not from the queue.")
                        : Check.pass(name, "Requests wait in a standard queue."))
                .orElseGet(() -> unread(name, "sqs:GetQueueAttributes"));
    }

    private Check redis() {
        String name = "redis";
        return surroundings.redisAnswers()
                ? Check.pass(name, "Redis answers.")
                : Check.warn(
                        name,
                        "Redis does not answer: every process counts for itself, and they get in each other's way.",
                        "See quarkus.redis.hosts, and whether the network lets this process through.");
    }

    private Check expiry() {
        String name = "expiry";
        return surroundings.holdsEnd()
                ? Check.pass(name, "This process gives back what is due.")
                : Check.warn(
                        name,
                        "This process does not give back what is due: its part waits two minutes for the others.",
                        "Set flashstock.expiry.enabled=true in all processes.");
    }

    private static Check unread(String name, String action) {
        return Check.warn(
                name,
                "It could not be read.",
                "Allow " + action + " in the role's policy (docs/diagnosis.md), or look yourself.");
    }
}
