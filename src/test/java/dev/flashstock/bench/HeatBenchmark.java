package dev.flashstock.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.dynamodb.HeatInterceptor;
import dev.flashstock.heat.Heat;
import dev.flashstock.inventory.GroupCommit;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.RunnerException;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * What it costs to count heat: {@link HeatPaths} in JMH, and the SDK's client with and without it, by turns, in the CPU time
 * of the one thread that does everything. Behind the client is nothing: the request's own cost is the least that it can be.
 */
class HeatBenchmark {
    private static final String TABLE = "flashstock";
    private static final int TURNS = 40;
    private static final int WARM_UP_TURNS = 10;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static final UpdateItemRequest UPDATE = UpdateItemRequest.builder()
            .tableName(TABLE)
            .key(key("VIEWS#console#0", "VIEWS"))
            .updateExpression("ADD counted :views")
            .expressionAttributeValues(Map.of(":views", AttributeValue.fromN("17")))
            .build();

    private static final class AtOnce implements SdkAsyncHttpClient {
        private static final SdkHttpResponse DONE = SdkHttpResponse.builder()
                .statusCode(200)
                .putHeader("Content-Type", "application/x-amz-json-1.0")
                .putHeader("Content-Length", "2")
                .build();

        @Override
        public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
            request.responseHandler().onHeaders(DONE);
            request.responseHandler().onStream(AsyncRequestBody.fromString("{}"));
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {}
    }

    @Test
    void whatItCostsToCount() throws RunnerException {
        HotPathsBenchmark.measure(HeatPaths.class);
    }

    @Test
    void whatPartOfAClientsTimeItTakes() {
        TransactWriteItemsRequest commit = commit();
        try (DynamoDbAsyncClient without = client(List.of());
                DynamoDbAsyncClient with = client(List.of(new HeatInterceptor(new Heat(System::nanoTime), TABLE)))) {
            compare("an update", 2_000, without, with, it -> it.updateItem(UPDATE));
            compare("a group commit of 97", 100, without, with, it -> it.transactWriteItems(commit));
        }
    }

    private static void compare(
            String what,
            int calls,
            DynamoDbAsyncClient without,
            DynamoDbAsyncClient with,
            Function<DynamoDbAsyncClient, CompletableFuture<?>> call) {
        double[] plain = new double[TURNS];
        double[] counted = new double[TURNS];
        for (int turn = -WARM_UP_TURNS; turn < TURNS; turn++) {
            double first = micros(calls, without, call);
            double second = micros(calls, with, call);
            if (turn >= 0) {
                plain[turn] = first;
                counted[turn] = second;
            }
        }
        System.out.printf(
                Locale.ROOT, "%-22s %8.2f us without, %8.2f us with heat%n", what, median(plain), median(counted));
    }

    /** CPU time of a call. */
    private static double micros(
            int calls, DynamoDbAsyncClient client, Function<DynamoDbAsyncClient, CompletableFuture<?>> call) {
        long begin = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < calls; i++) {
            assertThat(call.apply(client).isDone()).isTrue();
        }
        return (THREADS.getCurrentThreadCpuTime() - begin) / 1e3 / calls;
    }

    private static double median(double[] figures) {
        return DoubleStream.of(figures)
                .sorted()
                .skip(figures.length / 2)
                .findFirst()
                .orElseThrow();
    }

    private static DynamoDbAsyncClient client(List<HeatInterceptor> interceptors) {
        return DynamoDbAsyncClient.builder()
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
                .httpClient(new AtOnce())
                .overrideConfiguration(config -> config.executionInterceptors(List.copyOf(interceptors)))
                .asyncConfiguration(config ->
                        config.advancedOption(SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run))
                .build();
    }

    /** The largest: a shard, its movement and its expiry, and as many reservations as there may be. */
    private static TransactWriteItemsRequest commit() {
        List<TransactWriteItem> items = new ArrayList<>();
        items.add(TransactWriteItem.builder()
                .update(it -> it.tableName(TABLE)
                        .key(key("STOCK#console#0", "STOCK"))
                        .updateExpression("ADD available :taken")
                        .expressionAttributeValues(Map.of(":taken", AttributeValue.fromN("-97"))))
                .build());
        items.add(put(key("LEDGER#console#2026-11-27T09#7", "2026-11-27T09:00:00.000Z#id")));
        items.add(put(key("EXPIRY#2026-11-27T09:10#7", "2026-11-27T09:10:00.000Z#id")));
        for (int i = 0; i < GroupCommit.MAX_ENTRIES; i++) {
            items.add(put(key("USER#user-" + i, "RESERVATION#" + i)));
        }
        return TransactWriteItemsRequest.builder()
                .transactItems(items)
                .clientRequestToken("token")
                .build();
    }

    private static TransactWriteItem put(Map<String, AttributeValue> key) {
        Map<String, AttributeValue> item = Map.of(
                "PK", key.get("PK"),
                "SK", key.get("SK"),
                "status", AttributeValue.fromS("HELD"),
                "quantity", AttributeValue.fromN("1"),
                "shard", AttributeValue.fromN("0"),
                "createdAt", AttributeValue.fromN("1795770000000"),
                "expiresAt", AttributeValue.fromN("1795770600000"));
        return TransactWriteItem.builder()
                .put(it -> it.tableName(TABLE).item(item).conditionExpression("attribute_not_exists(PK)"))
                .build();
    }

    private static Map<String, AttributeValue> key(String partition, String sort) {
        return Map.of("PK", AttributeValue.fromS(partition), "SK", AttributeValue.fromS(sort));
    }
}
