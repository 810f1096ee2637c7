package dev.flashstock.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flashstock.Samples;
import dev.flashstock.inventory.Listing;
import dev.flashstock.inventory.StockLevels;
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
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class RedisStockLevelsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration TIMEOUT = Duration.ofMillis(500);
    private static final Listing LISTING = Samples.listing(new Sku("console"), 10);

    @Inject
    ReactiveRedisDataSource redis;

    @Inject
    RedisDataSource commands;

    @Inject
    Vertx vertx;

    /** The layer below counts down. */
    private final AtomicInteger lookUps = new AtomicInteger();

    private final AtomicInteger forgottenBelow = new AtomicInteger();
    private final String prefix = "test:" + UUID.randomUUID() + ":";
    private final String key = prefix + "stock:console";

    /** In this order: a server that goes before its client makes noise. */
    private final List<Closeable> toClose = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (Closeable it : toClose) {
            it.close();
        }
    }

    @Test
    void aLevelIsRememberedWithTheTimeItWasCounted() {
        // Given
        RedisStockLevels levels = levels(redis, Duration.ofMinutes(1));
        StockLevel first = ask(levels);

        // When
        StockLevel second = ask(levels);

        // Then
        assertThat(first).isEqualTo(counted(1));
        assertThat(second)
                .isEqualTo(new StockLevel(first.sku(), first.available(), first.asOf(), StockLevel.Source.REDIS));
        assertThat(lookUps).hasValue(1);
    }

    @Test
    void anotherProcessFindsIt() {
        // Given
        ask(levels(redis, Duration.ofMinutes(1)));

        // When
        StockLevel level = ask(levels(redis, Duration.ofMinutes(1)));

        // Then
        assertThat(level.source()).isEqualTo(StockLevel.Source.REDIS);
        assertThat(lookUps).hasValue(1);
    }

    @Test
    void aLevelIsForgottenWhenItsTimeIsOver() {
        // Given
        RedisStockLevels levels = levels(redis, Duration.ofMillis(200));
        ask(levels);

        // When
        await().atMost(PATIENCE).until(() -> ask(levels).source() == StockLevel.Source.SHARDS);

        // Then
        assertThat(lookUps).hasValue(2);
    }

    @Test
    void aLevelIsForgottenWhenItIsAskedFor() {
        // Given
        RedisStockLevels levels = levels(redis, Duration.ofMinutes(1));
        ask(levels);

        // When
        levels.forget(new Sku("console")).await().atMost(PATIENCE);

        // Then
        assertThat(ask(levels)).isEqualTo(counted(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "garbage", "-5@1764234000000", "7", "7@", "@7", "7@x", "9999999999999999999@1", "1@1 "})
    void garbageIsNotBelievedAndIsReplaced(String garbage) {
        // Given
        commands.value(String.class).set(key, garbage);
        RedisStockLevels levels = levels(redis, Duration.ofMinutes(1));

        // When
        StockLevel level = ask(levels);

        // Then
        assertThat(level).isEqualTo(counted(1));
        assertThat(ask(levels).source()).isEqualTo(StockLevel.Source.REDIS);
    }

    @Test
    void aKeyOfAnotherTypeIsNotBelieved() {
        // Given
        commands.list(String.class).lpush(key, "7@1764234000000");

        // When
        StockLevel level = ask(levels(redis, Duration.ofMinutes(1)));

        // Then
        assertThat(level).isEqualTo(counted(1));
    }

    @Test
    void aRedisThatIsNotThereIsDoneWithout() throws IOException {
        // Given
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        RedisStockLevels levels = levels(at(port), Duration.ofMinutes(1));

        // When
        StockLevel level = ask(levels);

        // Then
        assertThat(level).isEqualTo(counted(1));
    }

    @Test
    void aRedisThatDoesNotAnswerCostsNoMoreThanTheTimeout() throws IOException {
        // Given
        RedisStockLevels levels = levels(silent(), Duration.ofMinutes(1));
        long start = System.nanoTime();

        // When
        StockLevel level = ask(levels);

        // Then
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertThat(level).isEqualTo(counted(1));
        assertThat(took).isBetween(TIMEOUT, TIMEOUT.multipliedBy(2));
    }

    @Test
    void aRedisThatDoesNotAnswerDoesNotKeepALevelFromBeingForgottenBelow() throws IOException {
        // Given
        RedisStockLevels levels = levels(silent(), Duration.ofMinutes(1));

        // When
        levels.forget(new Sku("console")).await().atMost(PATIENCE);

        // Then
        assertThat(forgottenBelow).hasValue(1);
    }

    @Test
    void aFailureBelowIsNotRemembered() {
        // Given
        RedisStockLevels failing =
                new RedisStockLevels(redis, new Config(prefix, Duration.ofMinutes(1)), new Failing());
        failing.level(LISTING)
                .subscribe()
                .withSubscriber(io.smallrye.mutiny.helpers.test.UniAssertSubscriber.create())
                .awaitFailure(PATIENCE);

        // When
        StockLevel level = ask(levels(redis, Duration.ofMinutes(1)));

        // Then
        assertThat(level).isEqualTo(counted(1));
    }

    /** Accepts connections, and says nothing. */
    private ReactiveRedisDataSource silent() throws IOException {
        ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ReactiveRedisDataSource source = at(socket.getLocalPort());
        toClose.add(socket);
        return source;
    }

    private RedisStockLevels levels(ReactiveRedisDataSource source, Duration ttl) {
        return new RedisStockLevels(source, new Config(prefix, ttl), new Counting());
    }

    private ReactiveRedisDataSource at(int port) {
        Redis client = Redis.createClient(vertx, "redis://127.0.0.1:" + port);
        toClose.add(client::close);
        return new ReactiveRedisDataSourceImpl(vertx, client, RedisAPI.api(client));
    }

    private static StockLevel ask(StockLevels levels) {
        return levels.level(LISTING).await().atMost(PATIENCE);
    }

    private static StockLevel counted(int lookUp) {
        return new StockLevel(new Sku("console"), 100L - lookUp, Samples.NOW, StockLevel.Source.SHARDS);
    }

    private final class Counting implements StockLevels {
        @Override
        public Uni<StockLevel> level(Listing listing) {
            return Uni.createFrom().item(() -> counted(lookUps.incrementAndGet()));
        }

        @Override
        public Uni<Void> forget(Sku sku) {
            return Uni.createFrom().voidItem().invoke(() -> forgottenBelow.incrementAndGet());
        }
    }

    private static final class Failing implements StockLevels {
        @Override
        public Uni<StockLevel> level(Listing listing) {
            return Uni.createFrom().failure(new dev.flashstock.inventory.Unavailable("away"));
        }

        @Override
        public Uni<Void> forget(Sku sku) {
            return Uni.createFrom().voidItem();
        }
    }

    private record Config(String keyPrefix, Duration stockTtl) implements RedisConfig {
        @Override
        public Duration timeout() {
            return TIMEOUT;
        }
    }
}
