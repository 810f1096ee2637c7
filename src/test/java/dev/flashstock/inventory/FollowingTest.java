package dev.flashstock.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.Samples;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.StockLevel;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random histories: shards change while followers come, die, and go on though they have lost their lease; strands split and
 * age; answers get lost; readers count. What a summary says was true at its time or later, and in the end it is the truth.
 */
class FollowingTest {
    private static final int SHARDS = 4;
    private static final int STEPS = 400;
    private static final int HISTORIES = 100;
    private static final Duration MOST_BEHIND = Duration.ofSeconds(15);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSummaryIsNeverOlderThanItSaysAndInTheEndItIsTheTruth(boolean shardsAreRemoved) {
        int summaries = 0;
        for (long seed = 1; seed <= HISTORIES; seed++) {
            summaries += new History(seed, shardsAreRemoved).run();
        }
        assertThat(summaries).as("summaries that were believed").isGreaterThan(HISTORIES);
    }

    @Test
    void whoHasCountedAShardBeforeItWasRemovedDoesNotWriteItAfterwards() {
        // Given
        Sku sku = new Sku("console");
        InMemoryStream stream = new InMemoryStream(new Random(1), () -> Samples.NOW, 100);
        InMemorySummaries table = new InMemorySummaries();
        Lease lease = Lease.first("any");
        table.take(Optional.empty(), lease).await().indefinitely();
        Following follower = new Following(lease, stream, table, () -> Samples.NOW, new Deaf());
        stream.add(new ShardChange(sku, 0, null));
        roundsOf(follower);
        Summary empty = Objects.requireNonNull(
                table.find(List.of(sku)).await().indefinitely().get(sku));

        // When
        stream.add(new ShardChange(sku, 0, null));
        roundsOf(follower);
        Attempt late = table.save(empty.counted(List.of(new ShardLevel(0, 5, 7)), 1))
                .await()
                .indefinitely();

        // Then
        assertThat(empty.revision()).isEqualTo(1);
        assertThat(late).isEqualTo(Attempt.CHANGED);
    }

    private static void roundsOf(Following follower) {
        for (int i = 0; i < 5; i++) {
            assertThat(follower.round().await().atMost(PATIENCE)).isEqualTo(Attempt.DONE);
        }
    }

    private static final class History {
        private final long seed;
        private final boolean shardsAreRemoved;
        private final Random random;
        private final List<Listing> listings = Stream.of("console", "poster", "mug")
                .map(it -> Samples.listing(new Sku(it), SHARDS))
                .toList();
        private final Map<Sku, Map<Integer, ShardLevel>> shards = new HashMap<>();
        private final Map<String, TreeMap<Instant, Long>> versions = new HashMap<>();
        private final InMemoryStream stream;
        private final Unreliable summaries = new Unreliable(new InMemorySummaries());
        private final List<Following> followers = new ArrayList<>();
        private Instant now = Instant.parse("2026-11-27T09:00:00Z");
        private int owners;
        private int believed;
        private boolean calm;
        private final List<String> trace = new ArrayList<>();

        History(long seed, boolean shardsAreRemoved) {
            this.seed = seed;
            this.shardsAreRemoved = shardsAreRemoved;
            this.random = new Random(seed);
            this.stream = new InMemoryStream(random, () -> now, 3);
        }

        int run() {
            for (int step = 0; step < STEPS; step++) {
                now = now.plusMillis(random.nextInt(1_500));
                act();
            }
            calm = true;
            takeOver();
            settle();
            read();
            settle();
            assertThat(read().values()).as("seed %d, %s", seed, summaries.table).allSatisfy(level -> {
                assertThat(level.source()).isEqualTo(StockLevel.Source.SUMMARY);
                assertThat(level.available()).isEqualTo(truth(level.sku()));
            });
            return believed;
        }

        private void settle() {
            for (int i = 0; i < 200; i++) {
                now = now.plusSeconds(1);
                round(followers.get(followers.size() - 1));
            }
        }

        private void act() {
            switch (random.nextInt(20)) {
                case 0, 1, 2, 3, 4, 5, 6, 7 -> change();
                case 8, 9, 10, 11, 12 -> {
                    if (!followers.isEmpty()) {
                        round(followers.get(followers.size() - 1));
                    }
                }
                case 13 -> {
                    if (!followers.isEmpty()) { // perhaps one that has lost its lease
                        round(followers.get(random.nextInt(followers.size())));
                    }
                }
                case 14, 15 -> read();
                case 16 -> takeOver();
                case 17 -> {
                    stream.split();
                    trace.add("\n" + now + " split");
                }
                case 18 -> {
                    if (shardsAreRemoved) {
                        remove();
                    }
                }
                default -> rareThing();
            }
        }

        private void rareThing() {
            if (random.nextInt(10) == 0) {
                now = now.plus(Duration.ofHours(random.nextInt(2) == 0 ? 12 : 25));
                stream.age();
                trace.add("\n" + now + " aged");
            } else if (random.nextInt(10) == 0) {
                stream.restart();
                trace.add("\n" + now + " restarted");
            }
        }

