package dev.flashstock.bench;

import dev.flashstock.local.Backend;
import dev.flashstock.local.LocalBackends;
import dev.flashstock.local.faults.Wire;
import dev.flashstock.local.partitions.Limits;
import dev.flashstock.local.partitions.PartitionProxy;
import dev.flashstock.local.rehearsal.Counters;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What the partition proxy costs: one write after the other, with and without it, in interleaved rounds. */
class ProxyBenchmark {
    private static final int WARM_UP = 1_000;
    private static final int ROUNDS = 5_000;
    private static final Map<String, AttributeValue> KEY = Map.of("PK", AttributeValue.fromS("proxy-benchmark"));

    @Test
    void a_write_with_and_without_the_proxy() {
        var server = LocalBackends.server(Backend.DYNAMODB);
        var vertx = Wire.eventLoop();
        try (Counters direct = new Counters(server);
                PartitionProxy open = new PartitionProxy(vertx, server, 1);
                Counters throughOpen = new Counters(open.address());
                PartitionProxy limited = new PartitionProxy(vertx, server, 1);
                Counters throughLimited = new Counters(limited.address())) {
            direct.prepare().toCompletableFuture().join();
            limited.partitions().limit(Counters.TABLE, Limits.everyKey(1e6, 1e6));
            Map<String, DynamoDbAsyncClient> ways = new LinkedHashMap<>();
            ways.put("DynamoDB Local itself", direct.client());
            ways.put("through the proxy, no limits", throughOpen.client());
            ways.put("through the proxy, with limits", throughLimited.client());
            Map<String, long[]> nanos = new LinkedHashMap<>();
            ways.keySet().forEach(way -> nanos.put(way, new long[ROUNDS]));
            for (int i = -WARM_UP; i < ROUNDS; i++) {
                for (Map.Entry<String, DynamoDbAsyncClient> way : ways.entrySet()) {
                    long begin = System.nanoTime();
                    add(way.getValue());
                    if (i >= 0) {
                        nanos.get(way.getKey())[i] = System.nanoTime() - begin;
                    }
                }
            }
            print(nanos);
        }
        vertx.close();
    }

    private static void add(DynamoDbAsyncClient client) {
        client.updateItem(update -> update.tableName(Counters.TABLE)
                        .key(KEY)
                        .updateExpression("ADD quantity :one")
                        .expressionAttributeValues(Map.of(":one", AttributeValue.fromN("1"))))
                .join();
    }

    private static void print(Map<String, long[]> nanos) {
        nanos.values().forEach(Arrays::sort);
        double first = nanos.values().iterator().next()[ROUNDS / 2];
        System.out.printf("%n%-32s %8s %8s %8s%n", "one UpdateItem", "p50 ms", "p99 ms", "p50 of");
        nanos.forEach((way, sorted) -> System.out.printf(
                "%-32s %8.3f %8.3f %8.2f%n",
                way, sorted[ROUNDS / 2] / 1e6, sorted[ROUNDS * 99 / 100] / 1e6, sorted[ROUNDS / 2] / first));
    }
}
