package dev.flashstock.it;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flashstock.it.Purchase.Way;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import redis.embedded.RedisServer;

/**
 * Two packaged instances are asked for stock as fast as they answer, while a shopper buys: how often it is counted, and
 * what readers get while Redis is killed and comes back empty.
 */
@Tag("long")
class ReadersIT {
    private static final int READERS = 50;
    private static final int SKUS = 20;
    private static final int SHARDS = 10;
    private static final int UNITS = 1_000;
    private static final Duration HAMMERED = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** {@code flashstock.stock.ttl} and {@code .stale} as they are unless set. */
    private static final Duration REMEMBERED = Duration.ofSeconds(10);

    private static final Duration STALE = Duration.ofSeconds(5);
    /** How much sooner a total may be counted than it is old: a fifth of its time. */
    private static final Duration EARLY = Duration.ofSeconds(2);

    private final OwnBackends backends = new OwnBackends("readers");
    private final CountedGathers gathers = new CountedGathers();
    private final RedisServer redis;
    private final List<Instance> instances;
    private final Storefront storefront = new Storefront();
    private final List<String> skus =
            IntStream.range(0, SKUS).mapToObj(i -> "console-" + i).toList();
    private final Map<String, Sales> sales;
    private final ExecutorService people = Executors.newFixedThreadPool(READERS + 1);
    private final Map<Instance, String> lastSource = new ConcurrentHashMap<>();
    private final AtomicBoolean over = new AtomicBoolean();

    ReadersIT() throws IOException {
        int port = freePort();
        redis = RedisServer.newRedisServer()
                .port(port)
                .bind("127.0.0.1")
                .setting("save \"\"")
                .onShutdownForceStop(true)
                .build();
        backends.settings()
                .put("quarkus.dynamodb.endpoint-override", gathers.address().toString());
        backends.settings().put("quarkus.redis.hosts", "redis://127.0.0.1:" + port);
        // It shares the machine's cores with all that reads; who does not get an answer in time counts by itself.
        backends.settings().put("flashstock.redis.timeout", "5s");
        instances =
                List.of(new Instance("readers-a", backends.settings()), new Instance("readers-b", backends.settings()));
        sales = skus.stream().collect(toMap(it -> it, it -> new Sales()));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** How many units of a SKU are left at the least and at the most: they are sold one by one. */
    private static final class Sales {
        private final List<Instant> asked = new CopyOnWriteArrayList<>();
        private final List<Instant> answered = new CopyOnWriteArrayList<>();

        void begin() {
            asked.add(Instant.now());
        }

        void end() {
            answered.add(Instant.now());
        }

        long mostLeft(Instant at) {
            return UNITS - answered.stream().filter(it -> it.isBefore(at)).count();
        }

        long leastLeft() {
            return UNITS - asked.size();
        }
    }

    @BeforeEach
    void open() throws IOException {
        redis.start();
        for (Instance instance : instances) {
            instance.start();
        }
        skus.forEach(sku -> storefront.stockUp(instances.get(0), sku, SHARDS, UNITS));
    }

    @AfterEach
    void close() throws Exception {
        over.set(true);
        people.shutdownNow();
        for (Instance instance : instances) {
            instance.close();
        }
        redis.stop();
        gathers.close();
        backends.close();
    }

    @Test
    void a_sku_is_counted_once_for_as_long_as_its_total_is_remembered_however_many_read() throws Exception {
        // Given
        gathers.clear();

        // When
        List<Future<Long>> readers = readersUntilItIsOver();
        Future<Long> shopper = people.submit(this::buy);
        TimeUnit.NANOSECONDS.sleep(HAMMERED.toNanos());
        long readings = end(readers);
        long sold = shopper.get();

        // Then
        List<Duration> gaps =
                skus.stream().flatMap(sku -> gaps(gathers.of(sku))).sorted().toList();
        List<Duration> early =
                gaps.stream().filter(it -> it.compareTo(REMEMBERED) < 0).toList();
        long counted = skus.stream().mapToLong(sku -> gathers.of(sku).size()).sum();
        System.out.printf(
                "%d readings of %d SKUs in %d s while %d units were sold: %d counts, %d of them early, after %s%n",
                readings,
                SKUS,
                HAMMERED.toSeconds(),
                sold,
                counted,
                early.size(),
                early.stream().findFirst());
        assertThat(readings).isGreaterThan(1_000);
        assertThat(sold).isPositive();
        assertThat(skus).allSatisfy(sku -> assertThat(gathers.of(sku)).isNotEmpty());
        assertThat(gaps).allSatisfy(it -> assertThat(it).isGreaterThan(REMEMBERED.minus(EARLY)));
    }

    private static Stream<Duration> gaps(List<Long> moments) {
        return IntStream.range(1, moments.size()).mapToObj(i -> Duration.ofNanos(moments.get(i) - moments.get(i - 1)));
    }

    @Test
    void nobody_notices_that_redis_is_killed_and_comes_back_empty() throws Exception {
        // Given
        List<Future<Long>> readers = readersUntilItIsOver();
        Future<Long> shopper = people.submit(this::buy);
        awaitSource("redis");

        // When
        redis.stop();
        awaitSource("shards");
        TimeUnit.NANOSECONDS.sleep(REMEMBERED.toNanos());
        redis.start();
        awaitSource("redis");
        long readings = end(readers);
        long sold = shopper.get();

        // Then
        assertThat(readings).isGreaterThan(1_000);
        assertThat(sold).isPositive();
    }

    /** On both instances, of any SKU: what a process remembers is told as its own. */
    private void awaitSource(String source) {
        for (Instance instance : instances) {
            await(source + " on " + instance)
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> !over.get() && source.equals(lastSource.get(instance)));
        }
    }

