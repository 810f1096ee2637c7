package dev.flashstock.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flashstock.local.Backend;
import dev.flashstock.local.LocalBackends;
import dev.flashstock.local.faults.Fault;
import dev.flashstock.local.faults.FaultRule;
import dev.flashstock.local.faults.Faults;
import dev.flashstock.local.faults.RedisWire;
import dev.flashstock.local.faults.Wire;
import dev.flashstock.sharding.Ownership;
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
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each pod reaches the embedded Redis by a wire of its own. */
@Tag("long")
class RedisPodsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final URI SERVER = URI.create(LocalBackends.server(Backend.REDIS) + "/5");

    private static Vertx vertx;

    private final String prefix = "test:" + UUID.randomUUID() + ":";
    private final String key = prefix + "pods";

    /** The last one first: a server that goes before its client makes noise. */
    private final Deque<Closeable> toClose = new ArrayDeque<>();

    private final ReactiveRedisDataSource redis = client(SERVER);

    private record Config(String keyPrefix) implements RedisConfig {
        @Override
        public Duration timeout() {
            return Duration.ofMillis(250);
        }
    }

    /** A pod and its wire. */
    private record Pod(RedisPods pods, Wire wire) {
        void start() {
            pods.start().await().atMost(PATIENCE);
        }

        void stop() {
            pods.stop().await().atMost(PATIENCE);
        }

        Set<String> sees() {
            return pods.living();
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

    @Test
    void beforeItAsksAPodKnowsItself() {
        // When
        Pod pod = pod("a");

        // Then
        assertThat(pod.sees()).containsExactly("a");
    }

    @Test
    void aPodThatComesSeesThoseThatAreThere() {
        // Given
        pod("a").start();

        // When
        Pod second = pod("b");
        second.start();

        // Then
        assertThat(second.sees()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void whoIsThereSeesAPodThatComes() {
        // Given
        Pod first = pod("a");
        first.start();

        // When
        pod("b").start();

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(first.sees()).containsExactlyInAnyOrder("a", "b"));
    }

    @Test
    void aPodThatStopsLeavesAtOnce() {
        // Given
        Pod staying = pod("a");
        Pod leaving = pod("b");
        staying.start();
        leaving.start();

        // When
        leaving.stop();

        // Then
        assertThat(inRedis()).containsExactly("a");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(staying.sees()).containsExactly("a"));
    }

    @Test
    void aPodThatHasStoppedStaysAwayUntilItStartsAgain() {
        // Given
        Pod pod = pod("a");
        pod.start();
        pod.start();
        pod.stop();
        pod.stop();

        // When
        Pod other = pod("b");
        other.start();
        awaitBeatsOf("b", 3);
        List<String> meanwhile = inRedis();
        pod.start();

        // Then
        assertThat(meanwhile).containsExactly("b");
        assertThat(inRedis()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void aPodThatDiesIsGoneWhenItsTimeIsOver() {
        // Given
        Pod surviving = pod("a");
        Pod dying = pod("b");
        dying.start();
        surviving.start();

        // When
        dying.wire().cut();

        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(surviving.sees()).containsExactly("a"));
        assertThat(inRedis()).containsExactly("a");
    }

    @Test
    void withoutRedisThePodsStayAsTheyWereLastSeenAndItGoesOnWhenItIsBack() {
        // Given
        Pod connected = pod("a");
        Pod cutOff = pod("b");
        connected.start();
        cutOff.start();

        // When
        cutOff.wire().cut();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(connected.sees()).containsExactly("a"));
        Set<String> meanwhile = cutOff.sees();
        connected.stop();
        cutOff.wire().mend();

        // Then
        assertThat(meanwhile).containsExactlyInAnyOrder("a", "b");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(cutOff.sees()).containsExactly("b"));
    }

    @Test
    void aPodThatStartsWithoutRedisIsAloneUntilItIsThere() {
        // Given
        pod("a").start();
        Pod pod = pod("b");
        pod.wire().cut();
        pod.start();
        Set<String> without = pod.sees();

        // When
        pod.wire().mend();

        // Then
        assertThat(without).containsExactly("b");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(pod.sees()).containsExactlyInAnyOrder("a", "b"));
    }

    @Test
    void aRedisThatDoesNotAnswerKeepsNobodyFromStartingAndStopping() {
        // Given
        Pod pod = pod("a");
        pod.wire().faults().set(FaultRule.always(new Fault.AnswerLate(Fault.MAX_MILLIS)));

        // When
        pod.start();
        pod.stop();

        // Then
        assertThat(pod.sees()).containsExactly("a");
    }

    @Test
    void anAnswerThatIsLostCostsOneHeartbeat() {
        // Given
        pod("a").start();
        Pod pod = pod("b");
        pod.wire()
                .faults()
                .set(FaultRule.always(new Fault.AnswerLost()).on("EVAL").times(1));

        // When
        pod.start();

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(pod.sees()).containsExactlyInAnyOrder("a", "b"));
    }

    @Test
    void aHeartbeatThatComesTwiceDoesNotBringBackWhoHasLeftForLong() {
        // Given
        Pod staying = pod("a");
        Pod leaving = pod("b");
        staying.start();
        leaving.wire()
                .faults()
                .set(FaultRule.always(new Fault.LateDuplicate(1_000)).on("EVAL").times(1));
        leaving.start();

        // When
        leaving.stop();
        await().atMost(PATIENCE).until(() -> inRedis().contains("b"));

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(inRedis()).containsExactly("a"));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(staying.sees()).containsExactly("a"));
    }

    @Test
    void aKeyOfAnotherTypeIsLeftAloneAndHurtsNobody() {
        // Given
        send("SET", key, "garbage");
        Pod pod = pod("a");

        // When
        pod.start();
        String value = send("GET", key).toString();
        Set<String> without = pod.sees();
        send("DEL", key);

        // Then
        assertThat(value).isEqualTo("garbage");
        assertThat(without).containsExactly("a");
        await().atMost(PATIENCE).until(() -> inRedis().contains("a"));
    }

    @Test
    void whatIsNoHeartbeatOfAPodIsNotBelieved() {
        // Given
        String now = now();
        String tooLong = "x".repeat(RedisPods.MAX_ID_BYTES + 1);
        send("ZADD", key, now, tooLong, "1", "long ago", now + "000", "far ahead", "-inf", "never", "+inf", "always");
        Pod pod = pod("a");

        // When
        pod.start();

        // Then
        assertThat(pod.sees()).containsExactly("a");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(inRedis()).containsExactly("a"));
    }

    @Test
    void noMorePodsAreTakenThanShardsAreSharedOutAmong() {
        // Given
        List<String> words = new ArrayList<>(List.of(key));
        String now = now();
        for (int i = 0; i < Ownership.MAX_PODS + 500; i++) {
            words.addAll(List.of(now, "pod-" + i));
        }
        send("ZADD", words.toArray(String[]::new));
        Pod pod = pod("a");

        // When
        pod.start();

        // Then
        assertThat(pod.sees()).hasSize(Ownership.MAX_PODS).contains("a");
    }

    @Test
    void asLongAsNothingChangesItIsTheSameSet() {
        // Given
        Pod pod = pod("a");
        pod("b").start();
        pod.start();
        Set<String> first = pod.sees();

        // When
        awaitBeatsOf("a", 3);

        // Then
        assertThat(pod.sees()).isSameAs(first);
    }

    @Test
    void nothingStaysInRedisWhenEverybodyIsGone() {
        // Given
        Pod pod = pod("a");
        pod.start();

        // When
        long left = send("PTTL", key).toLong();

        // Then
        assertThat(left).isBetween(1L, RedisPods.LIFETIME.toMillis());
    }

    @Test
    void anOutageIsToldOnceAndSoIsItsEnd() {
        // Given
        Pod pod = pod("a");
        List<String> told = new CopyOnWriteArrayList<>();
        listen(told);
        pod.start();

        // When
        pod.wire()
                .faults()
                .set(FaultRule.always(new Fault.Failure(500, "LOADING", "not yet"))
                        .on("EVAL"));
        await().atMost(PATIENCE).until(() -> pod.wire().faults().happened().getOrDefault("Failure", 0L) >= 3);
        pod.wire().faults().clear();
        await().atMost(PATIENCE).until(() -> told.size() > 2);
        awaitBeatsOf("a", 2);
        pod.stop();

        // Then
        assertThat(told)
                .containsExactly(
                        "INFO Heartbeats started pod=a",
                        "WARN Living pods not known, staying with the last seen pods=1 error=LOADING not yet",
                        "INFO Living pods known again pods=1",
                        "INFO Heartbeats stopped pod=a");
    }

    private void listen(List<String> told) {
        Logger log = Logger.getLogger(RedisPods.class.getName());
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                told.add(line.getLevel() + " " + line.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        log.addHandler(handler);
        toClose.push(() -> log.removeHandler(handler));
    }

    private Pod pod(String id) {
        Wire wire = new RedisWire(vertx.getDelegate(), SERVER, new Faults(1));
        toClose.push(wire::close);
        RedisPods pods = new RedisPods(client(wire.address()), new Config(prefix), id);
        toClose.push(() -> pods.stop().await().atMost(PATIENCE));
        return new Pod(pods, wire);
    }

    private ReactiveRedisDataSource client(URI address) {
        Redis client = Redis.createClient(vertx, address.toString());
        toClose.push(client::close);
        return new ReactiveRedisDataSourceImpl(vertx, client, RedisAPI.api(client));
    }

    private Response send(String command, String... words) {
        return redis.execute(command, words).await().atMost(PATIENCE);
    }

    private List<String> inRedis() {
        List<String> members = new ArrayList<>();
        send("ZRANGE", key, "0", "-1").forEach(member -> members.add(member.toString()));
        return members;
    }

    /** What Redis's clock says, in milliseconds. */
    private String now() {
        Response time = send("TIME");
        return String.valueOf(time.get(0).toLong() * 1_000 + time.get(1).toLong() / 1_000);
    }

    private void awaitBeatsOf(String pod, int beats) {
        for (int i = 0; i < beats; i++) {
            String last = String.valueOf(send("ZSCORE", key, pod));
            await().atMost(PATIENCE).until(() -> !last.equals(String.valueOf(send("ZSCORE", key, pod))));
        }
    }
}
