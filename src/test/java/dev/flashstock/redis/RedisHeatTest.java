package dev.flashstock.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flashstock.heat.Key;
import dev.flashstock.heat.Load;
import dev.flashstock.heat.Snapshot;
import dev.flashstock.local.Backend;
import dev.flashstock.local.LocalBackends;
import dev.flashstock.local.faults.Faults;
import dev.flashstock.local.faults.RedisWire;
import dev.flashstock.local.faults.Wire;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.quarkus.redis.runtime.datasource.ReactiveRedisDataSourceImpl;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.RedisAPI;
import io.vertx.mutiny.redis.client.Response;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each process reaches the embedded Redis by a wire of its own. */
@Tag("long")
class RedisHeatTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final URI SERVER = URI.create(LocalBackends.server(Backend.REDIS) + "/5");
    private static final Key KEY = Key.ofTable("STOCK#console#3");

    private static Vertx vertx;

    private final Config config = new Config("test:" + UUID.randomUUID() + ":");
    private final String hash = config.keyPrefix() + "heat:1";

    /** The last one first: a server that goes before its client makes noise. */
    private final Deque<Closeable> toClose = new ArrayDeque<>();

    private final ReactiveRedisDataSource redis = client(SERVER);

    private record Config(String keyPrefix) implements RedisConfig {
        @Override
        public Duration timeout() {
            return Duration.ofSeconds(2);
        }
    }

    /** How it goes with a process. */
    private static final class Progress implements RedisHeat.Listener {
        private final AtomicInteger merged = new AtomicInteger();
        private final AtomicInteger failed = new AtomicInteger();

        @Override
        public void merged() {
            merged.incrementAndGet();
        }

        @Override
        public void failed(Throwable failure) {
            failed.incrementAndGet();
        }
    }

    private record Process(RedisHeat heat, Progress progress, Wire wire) {
        Process started() {
            heat.start();
            await().atMost(PATIENCE).until(() -> progress.merged.get() + progress.failed.get() > 0);
            return this;
        }

        List<Snapshot> sees() {
            return heat.others();
        }

        void awaitSeeing(Snapshot... others) {
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(sees()).containsExactlyInAnyOrder(others));
        }
    }

    @BeforeAll
    static void open() {
        vertx = new Vertx(Wire.eventLoop());
    }

    @AfterAll
    static void end() {
        vertx.close().await().atMost(PATIENCE);
    }

    @AfterEach
    void close() throws IOException {
        for (Closeable it : toClose) {
            it.close();
        }
    }

    private static Snapshot writes(double units) {
        Load load = new Load(units, 0, units, 0, Map.of());
        return new Snapshot(load, Map.of(KEY, load));
    }

    @Test
    void eachIsToldTheHeatOfAllOthers() {
        // When
        Process one = process("a", writes(100)).started();
        Process two = process("b", writes(200)).started();
        Process three = process("c", writes(300)).started();

        // Then
        one.awaitSeeing(writes(200), writes(300));
        two.awaitSeeing(writes(100), writes(300));
        three.awaitSeeing(writes(100), writes(200));
        assertThat(one.progress().failed).hasValue(0);
    }

    @Test
    void whoStopsIsHeardOfNoMore() {
        // Given
        Process staying = process("a", writes(1)).started();
        Process leaving = process("b", writes(2)).started();
        staying.awaitSeeing(writes(2));

        // When
        leaving.heat().stop().await().atMost(PATIENCE);

        // Then
        assertThat(fields()).containsExactly("a");
        staying.awaitSeeing();
    }

    @Test
    void whatADeadProcessToldGoes() {
        // Given
        Process surviving = process("a", writes(1)).started();
        Process dying = process("b", writes(2)).started();
        surviving.awaitSeeing(writes(2));

        // When
        dying.wire().cut();

        // Then
        surviving.awaitSeeing();
        assertThat(fields()).containsExactly("a");
        assertThat(surviving.progress().failed).hasValue(0);
    }

    @Test
    void withoutRedisAProcessKnowsItselfUntilItIsBack() {
        // Given
        process("a", writes(1)).started();
        Process cutOff = process("b", writes(2)).started();
        cutOff.awaitSeeing(writes(1));

        // When
        cutOff.wire().cut();
        cutOff.awaitSeeing();
        int failed = cutOff.progress().failed.get();
        cutOff.wire().mend();

        // Then
        assertThat(failed).isPositive();
        cutOff.awaitSeeing(writes(1));
    }

    @Test
    void whatIsNoHeatIsNotBelievedAndHurtsNobody() {
        // Given
        String now = send("TIME").get(0).toString() + "000";
        send("HSET", hash, "long ago", "1 0 0 0 0", "far ahead", now + "0 0 0 0 0", "no time", "garbage");
        Process one = process("a", writes(1)).started();
        send("HSET", hash, "garbage", now + " garbage", "too long", now + " " + "x".repeat(RedisHeat.MAX_LENGTH + 1));

        // When
        Process two = process("b", writes(2)).started();

        // Then
        two.awaitSeeing(writes(1));
        assertThat(two.progress().failed).hasPositiveValue();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(fields()).containsExactlyInAnyOrder("a", "b"));
        await().atMost(PATIENCE).until(() -> two.progress().merged.get() > 0);
        one.awaitSeeing(writes(2));
    }

    @Test
    void noMoreProcessesAreHeardThanTheBound() {
        // Given
        String now = send("TIME").get(0).toString() + "000";
        List<String> words = new ArrayList<>(List.of(hash));
        for (int i = 0; i < RedisHeat.MOST_OTHERS + 50; i++) {
            words.addAll(List.of("pod-" + i, now + " 1 0 0 0"));
        }
        send("HSET", words.toArray(String[]::new));

        // When
        Process process = process("a", writes(1)).started();

        // Then
        assertThat(process.sees()).hasSizeBetween(RedisHeat.MOST_OTHERS - 1, RedisHeat.MOST_OTHERS);
    }

    @Test
    void aKeyOfAnotherTypeIsLeftAlone() {
        // Given
        send("SET", hash, "garbage");

        // When
        Process process = process("a", writes(1)).started();

        // Then
        assertThat(process.progress().failed).hasPositiveValue();
        assertThat(process.sees()).isEmpty();
        assertThat(send("GET", hash)).hasToString("garbage");
    }

    @Test
    void nothingStaysInRedisWhenEverybodyIsGone() {
        // When
        process("a", writes(1)).started();

        // Then
        assertThat(send("PTTL", hash).toLong()).isBetween(1L, RedisHeat.LIFETIME.toMillis());
    }

    private Process process(String id, Snapshot heat) {
        Wire wire = new RedisWire(vertx.getDelegate(), SERVER, new Faults(1));
        toClose.push(wire::close);
        Progress progress = new Progress();
        RedisHeat redisHeat = new RedisHeat(
                new BoundedRedis(client(wire.address()), config.timeout()),
                config,
                id,
                () -> heat,
                System::nanoTime,
                progress);
        toClose.push(() -> redisHeat.stop().await().atMost(PATIENCE));
        return new Process(redisHeat, progress, wire);
    }

    private ReactiveRedisDataSource client(URI address) {
        Redis client = Redis.createClient(vertx, address.toString());
        toClose.push(client::close);
        return new ReactiveRedisDataSourceImpl(vertx, client, RedisAPI.api(client));
    }

    private Response send(String command, String... words) {
        return redis.execute(command, words).await().atMost(PATIENCE);
    }

    private List<String> fields() {
        List<String> fields = new ArrayList<>();
        send("HKEYS", hash).forEach(it -> fields.add(it.toString()));
        return fields;
    }
}
