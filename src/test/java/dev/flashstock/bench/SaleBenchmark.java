package dev.flashstock.bench;

import static org.awaitility.Awaitility.await;

import dev.flashstock.Samples;
import dev.flashstock.dynamodb.DynamoDbStock;
import dev.flashstock.inventory.StockTable;
import dev.flashstock.local.Backend;
import dev.flashstock.local.Control;
import dev.flashstock.local.LocalBackends;
import dev.flashstock.local.faults.Wire;
import dev.flashstock.local.partitions.Limits;
import dev.flashstock.local.partitions.Throughput;
import dev.flashstock.local.rehearsal.Answer;
import dev.flashstock.local.rehearsal.Counters;
import dev.flashstock.local.rehearsal.Figures;
import dev.flashstock.local.rehearsal.OpenLoop;
import dev.flashstock.local.rehearsal.Plan;
import dev.flashstock.local.rehearsal.Storefront;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * A flash sale in several designs, on the same backends and limits: one run, an open loop, rounds that take turns.
 * Writes {@code docs/benchmarks/flash-sale.md} and its charts.
 */
@QuarkusTest
class SaleBenchmark {
    /** A key's write units a second: what the embedded engine can carry a hundred times. */
    private static final double WRITE_UNITS = 10;

    private static final Limits LIMITS = Limits.everyKey(WRITE_UNITS, 3 * WRITE_UNITS);
    private static final int SHOPPERS_PER_SECOND = 700;
    /** More than one key can carry, and less than ten. */
    private static final int FEW_SHOPPERS_PER_SECOND = 25;

    private static final int READERS_PER_SECOND = 100;
    private static final Duration WARM_UP = Duration.ofSeconds(2);
    private static final Duration ROUND = Duration.ofSeconds(10);
    private static final Duration DRAIN = Duration.ofSeconds(Storefront.WAIT_SECONDS + 10);
    private static final int ROUNDS = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int UNITS = (int) (SHOPPERS_PER_SECOND * ROUND.toSeconds());
    private static final int TEN = 10;

    @TestHTTPResource("/")
    URI base;

    @ConfigProperty(name = "quarkus.dynamodb.endpoint-override")
    URI dynamoDb;

    @ConfigProperty(name = "flashstock.dynamodb.table")
    String table;

    @ConfigProperty(name = "flashstock.sqs.queue")
    String queue;

    @Inject
    StockTable stock;

    @Inject
    SqsAsyncClient sqs;

    private final ExecutorService senders = Executors.newFixedThreadPool(2);
    private Control control;
    private Counters counters;
    private Storefront storefront;
    private Counters direct;
    /** The shards, read past the proxy: the benchmark's own questions cost nothing. */
    private StockTable uncounted;

    /**
     * A way to sell or to read.
     *
     * @param name what it is called in the report
     * @param limited whose limits it meets
     * @param perSecond how many requests come
     * @param prepare makes what one round needs
     */
    private record Case(String name, String limited, int perSecond, Supplier<Round> prepare) {}

    /**
     * One round of a case.
     *
     * @param ask how a request is made
     * @param sold given the accepted requests, how many units were sold
     */
    private record Round(IntFunction<CompletionStage<Answer>> ask, LongUnaryOperator sold) {
        Round(IntFunction<CompletionStage<Answer>> ask) {
            this(ask, accepted -> accepted);
        }
    }

    @BeforeEach
    void connect() {
        control = new Control();
        counters = new Counters(dynamoDb);
        storefront = new Storefront(base);
        direct = new Counters(LocalBackends.server(Backend.DYNAMODB));
        uncounted = new DynamoDbStock(direct.client(), table, Samples.RETENTION);
        counters.prepare().toCompletableFuture().join();
    }

    @AfterEach
    void disconnect() {
        counters.close();
        direct.close();
        senders.shutdown();
    }

    @Test
    void a_flash_sale_in_several_designs() throws IOException {
        List<Case> sales = List.of(
                counters("one key, ADD", 1, SHOPPERS_PER_SECOND),
                counters("10 random suffixes, ADD", 10, SHOPPERS_PER_SECOND),
                counters("100 random suffixes, ADD", 100, SHOPPERS_PER_SECOND),
                direct(1, SHOPPERS_PER_SECOND),
                direct(10, SHOPPERS_PER_SECOND),
                direct(64, SHOPPERS_PER_SECOND),
                buffered(10));
        List<Case> fewShoppers = List.of(
                counters("one key, ADD", 1, FEW_SHOPPERS_PER_SECOND),
                counters("10 random suffixes, ADD", 10, FEW_SHOPPERS_PER_SECOND),
                direct(1, FEW_SHOPPERS_PER_SECOND),
                direct(10, FEW_SHOPPERS_PER_SECOND));
        List<Case> reads = List.of(
                read("10 GetItems, one after the other", this::sequentially),
                read("10 GetItems at once", this::atOnce),
                gather(),
                cached());

        Report report = new Report(
                SHOPPERS_PER_SECOND,
                FEW_SHOPPERS_PER_SECOND,
                READERS_PER_SECOND,
                ROUND,
                ROUNDS,
                LIMITS,
                measure(sales),
                measure(fewShoppers),
                measure(reads));
        report.write(Path.of("docs", "benchmarks"));
    }

