package dev.flashstock.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flashstock.local.Backend;
import dev.flashstock.local.LocalBackends;
import dev.flashstock.local.faults.Faults;
import dev.flashstock.local.faults.RedisWire;
import dev.flashstock.local.faults.Wire;
import dev.flashstock.stock.Sku;
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
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each process reaches the embedded Redis by a wire of its own. */
class RedisNewsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final URI SERVER = URI.create(LocalBackends.server(Backend.REDIS) + "/5");
    private static final Sku SKU = new Sku("console");

    private static Vertx vertx;

    private final String prefix = "test:" + UUID.randomUUID() + ":";
    private final Deque<Closeable> toClose = new ArrayDeque<>();
    private final ReactiveRedisDataSource redis = client(SERVER);

    private record Config(String keyPrefix) implements RedisConfig {
        @Override
        public Duration timeout() {
            return Duration.ofSeconds(10);
        }
    }

    /** A process, its wire, and what it has heard. */
    private record Process(RedisNews news, Wire wire, List<String> heard) {}

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

    @Test
    void othersHearWhatOneTellsAndItDoesNotHearItself() {
        // Given
        Process teller = process("teller");
        Process listener = process("listener");
        awaitListeners(2);

        // When
        teller.news().soldOut(SKU, 3, false);
        teller.news().back(SKU);

        // Then
        await().atMost(PATIENCE).until(() -> listener.heard().size() == 2);
        assertThat(listener.heard()).containsExactlyInAnyOrder("console 3", "console back");
        assertThat(teller.heard()).isEmpty();
    }

    @Test
    void whenTheConnectionBreaksItIsMadeAgain() {
        // Given
        Process teller = process("teller");
        Process listener = process("listener");
        awaitListeners(2);

        // When
        send("CLIENT", "KILL", "TYPE", "pubsub");
        await().atMost(PATIENCE).until(() -> listeners() < 2);
        awaitListeners(2);
        teller.news().soldOut(SKU, 0, false);

        // Then
        await().atMost(PATIENCE).until(() -> listener.heard().contains("console 0"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbage",
                "x 3",
                "x lots console",
                "x -1 console",
                "x 3 no sku",
                "x 3 \u00e4",
                "x 3 console "
            })
    void garbageIsNotHeard(String garbage) {
        // Given
        Process listener = process("listener");
        awaitListeners(1);

        // When
        send("PUBLISH", prefix + "news", garbage);
        send("PUBLISH", prefix + "news", "x 7 console");

        // Then
        await().atMost(PATIENCE).until(() -> !listener.heard().isEmpty());
        assertThat(listener.heard()).containsExactly("console 7");
    }

    @Test
    void whoHasStoppedHearsNothing() {
        // Given
        Process listener = process("listener");
        awaitListeners(1);

        // When
        listener.news().stop();

        // Then
        awaitListeners(0);
    }

    @Test
    void oneHasTheTurn() {
        // Given
        Process one = process("one");
        Process other = process("other");

        // When
        boolean first = one.news().takeTurn(SKU).await().atMost(PATIENCE);
        boolean second = other.news().takeTurn(SKU).await().atMost(PATIENCE);
        boolean ofAnother = other.news().takeTurn(new Sku("phone")).await().atMost(PATIENCE);

        // Then
        assertThat(first).isTrue();
        assertThat(second).isFalse();
        assertThat(ofAnother).isTrue();
        await().atMost(PATIENCE).until(() -> other.news().takeTurn(SKU).await().atMost(PATIENCE));
    }

    @Test
    void withoutRedisEverybodyHasTheTurn() {
        // Given
        Process one = process("one");
        one.wire().cut();

        // When
        boolean first = one.news().takeTurn(SKU).await().atMost(PATIENCE);
        boolean second = one.news().takeTurn(SKU).await().atMost(PATIENCE);

        // Then
        assertThat(first).isTrue();
        assertThat(second).isTrue();
    }

    private Process process(String id) {
        Wire wire = new RedisWire(vertx.getDelegate(), SERVER, new Faults(1));
        toClose.push(wire::close);
        ReactiveRedisDataSource its = client(wire.address());
        Config config = new Config(prefix);
        RedisNews news = new RedisNews(its, new BoundedRedis(its, config.timeout()), config, id);
        List<String> heard = new CopyOnWriteArrayList<>();
        news.start((sku, available) -> heard.add(sku + " " + available), sku -> heard.add(sku + " back"));
        toClose.push(news::stop);
        return new Process(news, wire, heard);
    }

    private ReactiveRedisDataSource client(URI address) {
        Redis client = Redis.createClient(vertx, address.toString());
        toClose.push(client::close);
        return new ReactiveRedisDataSourceImpl(vertx, client, RedisAPI.api(client));
    }

    private void awaitListeners(int number) {
        await().atMost(PATIENCE).until(() -> listeners() == number);
    }

    private int listeners() {
        return send("PUBSUB", "NUMSUB", prefix + "news").get(1).toInteger();
    }

    private Response send(String command, String... words) {
        return redis.execute(command, words).await().atMost(PATIENCE);
    }
}
