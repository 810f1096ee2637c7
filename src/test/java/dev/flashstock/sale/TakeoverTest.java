package dev.flashstock.sale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flashstock.Samples;
import dev.flashstock.dynamodb.DynamoDbProducts;
import dev.flashstock.dynamodb.DynamoDbSetup;
import dev.flashstock.dynamodb.DynamoDbStock;
import dev.flashstock.dynamodb.DynamoDbStream;
import dev.flashstock.dynamodb.DynamoDbSummaries;
import dev.flashstock.dynamodb.StreamSetup;
import dev.flashstock.inventory.Follower;
import dev.flashstock.inventory.Lease;
import dev.flashstock.inventory.Listing;
import dev.flashstock.inventory.Pauses;
import dev.flashstock.inventory.StockLevels;
import dev.flashstock.inventory.SummarizedStockLevels;
import dev.flashstock.local.Backend;
import dev.flashstock.local.LocalBackends;
import dev.flashstock.local.faults.Fault;
import dev.flashstock.local.faults.FaultRule;
import dev.flashstock.local.faults.Faults;
import dev.flashstock.local.faults.Gate;
import dev.flashstock.local.faults.HttpBackend;
import dev.flashstock.local.faults.HttpWire;
import dev.flashstock.local.faults.Wire;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.StockLevel;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsAsyncClient;

/**
 * Two followers of a real table's stream, each on a wire of its own, while stock changes: one is cut off and the other goes
 * on, the first comes back and finds that it has lost the lease, and much goes wrong on the way.
 */
@Tag("long")
class TakeoverTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final List<FaultRule> ROUGH = List.of(
            FaultRule.always(new Fault.Failure(500, "InternalServerError", "Rehearsed"))
                    .withProbability(0.03),
            FaultRule.always(new Fault.AnswerLost()).withProbability(0.03),
            FaultRule.always(new Fault.RequestLost()).withProbability(0.02),
            FaultRule.always(new Fault.LateDuplicate(700)).withProbability(0.05),
            FaultRule.always(new Fault.Failure(400, "ExpiredIteratorException", "Rehearsed"))
                    .on("GetRecords")
                    .withProbability(0.05));

    private final String table = "summaries-" + UUID.randomUUID();
    private final Vertx vertx = Wire.eventLoop();
    private final URI server = LocalBackends.server(Backend.DYNAMODB);
    private final DynamoDbAsyncClient client = Lines.patient(DynamoDbAsyncClient.builder(), server);
    private final DynamoDbStock stock = new DynamoDbStock(client, table, Samples.RETENTION);
    private final List<Listing> listings = Stream.generate(() -> Samples.listing(Samples.newSku(), 5))
            .limit(20)
            .toList();
    private final Random random = new Random(1);
    private final List<Process> processes = new ArrayList<>();

    @BeforeEach
    void makeTable() {
        new DynamoDbSetup(client, table).provision().await().atMost(PATIENCE);
        new StreamSetup(client, table).provision().await().atMost(PATIENCE);
        DynamoDbProducts products = new DynamoDbProducts(client, table);
        listings.forEach(it -> products.create(it).await().atMost(PATIENCE));
    }

    @AfterEach
    void close() {
        processes.forEach(Process::close);
        client.deleteTable(request -> request.tableName(table)).join();
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void whatOneLeavesTheOtherTakesUpAndTheSummariesAreTheShardsInTheEnd() {
        // Given
        Process first = new Process("first");
        first.follower.start();
        await().atMost(PATIENCE).until(() -> first.log.contains("leads"));
        Process second = new Process("second");
        second.follower.start();
        change(100);
        awaitSummaries(); // those that are counted now are followed from here on
        first.wire.faults().set(ROUGH);
        second.wire.faults().set(ROUGH);
        change(100);

        // When
        first.wire.cut();
        change(100);
        await().atMost(PATIENCE).until(() -> second.log.contains("leads"));
        first.wire.mend();
        await().atMost(PATIENCE).until(() -> first.log.contains("led"));
        change(100);
        second.wire.faults().clear();

        // Then
        awaitSummaries();
        assertThat(lease().term()).isEqualTo(2);
        assertThat(lease().generation()).as("nothing was missed").isEqualTo(1);
        assertThat(first.log).containsExactly("leads", "led");
        assertThat(second.log).containsExactly("leads");
    }

    private void change(int times) {
        for (int i = 0; i < times; i++) {
            Sku sku = listings.get(random.nextInt(listings.size())).product().sku();
            int units = 1 + random.nextInt(9);
            stock.adjust(Samples.adjustment(sku, units), List.of(new Portion(random.nextInt(5), units)))
                    .await()
                    .atMost(PATIENCE);
        }
    }

    /** Until all totals come from summaries that know the last change. */
    private void awaitSummaries() {
        StockLevels levels = new SummarizedStockLevels(
                new DynamoDbSummaries(client, table, Clock.systemUTC()),
                stock,
                Duration.ofSeconds(10),
                Clock.systemUTC());
        await().pollInterval(Duration.ofMillis(600)).atMost(PATIENCE).untilAsserted(() -> {
            Map<Sku, StockLevel> read = levels.levels(listings).await().atMost(PATIENCE);
            assertThat(read.values()).allSatisfy(it -> {
                assertThat(it.source()).isEqualTo(StockLevel.Source.SUMMARY);
                assertThat(it.available()).isEqualTo(inTheShards(it.sku()));
            });
        });
    }

    private long inTheShards(Sku sku) {
        return stock.gather(sku, 5).await().atMost(PATIENCE).stream()
                .mapToLong(it -> it.available())
                .sum();
    }

    private Lease lease() {
        return new DynamoDbSummaries(client, table, Clock.systemUTC())
                .lease()
                .await()
                .atMost(PATIENCE)
                .orElseThrow();
    }

    private final class Process implements Follower.Listener {
        private final List<String> log = Collections.synchronizedList(new ArrayList<>());
        private final Wire wire = new HttpWire(vertx, new HttpBackend(vertx, server), new Faults(1), Gate.OPEN);
        private final DynamoDbAsyncClient far = Lines.patient(DynamoDbAsyncClient.builder(), wire.address());
        private final DynamoDbStreamsAsyncClient streams =
                Lines.patient(DynamoDbStreamsAsyncClient.builder(), wire.address());
        private final Follower follower;

        Process(String name) {
            follower = new Follower(
                    new DynamoDbSummaries(far, table, Clock.systemUTC()),
                    new DynamoDbStream(far, streams, table),
                    name,
                    Clock.systemUTC(),
                    System::nanoTime,
                    Pauses.real(),
                    this);
            processes.add(this);
        }

        void close() {
            wire.faults().clear();
            follower.stop().await().atMost(PATIENCE);
            far.close();
            streams.close();
            wire.close();
        }

        @Override
        public void leads(long term) {
            log.add("leads");
        }

        @Override
        public void led(long term) {
            log.add("led");
        }

        @Override
        public void read(int records) {}

        @Override
        public void missed(long generation) {}

        @Override
        public void failed(Throwable failure) {}
    }
}
