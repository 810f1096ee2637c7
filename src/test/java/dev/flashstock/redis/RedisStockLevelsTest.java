package dev.flashstock.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flashstock.Samples;
import dev.flashstock.inventory.Counts;
import dev.flashstock.inventory.Freshness;
import dev.flashstock.inventory.Listing;
import dev.flashstock.inventory.Pauses;
import dev.flashstock.inventory.StockLevels;
import dev.flashstock.inventory.Unavailable;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.StockLevel;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.quarkus.redis.datasource.RedisDataSource;
import io.quarkus.redis.runtime.datasource.ReactiveRedisDataSourceImpl;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.RedisAPI;
import jakarta.inject.Inject;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@QuarkusTest
class RedisStockLevelsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration TIMEOUT = Duration.ofMillis(500);
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Sku SKU = new Sku("console");
    private static final Listing LISTING = Samples.listing(SKU, 10);

    @Inject
    ReactiveRedisDataSource redis;

    @Inject
    RedisDataSource commands;

    @Inject
    Vertx vertx;

    /** The layer below counts down, and takes its time when it is told to. */
    private final AtomicInteger counts = new AtomicInteger();

    private volatile Uni<Void> before = Uni.createFrom().voidItem();
    private final AtomicInteger forgottenBelow = new AtomicInteger();

    private final String prefix = "test:" + UUID.randomUUID() + ":";
    private final String entry = prefix + "stock:{console}";
    private final String lease = entry + ":lease";

    private volatile Instant now = Samples.NOW;
    private volatile double chance;

    /** In this order: a server that goes before its client makes noise. */
    private final List<Closeable> toClose = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (Closeable it : toClose) {
            it.close();
        }
    }

    // One counts, for all

    @Test
    void aLevelIsRememberedWithTheTimeItWasCounted() {
        // Given
        RedisStockLevels levels = levels(LONG);
        StockLevel first = ask(levels);

        // When
        StockLevel second = ask(levels);

        // Then
        assertThat(first).isEqualTo(counted(99));
        assertThat(second).isEqualTo(remembered(99));
        assertThat(counts).hasValue(1);
    }

    @Test
    void anotherProcessFindsIt() {
        // Given
        ask(levels(LONG));

        // When
        StockLevel level = ask(levels(LONG));

        // Then
        assertThat(level).isEqualTo(remembered(99));
        assertThat(counts).hasValue(1);
    }

    @Test
    void ofManyProcessesThatMissItOneCountsAndTheOthersWait() {
        // Given
        before = pause(Duration.ofMillis(50));

        // When
        List<CompletableFuture<StockLevel>> answers = Stream.generate(() -> levels(LONG))
                .limit(8)
                .map(it -> it.level(LISTING).subscribeAsCompletionStage())
                .toList();

        // Then
        assertThat(answers).extracting(it -> it.join().available()).containsOnly(99L);
        assertThat(counts).hasValue(1);
    }

    @Test
    void whoWaitsInVainCountsByItself() {
        // Given
        CompletableFuture<Void> never = new CompletableFuture<>();
        before = Uni.createFrom().completionStage(never);
        levels(LONG).level(LISTING).subscribe().with(nobodyHears -> {});
        await().atMost(PATIENCE).until(() -> counts.get() == 1);
        before = Uni.createFrom().voidItem();

        // When
        StockLevel level = ask(levels(LONG));

        // Then
        assertThat(level).isEqualTo(counted(98));
    }

    @Test
    void anOldLevelIsToldWhileOneProcessCounts() {
        // Given
        CompletableFuture<Void> later = new CompletableFuture<>();
        ask(levels(SHORT));
        before = Uni.createFrom().completionStage(later);
        await().atMost(PATIENCE).until(() -> {
            ask(levels(SHORT));
            return counts.get() == 2;
        });

        // When
        List<StockLevel> meanwhile =
                IntStream.range(0, 20).mapToObj(i -> ask(levels(SHORT))).toList();
        later.complete(null);

        // Then
        assertThat(meanwhile).containsOnly(remembered(99));
        await().atMost(PATIENCE).until(() -> ask(levels(SHORT)).available() < 99);
    }

    @Test
    void aLevelThatIsTooOldIsNotTold() {
        // Given
        RedisStockLevels levels = levels(redis, SHORT, Duration.ZERO);
        ask(levels);

        // When
        await().atMost(PATIENCE).until(() -> ask(levels).source() == StockLevel.Source.SHARDS);

        // Then
        assertThat(counts.get()).isGreaterThan(1);
    }

    @Test
    void whatTakesLongToCountIsCountedAnewBeforeItIsOldAtRandom() {
        // Given
        before = Uni.createFrom().voidItem().invoke(() -> now = now.plusSeconds(9));
        ask(levels(LONG)); // took nine seconds
        before = Uni.createFrom().voidItem();
        remainsGoodFor(Duration.ofSeconds(8));

        // When
        chance = 0.3; // 0.36 times that
        ask(levels(LONG));
        int without = counts.get();
        chance = 0.7; // 1.2 times that
        StockLevel told = ask(levels(LONG));

        // Then
        assertThat(without).isEqualTo(1);
        assertThat(told.available()).isEqualTo(99);
        await().atMost(PATIENCE).until(() -> counts.get() == 2);
    }

    @Test
    void aLevelIsLetBeForMostOfItsTimeHoweverLongACountTakes() {
        // Given
        before = Uni.createFrom().voidItem().invoke(() -> now = now.plusSeconds(30));
        ask(levels(LONG));
        before = Uni.createFrom().voidItem();
        chance = 0.999; // seven times that

        // When
        remainsGoodFor(Duration.ofSeconds(18));
        ask(levels(LONG));
        int without = counts.get();
        remainsGoodFor(Duration.ofSeconds(11));
        ask(levels(LONG));

        // Then
        assertThat(without).isEqualTo(1);
        await().atMost(PATIENCE).until(() -> counts.get() == 2);
    }

    private void remainsGoodFor(Duration time) {
        redis.execute("PEXPIRE", entry, String.valueOf(time.plus(LONG).toMillis()))
                .await()
                .atMost(PATIENCE);
    }

    @Test
    void severalAreFoundAndCountedTogether() {
        // Given
        Listing phone = Samples.listing(new Sku("phone"), 3);
        Listing television = Samples.listing(new Sku("television"), 3);
        ask(levels(LONG));

        // When
        Map<Sku, StockLevel> all =
                levels(LONG).levels(List.of(LISTING, phone, television)).await().atMost(PATIENCE);

        // Then
        assertThat(all).hasSize(3).containsEntry(SKU, remembered(99));
        assertThat(all.get(new Sku("phone")).source()).isEqualTo(StockLevel.Source.SHARDS);
        assertThat(counts).hasValue(2);
    }

    @Test
    void aLevelIsForgottenWhenItIsAskedFor() {
        // Given
        RedisStockLevels levels = levels(LONG);
        ask(levels);

        // When
        levels.forget(SKU).await().atMost(PATIENCE);

        // Then
        assertThat(ask(levels)).isEqualTo(counted(98));
    }

    @Test
    void whatWasCountedBeforeItWasForgottenIsNotRemembered() {
        // Given
        CompletableFuture<Void> later = new CompletableFuture<>();
        before = Uni.createFrom().completionStage(later);
        CompletableFuture<StockLevel> counting = levels(LONG).level(LISTING).subscribeAsCompletionStage();
        await().atMost(PATIENCE).until(() -> counts.get() == 1);

        // When
        levels(LONG).forget(SKU).await().atMost(PATIENCE);
        later.complete(null);
        counting.join();

        // Then
        assertThat(ask(levels(LONG))).isEqualTo(counted(98));
    }

    // Between counts

    @Test
    void unitsThatAreTakenAndGivenBackChangeATotalThatWasKnownBefore() {
        // Given
        RedisStockLevels levels = levels(LONG);
        ask(levels);
        ask(levels);
        Optional<String> known = levels.count(SKU);

        // When
        OptionalLong taken = change(levels, -9, known);
        OptionalLong given = change(levels, 2, known);

        // Then
        assertThat(taken).hasValue(90);
        assertThat(given).hasValue(92);
        assertThat(ask(levels(LONG))).isEqualTo(remembered(92));
    }

    @Test
    void whatACountMayHaveSeenIsNotTakenASecondTimeAndGivenBackInAnyCase() {
        // Given
        RedisStockLevels levels = levels(LONG);
        Optional<String> known = levels.count(SKU);
        ask(levels);

        // When
        OptionalLong taken = change(levels, -9, known);
        OptionalLong given = change(levels, 2, known);

        // Then
        assertThat(known).isEmpty();
        assertThat(taken).as("left at least").hasValue(99 - 9);
        assertThat(given).as("left at least").hasValue(99 - 9 + 2);
        assertThat(ask(levels)).isEqualTo(remembered(99 + 2));
    }

    @Test
    void whatIsGivenBackWhileACountIsUnderWayIsAddedToIt() {
        // Given
        CompletableFuture<Void> later = new CompletableFuture<>();
        before = Uni.createFrom().completionStage(later);
        CompletableFuture<StockLevel> counting = levels(LONG).level(LISTING).subscribeAsCompletionStage();
        await().atMost(PATIENCE).until(() -> counts.get() == 1);
        RedisStockLevels levels = levels(LONG);

        // When
        OptionalLong given = change(levels, 5, Optional.empty());
        OptionalLong taken = change(levels, -5, Optional.empty());
        later.complete(null);
        counting.join();

        // Then
        assertThat(given).isEmpty();
        assertThat(taken).isEmpty();
        assertThat(ask(levels)).isEqualTo(remembered(99 + 5));
        assertThat(change(levels, -1, levels.count(SKU))).as("left at least").hasValue(99 + 5 - 5 - 1);
    }

    @Test
    void aTotalIsNeverBelowZeroAndAChangeDoesNotMakeOne() {
        // Given
        RedisStockLevels levels = levels(LONG);
        OptionalLong nothing = change(levels, 5, Optional.empty());
        ask(levels);
        ask(levels);

        // When
        OptionalLong left = change(levels, -1_000, levels.count(SKU));

        // Then
        assertThat(nothing).isEmpty();
        assertThat(left).hasValue(0);
        assertThat(ask(levels)).isEqualTo(remembered(0));
    }

    @Test
    void aChangeDoesNotMakeATotalLiveLonger() {
        // Given
        RedisStockLevels levels = levels(LONG);
        ask(levels);
        commands.key().pexpire(entry, 5_000);

        // When
        change(levels, 5, Optional.empty());

        // Then
        assertThat(commands.key().pttl(entry)).isBetween(1L, 5_000L);
    }

    // What cannot be

    static Stream<Map<String, String>> garbage() {
        String at = String.valueOf(Samples.NOW.toEpochMilli());
        return Stream.of(
                Map.of("available", "7"),
                Map.of("available", "-5", "asOf", at, "cost", "1", "count", "x"),
                Map.of("available", "7.5", "asOf", at, "cost", "1", "count", "x"),
                Map.of("available", "lots", "asOf", at, "cost", "1", "count", "x"),
                Map.of("available", "9999999999999999999", "asOf", at, "cost", "1", "count", "x"),
                Map.of("available", "7", "asOf", "yesterday", "cost", "1", "count", "x"),
                Map.of("available", "7", "asOf", "1", "cost", "1", "count", "x"),
                Map.of("available", "7", "asOf", "9" + at, "cost", "1", "count", "x"),
                Map.of("available", "7", "asOf", at, "cost", "", "count", "x"),
                Map.of("available", "7", "asOf", at, "cost", "1"));
    }

    @ParameterizedTest
    @MethodSource("garbage")
    void garbageIsNotBelievedAndIsReplaced(Map<String, String> garbage) {
        // Given
        commands.hash(String.class).hset(entry, garbage);
        commands.key().pexpire(entry, LONG);
        RedisStockLevels levels = levels(LONG);

        // When
        StockLevel level = ask(levels);

        // Then
        assertThat(level).isEqualTo(counted(99));
        assertThat(ask(levels)).isEqualTo(remembered(99));
    }

    @Test
    void aLevelWithoutAnEndIsNotBelieved() {
        // Given
        ask(levels(LONG));
        commands.key().persist(entry);

        // When
        StockLevel level = ask(levels(LONG));

        // Then
        assertThat(level).isEqualTo(counted(98));
    }

    @Test
    void keysOfAnotherTypeAreNotBelievedAndAreReplaced() {
        // Given
        commands.value(String.class).set(entry, "7");
        commands.value(String.class).set(lease, "mine for ever");
        RedisStockLevels levels = levels(LONG);

        // When
        StockLevel level = ask(levels);

        // Then
        assertThat(level).isEqualTo(counted(99));
        assertThat(ask(levels)).isEqualTo(remembered(99));
    }

    @Test
    void aTotalOfAnotherTypeIsNotChanged() {
        // Given
        commands.list(String.class).lpush(entry, "7");

        // When
        OptionalLong left = change(levels(LONG), 5, Optional.empty());

        // Then
        assertThat(left).isEmpty();
    }

    @Test
    void aTotalThatIsNoNumberIsRemovedWhenItIsToBeChanged() {
        // Given
        commands.hash(String.class).hset(entry, Map.of("available", "lots", "count", "x"));

        // When
        OptionalLong left = change(levels(LONG), 5, Optional.empty());

        // Then
        assertThat(left).isEmpty();
        assertThat(commands.key().exists(entry)).isFalse();
    }

    // Without Redis

    @Test
    void aRedisThatIsNotThereIsDoneWithout() throws IOException {
        // Given
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        RedisStockLevels levels = levels(at(port), LONG, LONG);

        // When
        StockLevel level = ask(levels);

        // Then
        assertThat(level).isEqualTo(counted(99));
        assertThat(levels.change(SKU, 5, Optional.empty())
                        .onItem()
                        .transform(left -> "told")
                        .onFailure()
                        .recoverWithItem("not told")
                        .await()
                        .atMost(PATIENCE))
                .isEqualTo("not told");
    }

    @Test
    void aRedisThatDoesNotAnswerDoesNotKeepALevelFromBeingForgottenBelow() throws IOException {
        // Given
        RedisStockLevels levels = levels(silent(), LONG, LONG);

        // When
        levels.forget(SKU).await().atMost(PATIENCE);

        // Then
        assertThat(forgottenBelow).hasValue(1);
    }

    @Test
    void aFailureBelowIsNotRemembered() {
        // Given
        before = Uni.createFrom().failure(new Unavailable("away"));
        levels(LONG).level(LISTING).onFailure().recoverWithNull().await().atMost(PATIENCE);
        before = Uni.createFrom().voidItem();

        // When
        StockLevel level = ask(levels(LONG));

        // Then
        assertThat(level.source()).isEqualTo(StockLevel.Source.SHARDS);
    }

    // Totals that may be behind

    @Test
    void aTotalThatMayBeBehindIsGoodEnough() {
        // When / Then
        assertThat(ask(mayBeBehind(LONG)).source()).isEqualTo(StockLevel.Source.SUMMARY);
    }

    @Test
    void whenUnitsHaveComeLatelyTheShardsAreCounted() {
        // Given
        RedisStockLevels levels = mayBeBehind(LONG);
        change(levels, 1, Optional.empty());

        // When / Then
        assertThat(ask(mayBeBehind(LONG)).source()).isEqualTo(StockLevel.Source.SHARDS);
    }

    @Test
    void whenUnitsWereMovedTheShardsAreCounted() {
        // Given
        RedisStockLevels levels = mayBeBehind(LONG);
        change(levels, 0, Optional.empty());

        // When / Then
        assertThat(ask(levels).source()).isEqualTo(StockLevel.Source.SHARDS);
    }

    @Test
    void whenUnitsHaveGoneTheyAreNot() {
        // Given
        RedisStockLevels levels = mayBeBehind(LONG);
        change(levels, -1, Optional.empty());

        // When / Then
        assertThat(ask(levels).source()).isEqualTo(StockLevel.Source.SUMMARY);
    }

    @Test
    void whenATotalWasForgottenTheShardsAreCounted() {
        // Given
        RedisStockLevels levels = mayBeBehind(LONG);
        ask(levels);
        levels.forget(SKU).await().atMost(PATIENCE);

        // When / Then
        assertThat(ask(levels).source()).isEqualTo(StockLevel.Source.SHARDS);
    }

    @Test
    void afterAWhileAnyTotalKnowsOfThem() {
        // Given
        RedisStockLevels levels = mayBeBehind(SHORT);
        change(levels, 1, Optional.empty());

        // When
        await().atMost(PATIENCE).until(() -> commands.key().exists(entry + ":grown"), is -> !is);

        // Then
        assertThat(ask(levels).source()).isEqualTo(StockLevel.Source.SUMMARY);
    }

    @Test
    void withoutRedisNobodyKnowsWhetherUnitsHaveCome() throws IOException {
        // Given
        RedisStockLevels levels = levels(silent(), LONG, LONG, mayBeBehindBy(LONG));

        // When / Then
        assertThat(ask(levels).source()).isEqualTo(StockLevel.Source.SHARDS);
    }

    private RedisStockLevels mayBeBehind(Duration behind) {
        return levels(redis, LONG, LONG, mayBeBehindBy(behind));
    }

    private Counts mayBeBehindBy(Duration behind) {
        return new Counts(new Counting(StockLevel.Source.SUMMARY), new Counting(), behind);
    }

    /** Accepts connections, and says nothing. */
    private ReactiveRedisDataSource silent() throws IOException {
        ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ReactiveRedisDataSource source = at(socket.getLocalPort());
        toClose.add(socket);
        return source;
    }

    private RedisStockLevels levels(Duration ttl) {
        return levels(redis, ttl, LONG);
    }

    private RedisStockLevels levels(ReactiveRedisDataSource source, Duration ttl, Duration stale) {
        return levels(source, ttl, stale, Counts.exact(new Counting()));
    }

    private RedisStockLevels levels(ReactiveRedisDataSource source, Duration ttl, Duration stale, Counts below) {
        return new RedisStockLevels(
                new BoundedRedis(source, TIMEOUT),
                new Config(prefix),
                new Freshness(Duration.ofMillis(10), ttl, stale),
                below,
                () -> now,
                Pauses.real(),
                () -> chance);
    }

    private ReactiveRedisDataSource at(int port) {
        Redis client = Redis.createClient(vertx, "redis://127.0.0.1:" + port);
        toClose.add(client::close);
        return new ReactiveRedisDataSourceImpl(vertx, client, RedisAPI.api(client));
    }

    private static Uni<Void> pause(Duration duration) {
        return Uni.createFrom().voidItem().onItem().delayIt().by(duration);
    }

    private static StockLevel ask(StockLevels levels) {
        return levels.level(LISTING).await().atMost(PATIENCE);
    }

    private static OptionalLong change(RedisStockLevels levels, long units, Optional<String> before) {
        return levels.change(SKU, units, before).await().atMost(PATIENCE);
    }

    private StockLevel counted(long available) {
        return new StockLevel(SKU, available, Samples.NOW, StockLevel.Source.SHARDS);
    }

    private StockLevel remembered(long available) {
        return new StockLevel(SKU, available, Samples.NOW, StockLevel.Source.REDIS);
    }

    private final class Counting implements StockLevels {
        private final StockLevel.Source told;

        Counting() {
            this(StockLevel.Source.SHARDS);
        }

        Counting(StockLevel.Source told) {
            this.told = told;
        }

        @Override
        public Uni<Map<Sku, StockLevel>> levels(Collection<Listing> listings) {
            return Uni.createFrom().deferred(() -> {
                long available = 100L - counts.incrementAndGet();
                Map<Sku, StockLevel> levels = new HashMap<>();
                listings.forEach(it -> levels.put(
                        it.product().sku(), new StockLevel(it.product().sku(), available, Samples.NOW, told)));
                return before.replaceWith(levels);
            });
        }

        @Override
        public Uni<Void> forget(Sku sku) {
            return Uni.createFrom().voidItem().invoke(() -> forgottenBelow.incrementAndGet());
        }
    }

    private record Config(String keyPrefix) implements RedisConfig {
        @Override
        public Duration timeout() {
            return TIMEOUT;
        }
    }
}