    /** Each case once to warm up, then in turns. */
    private List<Measured> measure(List<Case> cases) {
        cases.forEach(it -> run(it, WARM_UP));
        List<Measured> measured = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < cases.size(); i++) {
                Measured result = run(cases.get(i), ROUND);
                System.out.println("round " + (round + 1) + " of " + ROUNDS + ": " + result);
                if (round == 0) {
                    measured.add(result);
                } else {
                    measured.set(i, measured.get(i).and(result));
                }
            }
        }
        return measured;
    }

    private Measured run(Case it, Duration over) {
        Round round = it.prepare().get();
        control.limit(it.limited(), LIMITS).await().atMost(PATIENCE);
        Plan plan = new Plan((int) (it.perSecond() * over.toSeconds()), over, DRAIN, 1);
        Figures figures =
                new OpenLoop(senders).run(plan, round.ask(), progress -> {}).join();
        long sold = round.sold().applyAsLong(figures.accepted());
        Throughput throughput = control.unlimit(it.limited()).await().atMost(PATIENCE);
        awaitEmptyQueue();
        return Measured.of(it.name(), figures, sold, throughput);
    }

    // Selling

    private Case counters(String name, int suffixes, int perSecond) {
        return new Case(name, Counters.TABLE, perSecond, () -> new Round(counters.shoppers(newSku(), suffixes)));
    }

    private Case direct(int shards, int perSecond) {
        return new Case(
                "flashstock, direct, " + (shards == 1 ? "1 shard" : shards + " shards"),
                table,
                perSecond,
                () -> sale(storefront::waitingShoppers, shards));
    }

    private Case buffered(int shards) {
        return new Case(
                "flashstock, buffered, " + shards + " shards",
                table,
                SHOPPERS_PER_SECOND,
                () -> sale(storefront::shoppers, shards));
    }

    private Round sale(Function<String, IntFunction<CompletionStage<Answer>>> shoppers, int shards) {
        String sku = stocked(shards);
        return new Round(shoppers.apply(sku), accepted -> UNITS - left(new Sku(sku), shards));
    }

    private long left(Sku sku, int shards) {
        return uncounted.gather(sku, shards).await().atMost(PATIENCE).stream()
                .mapToLong(ShardLevel::available)
                .sum();
    }

    private String stocked(int shards) {
        String sku = newSku();
        var product = Wire.MAPPER
                .createObjectNode()
                .put("name", "Game console")
                .put("priceMinor", 49900)
                .put("currency", "EUR");
        storefront.stockCopy(product, sku, shards, UNITS).toCompletableFuture().join();
        return sku;
    }

    // Reading

    private Case read(String name, Function<String, CompletionStage<Answer>> read) {
        return new Case(name, Counters.TABLE, READERS_PER_SECOND, () -> {
            String sku = newSku();
            IntStream.range(0, TEN).forEach(shard -> fill(sku + "#SHARD" + shard));
            return new Round(reader -> read.apply(sku));
        });
    }

    private void fill(String key) {
        counters.client()
                .putItem(put -> put.tableName(Counters.TABLE)
                        .item(Map.of("PK", AttributeValue.fromS(key), "quantity", AttributeValue.fromN("70"))))
                .join();
    }

    private CompletableFuture<?> get(String sku, int shard) {
        return counters.client()
                .getItem(get ->
                        get.tableName(Counters.TABLE).key(Map.of("PK", AttributeValue.fromS(sku + "#SHARD" + shard))));
    }

    private CompletionStage<Answer> sequentially(String sku) {
        CompletableFuture<?> last = get(sku, 0);
        for (int shard = 1; shard < TEN; shard++) {
            int next = shard;
            last = last.thenCompose(read -> get(sku, next));
        }
        return last.thenApply(read -> Answer.Right.ACCEPTED);
    }

    private CompletionStage<Answer> atOnce(String sku) {
        return CompletableFuture.allOf(IntStream.range(0, TEN)
                        .mapToObj(shard -> get(sku, shard))
                        .toArray(CompletableFuture[]::new))
                .thenApply(read -> Answer.Right.ACCEPTED);
    }

    private Case gather() {
        return new Case("1 BatchGetItem, consistent (flashstock)", table, READERS_PER_SECOND, () -> {
            Sku sku = new Sku(stocked(TEN));
            return new Round(reader -> stock.gather(sku, TEN)
                    .<Answer>map(levels -> Answer.Right.ACCEPTED)
                    .subscribeAsCompletionStage());
        });
    }

    private Case cached() {
        return new Case(
                "cached in Redis (flashstock)",
                table,
                READERS_PER_SECOND,
                () -> new Round(storefront.readers(stocked(TEN))));
    }

    /** What a round has left in the queue must not disturb the next. */
    private void awaitEmptyQueue() {
        String url = sqs.getQueueUrl(it -> it.queueName(queue)).join().queueUrl();
        await().atMost(PATIENCE)
                .until(() -> sqs
                        .getQueueAttributes(it -> it.queueUrl(url)
                                .attributeNames(
                                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                        .join()
                        .attributes()
                        .values()
                        .stream()
                        .allMatch("0"::equals));
    }

    private static String newSku() {
        return "bench-" + UUID.randomUUID();
    }
}
