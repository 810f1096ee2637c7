package dev.flashstock.simulation;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.flashstock.Samples;
import dev.flashstock.inventory.GroupCommit;
import dev.flashstock.inventory.GroupCommits;
import dev.flashstock.inventory.Holds;
import dev.flashstock.inventory.Listing;
import dev.flashstock.inventory.Looks;
import dev.flashstock.inventory.Neighbours;
import dev.flashstock.inventory.News;
import dev.flashstock.inventory.Pauses;
import dev.flashstock.inventory.Pods;
import dev.flashstock.inventory.Retries;
import dev.flashstock.inventory.SoldOut;
import dev.flashstock.inventory.Unavailable;
import dev.flashstock.sharding.ShardChoice;
import dev.flashstock.stock.Quantity;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationId;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * Pods that sell one SKU, each with the real group commit and all that decides when and where it writes, over a {@link
 * CrowdedTable} on a virtual clock. The pods themselves take no time. The same seed gives the same figures.
 */
public final class PodsOnShards {
    private static final Sku SKU = new Sku("console");
    /** What a pod has under way at most, whatever it is asked for. */
    private static final int MOST_OF_A_POD = 10_000;

    /** So many transactions' worth of shoppers always ask for each of a full pod's shards. */
    private static final int TRANSACTIONS_AHEAD = 3;

    /** A shard, a movement and an expiry. */
    private static final int OTHER_ITEMS = 3;

    private static final long BEFORE_ASKING_AGAIN = 1_000;
    private static final long MOST_MICROS = 60_000_000;

    private final VirtualTime time;
    private final SplittableRandom random;
    private final Case what;
    private final Listing listing;
    private final CrowdedTable table;
    private final List<Pod> pods;
    private final Histogram latencies = new Histogram(MOST_MICROS, 3);
    private long shoppers;
    private long underWay;
    private long held;
    private long rejected;
    private long refused;
    private boolean open = true;

    /** Which shard a reservation tries first. */
    public enum Choice {
        /** One of the pod's own, as flashstock does. */
        OWNED,
        /** Any, and the pods know that all of them do the same. */
        RANDOM,
        /** Any, and each pod thinks that it is alone. */
        UNAWARE
    }

    /**
     * A case.
     *
     * @param pods how many pods
     * @param shards how many shards
     * @param choice how shards are chosen
     * @param perSecond how many shoppers come to all pods together, whatever became of the earlier ones; zero: to each
     *     pod there are always so many as fill three transactions of each of its shards, each of whom asks again when
     *     answered
     */
    public record Case(int pods, int shards, Choice choice, int perSecond) {}

    /**
     * What came of it.
     *
     * @param perSecond reservations that were accepted in a second
     * @param batch how many reservations a transaction had on average
     * @param conflicted what share of the transactions another one cancelled
     * @param throttled what share of the transactions a partition's limit cancelled
     * @param p50 milliseconds from the arrival to the answer, of half of them at most
     * @param p99 the same of 99 in 100
     * @param refused shoppers to whom a pod has said that it cannot
     * @param units write units of a reservation
     */
    public record Result(
            double perSecond,
            double batch,
            double conflicted,
            double throttled,
            double p50,
            double p99,
            long refused,
            double units) {}

    /**
     * What became of all who came.
     *
     * @param came how many came
     * @param held how many have a unit
     * @param rejected how many were told that there is none
     * @param left how many units are left
     * @param table what the table has counted
     */
    record Rest(long came, long held, long rejected, long left, CrowdedTable.Counts table) {}

    PodsOnShards(Case what, CrowdedTable.Speed speed, long unitsOfAShard, long seed) {
        this.what = what;
        this.random = new SplittableRandom(seed);
        this.time = new VirtualTime(random.split());
        InMemoryTable others = new InMemoryTable(new ItemStore(time, changes -> {}), Wire.direct());
        this.listing = Samples.listing(SKU, what.shards());
        others.create(listing).await().indefinitely();
        SplittableRandom factors = random.split();
        this.table = new CrowdedTable(others, time, speed, factors::nextGaussian, what.shards(), unitsOfAShard);
        Set<String> names =
                IntStream.range(0, what.pods()).mapToObj(pod -> "pod-" + pod).collect(Collectors.toUnmodifiableSet());
        this.pods = names.stream()
                .sorted()
                .map(name -> new Pod(name, names, others))
                .toList();
    }

    /** One process. */
    private final class Pod {
        private final Holds holds;
        private final int ownShards;

        Pod(String name, Set<String> names, InMemoryTable others) {
            Neighbours neighbours = new Neighbours(
                    what.choice() == Choice.UNAWARE ? Pods.alone(name) : new Among(name, names),
                    what.choice() == Choice.OWNED);
            IntUnaryOperator any = random::nextInt;
            Pauses pauses = duration -> time.pause(duration, () -> true);
            InstantSource clock = () -> time.instant().truncatedTo(ChronoUnit.MILLIS);
            Ticker ticker = () -> time.micros() * 1_000;
            GroupCommits commits = new GroupCommits(
                    table,
                    () -> new UUID(random.nextLong(), random.nextLong()).toString(),
                    clock,
                    neighbours,
                    pauses,
                    any);
            this.holds = new Holds(
                    new Looks(table, others, ticker),
                    others,
                    commits,
                    what.choice() == Choice.OWNED ? ShardChoice.owned(neighbours::own, any) : ShardChoice.random(any),
                    new SoldOut(ticker, News.toNobody()),
                    new Retries(any, pauses),
                    any);
            this.ownShards = what.choice() == Choice.OWNED
                    ? neighbours.own(SKU, listing.layout()).size()
                    : Math.max(1, what.shards() / what.pods());
        }