    // People

    private List<Future<Long>> readersUntilItIsOver() {
        SplittableRandom seeds = new SplittableRandom(1);
        return IntStream.range(0, READERS)
                .mapToObj(i -> seeds.split())
                .map(random -> people.submit(() -> read(random)))
                .toList();
    }

    /** Returns how many readings there were. */
    private long read(SplittableRandom random) {
        long readings = 0;
        while (!over.get()) {
            Instance at = instances.get(random.nextInt(instances.size()));
            Instant asked = Instant.now();
            if (random.nextInt(10) == 0) {
                Answer page = storefront.stock(at, skus);
                assertThat(page.status()).as("%s", page).isEqualTo(200);
                assertThat(page.body().path("items")).hasSize(SKUS).allSatisfy(it -> assertRight(it, at, asked));
            } else {
                Answer one = storefront.stock(at, skus.get(random.nextInt(SKUS)));
                assertThat(one.status()).as("%s", one).isEqualTo(200);
                assertRight(one.body(), at, asked);
            }
            readings++;
        }
        return readings;
    }

    /** Not older than it may be, and what was left when it was counted, or later. */
    private void assertRight(JsonNode stock, Instance at, Instant asked) {
        Sales made = Objects.requireNonNull(sales.get(stock.path("sku").asText()));
        Instant asOf = Instant.parse(stock.path("asOf").asText());
        assertThat(asOf)
                .as("%s", stock)
                .isAfter(asked.minus(REMEMBERED).minus(STALE).minusSeconds(1));
        assertThat(stock.path("available").asLong()).as("%s", stock).isBetween(made.leastLeft(), made.mostLeft(asOf));
        lastSource.put(at, stock.path("source").asText());
    }

    /** Buys one unit after the other; returns how many. */
    private long buy() {
        long bought = 0;
        SplittableRandom random = new SplittableRandom(2);
        while (!over.get()) {
            String sku = skus.get(random.nextInt(SKUS));
            Sales made = Objects.requireNonNull(sales.get(sku));
            made.begin();
            Answer answer = storefront.reserve(
                    instances.get(random.nextInt(instances.size())),
                    Way.DIRECT,
                    new Purchase(sku, "shopper-" + bought, 1));
            assertThat(answer.status()).as("%s", answer).isEqualTo(201);
            made.end();
            bought++;
        }
        return bought;
    }

    private long end(List<Future<Long>> readers) throws ExecutionException, InterruptedException {
        over.set(true);
        long readings = 0;
        for (Future<Long> reader : readers) {
            readings += reader.get();
        }
        return readings;
    }
}
