package dev.flashstock.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.inventory.StockTable;
import dev.flashstock.stock.Sku;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

/**
 * Ways to read ten shards and a hundred, against one read: interleaved rounds after a warm-up, each way once in a round, so that
 * whatever else the machine does hits all of them alike.
 */
@QuarkusTest
class GatherBenchmark {
    private static final Sku SKU = new Sku("gather-benchmark");
    private static final int SHARDS = 10;
    private static final int MANY_SHARDS = 100;
    private static final int WARM_UP = 300;
    private static final int ROUNDS = 1_000;

    @Inject
    DynamoDbAsyncClient client;

    @Inject
    StockTable stock;

    @ConfigProperty(name = "flashstock.dynamodb.table")
    String table;

    @Test
    void ten_and_a_hundred_shards_against_one_read() {
        IntStream.range(0, MANY_SHARDS).forEach(this::fill);
        Map<String, Runnable> ways = new LinkedHashMap<>();
        ways.put("1 GetItem", () -> get(0).join());
        ways.put(
                "10 GetItems, one after the other",
                () -> IntStream.range(0, SHARDS).forEach(shard -> get(shard).join()));
        ways.put("10 GetItems at once", this::getAllAtOnce);
        ways.put("1 BatchGetItem of 10, bare", () -> getBatch(SHARDS));
        ways.put("1 BatchGetItem of 10 (flashstock)", () -> gather(SHARDS));
        ways.put("1 BatchGetItem of 100, bare", () -> getBatch(MANY_SHARDS));
        ways.put("1 BatchGetItem of 100 (flashstock)", () -> gather(MANY_SHARDS));

        for (int i = 0; i < WARM_UP; i++) {
            ways.values().forEach(Runnable::run);
        }
        Map<String, long[]> nanos = new LinkedHashMap<>();
        ways.keySet().forEach(way -> nanos.put(way, new long[ROUNDS]));
        for (int i = 0; i < ROUNDS; i++) {
            for (Map.Entry<String, Runnable> way : ways.entrySet()) {
                long begin = System.nanoTime();
                way.getValue().run();
                nanos.get(way.getKey())[i] = System.nanoTime() - begin;
            }
        }

        print(nanos);
    }

    private void fill(int shard) {
        client.putItem(request -> request.tableName(table)
                        .item(Map.of(
                                "PK", AttributeValue.fromS("STOCK#" + SKU + "#" + shard),
                                "SK", AttributeValue.fromS("STOCK"),
                                "available", AttributeValue.fromN("70"),
                                "version", AttributeValue.fromN("1"))))
                .join();
    }

    private CompletableFuture<GetItemResponse> get(int shard) {
        return client.getItem(
                request -> request.tableName(table).consistentRead(true).key(key(shard)));
    }

    private static Map<String, AttributeValue> key(int shard) {
        return Map.of("PK", AttributeValue.fromS("STOCK#" + SKU + "#" + shard), "SK", AttributeValue.fromS("STOCK"));
    }

    private void getBatch(int shards) {
        List<Map<String, AttributeValue>> keys =
                IntStream.range(0, shards).mapToObj(GatherBenchmark::key).toList();
        client.batchGetItem(request -> request.requestItems(Map.of(
                        table,
                        KeysAndAttributes.builder()
                                .consistentRead(true)
                                .keys(keys)
                                .build())))
                .join();
    }

    private void getAllAtOnce() {
        List<CompletableFuture<GetItemResponse>> reads = new ArrayList<>();
        IntStream.range(0, SHARDS).forEach(shard -> reads.add(get(shard)));
        reads.forEach(CompletableFuture::join);
    }

    private void gather(int shards) {
        assertThat(stock.gather(SKU, shards).await().indefinitely()).hasSize(shards);
    }

    private static void print(Map<String, long[]> nanos) {
        nanos.values().forEach(Arrays::sort);
        double one = nanos.values().iterator().next()[ROUNDS / 2];
        System.out.printf("%n%-36s %10s %10s %16s%n", "way", "p50 ms", "p99 ms", "p50 / one read");
        nanos.forEach((way, sorted) -> System.out.printf(
                "%-36s %10.2f %10.2f %16.2f%n",
                way, sorted[ROUNDS / 2] / 1e6, sorted[ROUNDS * 99 / 100] / 1e6, sorted[ROUNDS / 2] / one));
    }
}