        private void change() {
            Listing listing = listings.get(random.nextInt(listings.size()));
            Sku sku = listing.product().sku();
            int shard = random.nextInt(SHARDS - 1); // the last never had a unit
            Map<Integer, ShardLevel> all = shards.computeIfAbsent(sku, it -> new HashMap<>());
            long version =
                    Optional.ofNullable(all.get(shard)).map(ShardLevel::version).orElse(0L);
            ShardLevel level = new ShardLevel(shard, random.nextInt(1_000), version + 1);
            all.put(shard, level);
            versions.computeIfAbsent(sku + "#" + shard, it -> new TreeMap<>()).put(now, level.version());
            stream.add(new ShardChange(sku, shard, level));
            trace.add("\n" + now + " " + sku + " " + level);
        }

        private void remove() {
            shards.forEach((sku, all) -> all.keySet().stream().findAny().ifPresent(shard -> {
                all.remove(shard);
                stream.add(new ShardChange(sku, shard, null));
            }));
        }

        private void takeOver() {
            String owner = "owner-" + ++owners;
            Optional<Lease> before = summaries.table.lease().await().indefinitely();
            Lease next = before.map(it -> it.takenBy(owner)).orElseGet(() -> Lease.first(owner));
            summaries.table.take(before, next).await().indefinitely();
            followers.add(new Following(next, stream, summaries, () -> now, new Deaf()));
        }

        private void round(Following follower) {
            Attempt attempt = follower.round()
                    .onFailure(Unavailable.class)
                    .recoverWithItem(Attempt.DONE)
                    .await()
                    .atMost(PATIENCE);
            trace.add("\n" + now + " round of " + follower.term() + ": " + attempt + ", "
                    + summaries.table.lease().await().indefinitely());
            if (attempt == Attempt.CHANGED) {
                followers.remove(follower);
                if (followers.isEmpty()) {
                    takeOver();
                }
            }
        }

        private Map<Sku, StockLevel> read() {
            StockLevels levels = new SummarizedStockLevels(summaries, new Shards(), MOST_BEHIND, () -> now);
            Map<Sku, StockLevel> read = levels.levels(listings).await().atMost(PATIENCE);
            read.values().stream()
                    .filter(it -> it.source() == StockLevel.Source.SUMMARY)
                    .forEach(this::checkAge);
            return read;
        }

        private void checkAge(StockLevel level) {
            believed++;
            if (shardsAreRemoved) {
                return; // then versions tell nothing
            }
            Summary summary = Objects.requireNonNull(summaries
                    .table
                    .find(List.of(level.sku()))
                    .await()
                    .indefinitely()
                    .get(level.sku()));
            IntStream.range(0, SHARDS).forEach(shard -> {
                Map.Entry<Instant, Long> then = versions.getOrDefault(level.sku() + "#" + shard, new TreeMap<>())
                        .lowerEntry(level.asOf());
                assertThat(summary.levels().get(shard).version())
                        .as("seed %d, shard %d of %s after %s", seed, shard, level, trace)
                        .isGreaterThanOrEqualTo(then == null ? 0 : then.getValue());
            });
        }

        private long truth(Sku sku) {
            return shards.getOrDefault(sku, Map.of()).values().stream()
                    .mapToLong(ShardLevel::available)
                    .sum();
        }

        /** While they are counted, anything may happen. */
        private final class Shards extends ForwardingStock {
            Shards() {
                super(Unusable.stock());
            }

            @Override
            public Uni<Map<Sku, List<ShardLevel>>> gather(Map<Sku, Integer> readShards) {
                return Uni.createFrom().item(() -> {
                    meanwhile();
                    Map<Sku, List<ShardLevel>> gathered = new HashMap<>();
                    readShards.forEach((sku, count) -> gathered.put(
                            sku,
                            IntStream.range(0, count)
                                    .mapToObj(shard -> shards.getOrDefault(sku, Map.of())
                                            .getOrDefault(shard, new ShardLevel(shard, 0, 0)))
                                    .toList()));
                    meanwhile();
                    return gathered;
                });
            }

            private void meanwhile() {
                if (!calm && random.nextInt(3) == 0) {
                    act();
                }
            }
        }

        /** Fails sometimes, before or after it has happened. */
        private final class Unreliable implements SummaryTable {
            private final SummaryTable table;

            Unreliable(SummaryTable table) {
                this.table = table;
            }

            @Override
            public Uni<Map<Sku, Summary>> find(Collection<Sku> skus) {
                return perhaps(table.find(skus));
            }

            @Override
            public Uni<Attempt> save(Summary summary) {
                return perhaps(table.save(summary));
            }

            @Override
            public Uni<Optional<Lease>> lease() {
                return perhaps(table.lease());
            }

            @Override
            public Uni<Attempt> take(Optional<Lease> before, Lease next) {
                return perhaps(table.take(before, next));
            }

            @Override
            public Uni<Attempt> keep(String owner, Lease lease) {
                return perhaps(table.keep(owner, lease));
            }

            private <T> Uni<T> perhaps(Uni<T> call) {
                return Uni.createFrom().deferred(() -> switch (calm ? 2 : random.nextInt(40)) {
                    case 0 -> Uni.createFrom().failure(new Unavailable("Rehearsed"));
                    case 1 -> call.chain(lost -> Uni.createFrom().failure(new Unavailable("Rehearsed")));
                    default -> call;
                });
            }
        }
    }

    private static final class Deaf implements Follower.Listener {
        @Override
        public void leads(long term) {}

        @Override
        public void led(long term) {}

        @Override
        public void read(int records) {}

        @Override
        public void missed(long generation) {}

        @Override
        public void failed(Throwable failure) {}
    }
}
