package dev.flashstock.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.flashstock.inventory.RateLimits;
import dev.flashstock.inventory.RateLimits.Bucket;
import dev.flashstock.inventory.RateLimits.RateLimit;
import dev.flashstock.inventory.RateLimitsContract;
import dev.flashstock.local.Backend;
import dev.flashstock.local.LocalBackends;
import dev.flashstock.local.faults.Wire;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.quarkus.redis.runtime.datasource.ReactiveRedisDataSourceImpl;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.RedisAPI;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On the embedded Redis; two processes are two of these with one prefix. */
class RedisRateLimitsTest extends RateLimitsContract {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Vertx VERTX = new Vertx(Wire.eventLoop());
    private static final ReactiveRedisDataSource REDIS = client(LocalBackends.server(Backend.REDIS) + "/5");
    private static final ReactiveRedisDataSource NOBODY = client("redis://127.0.0.1:1");
    private static final RateLimit ONE = new RateLimit(1, Duration.ofHours(1));

    private final String prefix = "test:" + UUID.randomUUID() + ":";

    /** What was asked where Redis does not answer. */
    private final List<List<Bucket>> without = new ArrayList<>();

    @AfterAll
    static void end() {
        VERTX.close().await().atMost(PATIENCE);
    }

    private static ReactiveRedisDataSource client(String uri) {
        Redis redis = Redis.createClient(
                VERTX, new RedisOptions().setConnectionString(uri).setMaxPoolWaiting(1_000));
        return new ReactiveRedisDataSourceImpl(VERTX, redis, RedisAPI.api(redis));
    }

    @Override
    protected RateLimits limits() {
        return process(REDIS, System::nanoTime);
    }

    private RateLimits process(ReactiveRedisDataSource redis, Ticker ticker) {
        RedisConfig config = new RedisConfig() {
            @Override
            public String keyPrefix() {
                return prefix;
            }

            @Override
            public Duration timeout() {
                return Duration.ofSeconds(10);
            }
        };
        return new RedisRateLimits(new BoundedRedis(redis, config.timeout()), config, this::takeWithout, ticker);
    }

    private Uni<Duration> takeWithout(List<Bucket> buckets) {
        without.add(buckets);
        return Uni.createFrom().item(Duration.ofSeconds(7));
    }

    private static Duration take(RateLimits limits, Bucket bucket) {
        return limits.take(List.of(bucket)).await().atMost(PATIENCE);
    }

    @Test
    void processesShareABucket() {
        // Given
        Bucket bucket = new Bucket("alice", ONE);
        take(process(REDIS, System::nanoTime), bucket);

        // When
        Duration wait = take(process(REDIS, System::nanoTime), bucket);

        // Then
        assertThat(wait).isPositive();
    }

    @Test
    void whoIsRefusedIsNoLoadForRedisUntilItMayAskAgain() {
        // Given
        Bucket bucket = new Bucket("alice", ONE);
        AtomicLong now = new AtomicLong();
        RateLimits limits = process(REDIS, now::get);
        take(limits, bucket);
        Duration first = take(limits, bucket);
        forget(bucket);

        // When
        Duration second = take(limits, bucket);
        now.addAndGet(first.toNanos());
        Duration third = take(limits, bucket);

        // Then
        assertThat(second).isEqualTo(first);
        assertThat(third).isZero();
    }

    private void forget(Bucket bucket) {
        REDIS.execute("DEL", key(bucket)).await().atMost(PATIENCE);
    }

    private String key(Bucket bucket) {
        return prefix + "limit:" + bucket.name();
    }

    @Test
    void withoutRedisTheProcessesOwnBucketsCount() {
        // Given
        Bucket bucket = new Bucket("alice", ONE);

        // When
        Duration wait = take(process(NOBODY, System::nanoTime), bucket);

        // Then
        assertThat(wait).isEqualTo(Duration.ofSeconds(7));
        assertThat(without).containsExactly(List.of(bucket));
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage", "99999999999999999999", "-1", ""})
    void whatCannotBeABucketIsTakenForAFullOne(String garbage) {
        // Given
        Bucket bucket = new Bucket("alice", ONE);
        REDIS.execute("SET", key(bucket), garbage).await().atMost(PATIENCE);

        // When
        Duration wait = take(process(REDIS, System::nanoTime), bucket);

        // Then
        assertThat(wait).isZero();
    }

    @Test
    void whatIsOfAnotherTypeIsTakenForAFullBucket() {
        // Given
        Bucket bucket = new Bucket("alice", ONE);
        REDIS.execute("HSET", key(bucket), "a", "b").await().atMost(PATIENCE);

        // When
        Duration wait = take(process(REDIS, System::nanoTime), bucket);

        // Then
        assertThat(wait).isZero();
    }

    @Test
    void nothingIsKeptOfABucketThatIsFullAgain() {
        // Given
        Bucket bucket = new Bucket("alice", new RateLimit(5, Duration.ofSeconds(1)));

        // When
        take(process(REDIS, System::nanoTime), bucket);

        // Then
        long millis =
                REDIS.execute("PTTL", key(bucket)).await().atMost(PATIENCE).toLong();
        assertThat(millis).isBetween(1L, 1_000L);
    }
}
