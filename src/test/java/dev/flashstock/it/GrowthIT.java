package dev.flashstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flashstock.it.Purchase.Way;
import dev.flashstock.local.Backend;
import dev.flashstock.local.LocalBackends;
import dev.flashstock.local.faults.Wire;
import dev.flashstock.local.partitions.Limits;
import dev.flashstock.local.partitions.PartitionProxy;
import dev.flashstock.local.partitions.Throughput;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two packaged instances sell a product that has one shard, on a table whose partitions bear little. One of them is killed
 * while the product gets more shards.
 */
@Tag("long")
class GrowthIT {
    private static final String SKU = "console";
    private static final int UNITS = 1_000_000;
    private static final int SHOPPERS = 20;
    private static final int READERS = 4;
    /**
     * Write units a second of a partition. The service is not told: otherwise it grows at 80 % of them, and where the
     * machine is slow nothing is ever throttled.
     */
    private static final int LIMIT = 20;

    private static final Duration PATIENCE = Duration.ofMinutes(4);
    /** So long without a throttle they have stopped. */
    private static final Duration QUIET = Duration.ofSeconds(6);

    private final OwnBackends backends = new OwnBackends("growth");
    private final String table = Objects.requireNonNull(backends.settings().get("flashstock.dynamodb.table"));
    private final PartitionProxy proxy =
            new PartitionProxy(Wire.eventLoop(), LocalBackends.server(Backend.DYNAMODB), 1);
    private final List<Instance> instances;
    private final Storefront storefront = new Storefront();
    private final AtomicLong asked = new AtomicLong();
    private final Queue<Instant> answered = new ConcurrentLinkedQueue<>();
    private final AtomicLong readings = new AtomicLong();

    GrowthIT() {
        backends.settings()
                .put("quarkus.dynamodb.endpoint-override", proxy.address().toString());
        instances =
                List.of(new Instance("growth-a", backends.settings()), new Instance("growth-b", backends.settings()));
    }

    @BeforeEach
    void open() throws IOException {
        for (Instance instance : instances) {
            instance.start();
        }
        storefront.stockUp(instances.get(0), SKU, 1, UNITS);
    }

    @AfterEach
    void close() throws InterruptedException {
        for (Instance instance : instances) {
            instance.close();
        }
        proxy.close();
        backends.close();
    }

    @Test
    void a_sale_that_starts_on_one_shard_grows_by_itself_until_the_throttles_stop() throws Exception {
        // Given
        proxy.partitions().limit(table, Limits.everyKey(LIMIT, 10_000));
        long begun = System.nanoTime();
        int shards;
        Duration grown;

        // When
        try (Crew crew = new Crew(SHOPPERS, new SplittableRandom(1), this::buy);
                Crew readers = new Crew(READERS, new SplittableRandom(2), this::read)) {
            await("it grows")
                    .atMost(PATIENCE)
                    .until(() -> layout().path("state").asText().equals("GROWING"));
            instances.get(1).kill();
            crew.awaitAnswers(instances.get(0), 50);
            instances.get(1).start();
            await("throttles stop").atMost(PATIENCE).pollInterval(QUIET).until(this::areStopped);
            grown = Duration.ofNanos(System.nanoTime() - begun);
            shards = layout().path("writeShards").asInt();
            crew.stop();
            readers.stop();
        }

        // Then
        System.out.printf(
                "1 shard became %d in %d s, after %d throttles; %d units were sold, %d readings%n",
                shards, grown.toSeconds(), throttles(), answered.size(), readings.get());
        assertThat(throttles()).isPositive();
        assertThat(shards).isGreaterThanOrEqualTo(2);
        assertThat(readings).hasPositiveValue();
        assertThat(answered).isNotEmpty();
        proxy.partitions().unlimit(table);
        JsonNode audit = audited();
        assertThat(audit.path("difference").asLong()).as("%s", audit).isZero();
        assertThat(audit.path("inFlight").asLong()).as("%s", audit).isZero();
        assertThat(audit.path("held").asLong()).isBetween((long) answered.size(), asked.get());
    }

    /** Since the last time it was asked. */
    private boolean areStopped() {
        long before = throttles();
        await().pollDelay(QUIET).until(() -> true);
        return throttles() == before && layout().path("state").asText().equals("STEADY");
    }

    private long throttles() {
        Throughput throughput = proxy.partitions().throughput(table);
        return throughput == null ? 0 : throughput.throttles().getOrDefault("TableWriteKeyRangeThroughputExceeded", 0L);
    }

    private JsonNode layout() {
        Answer answer = storefront.layout(instances.get(0), SKU);
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        return answer.body();
    }

    private JsonNode audited() {
        assertThat(storefront.startAudit(instances.get(0), SKU).status()).isEqualTo(202);
        await("the audit")
                .atMost(PATIENCE)
                .until(() -> storefront
                        .audit(instances.get(0), SKU)
                        .body()
                        .path("state")
                        .asText()
                        .equals("DONE"));
        return storefront.audit(instances.get(0), SKU).body();
    }

    // People

    /** Each time as somebody else: no shopper's own key is hot. */
    private void buy(int number, SplittableRandom random) {
        Purchase purchase = new Purchase(SKU, "shopper-" + asked.incrementAndGet(), 1);
        Answer answer = storefront.reserve(any(random), Way.DIRECT, purchase);
        if (answer.status() == 201) {
            answered.add(Instant.now());
        } else {
            // Waits too long, or its instance is dead.
            assertThat(answer.status()).as("%s", answer).isIn(202, Answer.REFUSED, Answer.NONE);
        }
    }

    /** It is what was left when it was counted, or later. */
    private void read(int number, SplittableRandom random) {
        Instance at = any(random);
        Answer answer = number % 2 == 0 ? storefront.stock(at, SKU) : storefront.exactStock(at, SKU);
        if (answer.status() == 200) {
            Instant asOf = Instant.parse(answer.text("asOf"));
            long most =
                    UNITS - answered.stream().filter(it -> it.isBefore(asOf)).count();
            assertThat(answer.body().path("available").asLong())
                    .as("%s", answer.body())
                    .isBetween(UNITS - asked.get(), most);
            readings.incrementAndGet();
        } else {
            assertThat(answer.status()).as("%s", answer).isIn(Answer.REFUSED, Answer.NONE);
        }
    }

    private Instance any(SplittableRandom random) {
        return instances.get(random.nextInt(instances.size()));
    }
}