        /** Lets shoppers come one by one, at random times. */
        void comeBy(double meanGapMicros) {
            time.after(Math.round(-meanGapMicros * Math.log(1 - random.nextDouble())), () -> {
                if (open) {
                    place(false);
                    comeBy(meanGapMicros);
                }
            });
        }

        /** Lets so many shoppers of each of its shards ask, all at once. */
        void fill(int ofAShard) {
            int shoppers = Math.min(MOST_OF_A_POD, ofAShard * ownShards);
            IntStream.range(0, shoppers).forEach(i -> place(true));
        }

        private void place(boolean again) {
            long begun = time.micros();
            underWay++;
            holds.place(request(), listing)
                    .subscribe()
                    .with(
                            answer -> {
                                count(answer, time.micros() - begun);
                                next(again, 0);
                            },
                            failure -> {
                                refuse(failure);
                                next(again, BEFORE_ASKING_AGAIN);
                            });
        }

        private void next(boolean again, long pauseMicros) {
            underWay--;
            if (again && open) {
                time.after(pauseMicros, () -> place(true));
            }
        }
    }

    private void count(Reservation answer, long micros) {
        if (answer.status() == Reservation.Status.HELD) {
            held++;
            latencies.recordValue(Math.min(MOST_MICROS, micros));
        } else {
            rejected++;
        }
    }

    private void refuse(Throwable failure) {
        if (!(failure instanceof Unavailable)) {
            throw new IllegalStateException(failure);
        }
        refused++;
    }

    /** Who is alive, as all pods know. */
    private record Among(String self, Set<String> living) implements Pods {}

    private ReservationRequest request() {
        long number = 0x1000_0000_0000_0000L + shoppers++;
        String name = Long.toHexString(number);
        return new ReservationRequest(
                ReservationId.of(SKU, name),
                new UserId("user-" + name + "-" + name + "-tenth"), // as long as one with a UUID
                new Quantity(1),
                time.instant());
    }

    /**
     * Runs a case.
     *
     * @param what the case
     * @param warmUp how long before it is measured
     * @param measured how long it is measured
     * @param seed decides everything
     * @return what came of it
     */
    public static Result run(Case what, Duration warmUp, Duration measured, long seed) {
        return new PodsOnShards(what, CrowdedTable.Speed.ASSUMED, Integer.MAX_VALUE, seed).run(warmUp, measured);
    }

    /**
     * How many reservations are in a transaction where a shard has one owner, who sends the next one as soon as one has
     * ended: those that come while it takes.
     *
     * @param perSecond reservations that come to the shard in a second
     * @return how many, 1 to a full transaction
     */
    public static double batch(double perSecond) {
        CrowdedTable.Speed speed = CrowdedTable.Speed.ASSUMED;
        double empty = perSecond * speed.meanSeconds(OTHER_ITEMS);
        double each = perSecond * (speed.meanSeconds(1) - speed.meanSeconds(0));
        return each >= 1 ? GroupCommit.MAX_ENTRIES : Math.min(GroupCommit.MAX_ENTRIES, Math.max(1, empty / (1 - each)));
    }

    /**
     * What a shard with one owner takes at most.
     *
     * @return reservations a second
     */
    public static double most() {
        return GroupCommit.MAX_ENTRIES / CrowdedTable.Speed.ASSUMED.meanSeconds(GroupCommit.MAX_ENTRIES + OTHER_ITEMS);
    }

    /**
     * What a transaction costs.
     *
     * @param reservations how many are in it
     * @return write units: of its movement, and of all
     */
    public static Units units(int reservations) {
        return new Units(CrowdedTable.movementUnits(reservations), CrowdedTable.units(reservations));
    }

    /**
     * Write units of a transaction.
     *
     * @param movement of its movement
     * @param all of all its items
     */
    public record Units(int movement, int all) {}

    private Result run(Duration warmUp, Duration over) {
        begin();
        pass(warmUp);
        CrowdedTable.Counts before = table.counts();
        long heldBefore = held;
        long refusedBefore = refused;
        latencies.reset();
        pass(over);
        CrowdedTable.Counts counts = table.counts().since(before);
        double ended = counts.commits() + counts.conflicts() + counts.throttles();
        return new Result(
                (held - heldBefore) * 1_000.0 / over.toMillis(),
                (double) counts.holds() / counts.commits(),
                counts.conflicts() / ended,
                counts.throttles() / ended,
                latencies.getValueAtPercentile(50) / 1_000.0,
                latencies.getValueAtPercentile(99) / 1_000.0,
                refused - refusedBefore,
                counts.units() / counts.holds());
    }

    /** Lets shoppers come for a while, and waits until each has an answer. */
    Rest rest(Duration coming) {
        begin();
        pass(coming);
        open = false;
        time.runUntil(() -> underWay == 0, Duration.ofMinutes(1));
        long left = table.levels().stream().mapToLong(ShardLevel::available).sum();
        return new Rest(shoppers, held, rejected, left, table.counts());
    }

    private void begin() {
        pods.forEach(pod -> {
            if (what.perSecond() > 0) {
                pod.comeBy(1e6 * what.pods() / what.perSecond());
            } else {
                pod.fill(TRANSACTIONS_AHEAD * GroupCommit.MAX_ENTRIES);
            }
        });
    }

    private void pass(Duration time) {
        this.time.runUntil(() -> false, time);
    }
}
