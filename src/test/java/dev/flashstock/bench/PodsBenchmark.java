package dev.flashstock.bench;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.flashstock.Samples;
import dev.flashstock.inventory.ForwardingStock;
import dev.flashstock.inventory.GroupCommit;
import dev.flashstock.inventory.GroupCommit.Reason;
import dev.flashstock.inventory.GroupCommits;
import dev.flashstock.inventory.Holds;
import dev.flashstock.inventory.Listing;
import dev.flashstock.inventory.Looks;
import dev.flashstock.inventory.Neighbours;
import dev.flashstock.inventory.News;
import dev.flashstock.inventory.Pauses;
import dev.flashstock.inventory.Pods;
import dev.flashstock.inventory.ProductTable;
import dev.flashstock.inventory.ReservationTable;
import dev.flashstock.inventory.Retries;
import dev.flashstock.inventory.SoldOut;
import dev.flashstock.inventory.StockTable;
import dev.flashstock.local.rehearsal.Answer;
import dev.flashstock.local.rehearsal.Figures;
import dev.flashstock.local.rehearsal.OpenLoop;
import dev.flashstock.local.rehearsal.Plan;
import dev.flashstock.sharding.ShardChoice;
import dev.flashstock.sharding.Spread;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ShardLevel;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Pods side by side on the same shards: what they accept, and how often they get in each other's way. Each has its own
 * group commits, and all go through the partition proxy, which lets transactions conflict as DynamoDB does.
 */
@QuarkusTest
class PodsBenchmark {
    private static final int SHOPPERS_PER_SECOND = 400;
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final Duration ROUND = Duration.ofSeconds(10);
    private static final Duration DRAIN = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int ROUNDS = 2;

    @Inject
    StockTable stock;

    @Inject
    ProductTable products;

    @Inject
    ReservationTable reservations;

    @Inject
    InstantSource clock;

    private final ExecutorService senders = Executors.newFixedThreadPool(2);

    /** How many pods share how many shards, and how they choose. */
    private record Case(int pods, int shards, boolean owned) {
        String name() {
            return "%d pods, %d shards, %s".formatted(pods, shards, owned ? "owned" : "random");
        }
    }

    private record Result(Figures figures, long commits, long cancelled) {
        Result and(Result more) {
            return new Result(figures.merge(more.figures), commits + more.commits, cancelled + more.cancelled);
        }
    }

    @AfterEach
    void end() {
        senders.shutdown();
    }

    @Test
    void pods_on_the_same_shards() {
        List<Case> cases = List.of(
                new Case(1, 10, true),
                new Case(2, 10, true),
                new Case(4, 10, true),
                new Case(8, 10, true),
                new Case(8, 4, true),
                new Case(8, 10, false));
        cases.forEach(it -> run(it, WARM_UP));
        List<Result> results = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < cases.size(); i++) {
                Result result = run(cases.get(i), ROUND);
                if (round == 0) {
                    results.add(result);
                } else {
                    results.set(i, results.get(i).and(result));
                }
            }
        }
        System.out.printf(
                "%n%-32s %12s %8s %8s %10s %12s %12s%n",
                "", "accepted/s", "p50 ms", "p99 ms", "p99 / p50", "transactions", "conflicted");
        for (int i = 0; i < cases.size(); i++) {
            Result it = results.get(i);
            double p50 = it.figures().latencies().p50();
            double p99 = it.figures().latencies().p99();
            System.out.printf(
                    "%-32s %12.1f %8.1f %8.1f %10.1f %12d %10.1f %%%n",
                    cases.get(i).name(),
                    it.figures().acceptedPerSecond(),
                    p50,
                    p99,
                    p99 / p50,
                    it.commits(),
                    100.0 * it.cancelled() / it.commits());
        }
    }

    private Result run(Case it, Duration over) {
        int shoppers = (int) (SHOPPERS_PER_SECOND * over.toSeconds());
        Listing listing = stocked(it.shards(), 2 * shoppers); // its own shards do not run out
        Counted table = new Counted(stock);
        List<Holds> pods = pods(it, table);
        Figures figures = new OpenLoop(senders)
                .run(
                        new Plan(shoppers, over, DRAIN, 1),
                        shopper -> pods.get(shopper % it.pods())
                                .place(Samples.request(listing.product().sku(), 1), listing)
                                .<Answer>map(hold -> hold.status() == Reservation.Status.HELD
                                        ? Answer.Right.ACCEPTED
                                        : Answer.Right.SOLD_OUT)
                                .subscribeAsCompletionStage(),
                        progress -> {})
                .join();
        return new Result(figures, table.commits.sum(), table.cancelled.sum());
    }

    private List<Holds> pods(Case it, StockTable table) {
        Set<String> names =
                IntStream.range(0, it.pods()).mapToObj(pod -> "pod-" + pod).collect(Collectors.toUnmodifiableSet());
        return names.stream().map(name -> pod(name, names, it, table)).toList();
    }

    private Holds pod(String name, Set<String> names, Case it, StockTable table) {
        Neighbours neighbours = new Neighbours(new Pods() {
            @Override
            public String self() {
                return name;
            }

            @Override
            public Set<String> living() {
                return names;
            }
        });
        GroupCommits commits = new GroupCommits(
                table, () -> UUID.randomUUID().toString(), clock, neighbours, Pauses.real(), PodsBenchmark::random);
        return new Holds(
                new Looks(table, products, Ticker.systemTicker()),
                reservations,
                commits,
                it.owned()
                        ? ShardChoice.owned(neighbours::own, PodsBenchmark::random)
                        : ShardChoice.random(PodsBenchmark::random),
                new SoldOut(Ticker.systemTicker(), News.toNobody()),
                new Retries(PodsBenchmark::random, Pauses.real()),
                PodsBenchmark::random);
    }

    private Listing stocked(int shards, int units) {
        Listing listing = Samples.listing(Samples.newSku(), shards);
        products.create(listing).await().atMost(PATIENCE);
        List<ShardLevel> empty = IntStream.range(0, shards)
                .mapToObj(shard -> new ShardLevel(shard, 0, 0))
                .toList();
        stock.adjust(
                        Samples.adjustment(listing.product().sku(), units),
                        Spread.give(units, empty, GroupCommit.MAX_ENTRIES))
                .await()
                .atMost(PATIENCE);
        return listing;
    }

    private static int random(int bound) {
        return ThreadLocalRandom.current().nextInt(bound);
    }

    /** Counts transactions, and those that another one cancelled. */
    private static final class Counted extends ForwardingStock {
        private final LongAdder commits = new LongAdder();
        private final LongAdder cancelled = new LongAdder();

        Counted(StockTable table) {
            super(table);
        }

        @Override
        public Uni<GroupCommit.Result> commit(GroupCommit commit) {
            return table.commit(commit).invoke(result -> {
                commits.increment();
                if (result instanceof GroupCommit.Result.Cancelled it
                        && Stream.concat(Stream.of(it.shard()), it.holds().stream())
                                .anyMatch(Reason.Conflict.class::isInstance)) {
                    cancelled.increment();
                }
            });
        }
    }
}
