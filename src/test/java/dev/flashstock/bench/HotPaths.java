package dev.flashstock.bench;

import static java.util.stream.Collectors.toUnmodifiableSet;

import dev.flashstock.inventory.GroupCommit;
import dev.flashstock.inventory.Neighbours;
import dev.flashstock.inventory.Pods;
import dev.flashstock.inventory.ReservationIds;
import dev.flashstock.sharding.Layout;
import dev.flashstock.sharding.Ownership;
import dev.flashstock.sharding.ShardChoice;
import dev.flashstock.sharding.Spread;
import dev.flashstock.stock.IdempotencyKey;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.ReservationId;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a request computes between its reads and writes. Public, and not final, for the code that JMH generates. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class HotPaths {
    private static final int MOST_SHARDS = GroupCommit.MAX_ENTRIES;

    private static final int DELIVERY = 1_000;

    private final ShardChoice random =
            ShardChoice.random(bound -> ThreadLocalRandom.current().nextInt(bound));
    private final ShardChoice hash = ShardChoice.hash();
    private final ReservationIds ids = new ReservationIds(List.of("a-secret-of-the-benchmarks-and-of-nobody-else"));
    private final ReservationId id =
            ReservationId.of(new Sku("game.console"), new IdempotencyKey("3e6f2e51-6f6c-4d7d-9a53-0a4c9e5d2b17"));

    // Not final, or the compiler might take them for constants.
    private Layout layout = Layout.of(Layout.DEFAULT_SHARDS);
    private Sku sku = new Sku("game.console");
    private UserId user = new UserId("user-6f1c7a0e-52a4-4b0f-8f6d-1d2b7c9e4a35");
    private String sealed = ids.seal(user, id);

    private Pods pods = pods(20);
    private Set<String> manyPods = pods(100).living();
    private ShardChoice owned = ShardChoice.owned(
            new Neighbours(pods)::own, bound -> ThreadLocalRandom.current().nextInt(bound));

    private record Living(String self, Set<String> living) implements Pods {}

    private static Pods pods(int count) {
        return new Living(
                "pod-0", IntStream.range(0, count).mapToObj(i -> "pod-" + i).collect(toUnmodifiableSet()));
    }

    /** Uneven shards, in no order. */
    @State(Scope.Benchmark)
    public static class Shards {
        @Param({"10", "97"})
        public int shards;

        private List<ShardLevel> full = List.of();

        /** No shard has more than three units. */
        private List<ShardLevel> nearlyEmpty = List.of();

        @Setup
        public void fill() {
            full = levels(new Random(1), 1_000);
            nearlyEmpty = levels(new Random(2), 4);
        }

        private List<ShardLevel> levels(Random random, int bound) {
            return IntStream.range(0, shards)
                    .mapToObj(shard -> new ShardLevel(shard, random.nextInt(bound), 1))
                    .toList();
        }
    }

    @Benchmark
    public int shardChoiceRandom() {
        return random.choose(sku, user, layout);
    }

    /** All the same user: its string remembers its hash. */
    @Benchmark
    public int shardChoiceHash() {
        return hash.choose(sku, user, layout);
    }

    /** From memory, as long as nothing changes. */
    @Benchmark
    public int shardChoiceOwned() {
        return owned.choose(sku, user, layout);
    }

    /** Once for a SKU when pods come or go: the most shards among a hundred pods. */
    @Benchmark
    public Ownership ownership() {
        return Ownership.of(sku, Layout.MAX_SHARDS, manyPods);
    }

    @Benchmark
    public List<Portion> spreadGive(Shards shards) {
        return Spread.give(DELIVERY, shards.full, MOST_SHARDS);
    }

    @Benchmark
    public List<Portion> spreadTakeEvenly(Shards shards) {
        return Spread.takeEvenly(DELIVERY, shards.full, MOST_SHARDS);
    }

    /** What a reservation takes that no shard alone can serve. */
    @Benchmark
    public List<Portion> spreadTakeFromFewest(Shards shards) {
        return Spread.takeFromFewest(5, shards.nearlyEmpty, MOST_SHARDS);
    }

    @Benchmark
    public String reservationIdsSeal() {
        return ids.seal(user, id);
    }

    @Benchmark
    public Optional<ReservationId> reservationIdsOpen() {
        return ids.open(user, sealed);
    }
}
