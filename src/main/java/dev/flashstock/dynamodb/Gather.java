package dev.flashstock.dynamodb;

import dev.flashstock.inventory.Unavailable;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItem;

/**
 * Reads many items, such as all shards of a SKU: up to {@value Schema#BATCH_GET_ITEMS} in one request, more in requests
 * side by side. Keys that DynamoDB leaves unprocessed are asked for again.
 */
final class Gather {
    /** How often keys are asked for in all. */
    static final int MAX_TRIES = 6;
    /** How many requests of one reading are under way at a time. */
    private static final int REQUESTS_AT_ONCE = 16;

    private static final String LEVEL = "PK, available, #version, moved, closed";

    private static final Duration FIRST_WAIT = Duration.ofMillis(10);

    private final DynamoDbAsyncClient client;
    private final String table;

    Gather(DynamoDbAsyncClient client, String table) {
        this.client = client;
        this.table = table;
    }

    Uni<Map<Sku, List<ShardLevel>>> levels(Map<Sku, Integer> readShards) {
        List<Map<String, AttributeValue>> keys = readShards.entrySet().stream()
                .flatMap(it -> IntStream.range(0, it.getValue()).mapToObj(shard -> Schema.shard(it.getKey(), shard)))
                .toList();
        return read(keys, Gather::levels).map(items -> {
            Map<String, Map<String, AttributeValue>> byPartition = byPartition(items);
            Map<Sku, List<ShardLevel>> levels = new HashMap<>();
            readShards.forEach((sku, shards) -> levels.put(sku, levels(sku, shards, byPartition)));
            return levels;
        });
    }

    private static List<ShardLevel> levels(Sku sku, int readShards, Map<String, Map<String, AttributeValue>> items) {
        return IntStream.range(0, readShards)
                .mapToObj(shard -> Items.level(shard, items.get(Items.string(Schema.shard(sku, shard), Schema.PK))))
                .toList();
    }

    /** Reads any items, whole; those that are not there are left out. */
    Uni<List<Map<String, AttributeValue>>> items(List<Map<String, AttributeValue>> keys) {
        return read(
                keys,
                some -> KeysAndAttributes.builder()
                        .keys(some)
                        .consistentRead(true)
                        .build());
    }

    private Uni<List<Map<String, AttributeValue>>> read(
            List<Map<String, AttributeValue>> keys,
            Function<List<Map<String, AttributeValue>>, KeysAndAttributes> request) {
        if (keys.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        List<Uni<List<Map<String, AttributeValue>>>> chunks = chunks(keys.size())
                .mapToObj(from -> keys.subList(from, Math.min(keys.size(), from + Schema.BATCH_GET_ITEMS)))
                .map(some -> read(request.apply(some), 1))
                .toList();
        return Uni.join()
                .all(chunks)
                .usingConcurrencyOf(REQUESTS_AT_ONCE)
                .andFailFast()
                .map(read -> read.stream().flatMap(List::stream).toList());
    }

    /** Where each request's items begin. */
    private static IntStream chunks(int items) {
        return IntStream.iterate(0, from -> from < items, from -> from + Schema.BATCH_GET_ITEMS);
    }

    private static KeysAndAttributes levels(List<Map<String, AttributeValue>> keys) {
        return KeysAndAttributes.builder()
                .keys(keys)
                .consistentRead(true)
                .projectionExpression(LEVEL)
                .expressionAttributeNames(Schema.VERSION_NAME)
                .build();
    }

    private Uni<List<Map<String, AttributeValue>>> read(KeysAndAttributes keys, int number) {
        return Calls.call(() -> client.batchGetItem(request -> request.requestItems(Map.of(table, keys))))
                .chain(response -> withTheRest(response, number));
    }

    private Uni<List<Map<String, AttributeValue>>> withTheRest(BatchGetItemResponse response, int number) {
        List<Map<String, AttributeValue>> items = response.responses().getOrDefault(table, List.of());
        KeysAndAttributes rest = response.unprocessedKeys().get(table);
        if (rest == null) {
            return Uni.createFrom().item(items);
        }
        if (number == MAX_TRIES) {
            return Uni.createFrom()
                    .failure(new Unavailable(
                            "DynamoDB left " + rest.keys().size() + " items unread " + MAX_TRIES + " times in a row"));
        }
        return Uni.createFrom()
                .voidItem()
                .onItem()
                .delayIt()
                .by(FIRST_WAIT.multipliedBy(1L << (number - 1)))
                .chain(() -> read(rest, number + 1))
                .map(more -> {
                    List<Map<String, AttributeValue>> all = new ArrayList<>(items);
                    all.addAll(more);
                    return all;
                });
    }

    /** The same in transactions: nothing when another transaction is under way on a shard. */
    Uni<Optional<List<ShardLevel>>> snapshot(Sku sku, int readShards) {
        List<Uni<Optional<List<ShardLevel>>>> chunks = chunks(readShards)
                .mapToObj(from -> transaction(sku, from, Math.min(readShards, from + Schema.BATCH_GET_ITEMS)))
                .toList();
        return Uni.join()
                .all(chunks)
                .andFailFast()
                .map(read -> read.stream().allMatch(Optional::isPresent)
                        ? Optional.of(read.stream()
                                .flatMap(Optional::stream)
                                .flatMap(List::stream)
                                .toList())
                        : Optional.empty());
    }

    private Uni<Optional<List<ShardLevel>>> transaction(Sku sku, int from, int to) {
        List<TransactGetItem> gets = IntStream.range(from, to)
                .mapToObj(shard -> get(Schema.shard(sku, shard)))
                .toList();
        return Calls.call(() -> client.transactGetItems(request -> request.transactItems(gets)))
                .map(response -> Optional.of(IntStream.range(from, to)
                        .mapToObj(shard -> level(shard, response.responses().get(shard - from)))
                        .toList()))
                .onFailure(Calls::isBusy)
                .recoverWithItem(Optional.empty());
    }

    private TransactGetItem get(Map<String, AttributeValue> key) {
        return TransactGetItem.builder()
                .get(get -> get.tableName(table)
                        .key(key)
                        .projectionExpression(LEVEL)
                        .expressionAttributeNames(Schema.VERSION_NAME))
                .build();
    }

    private static ShardLevel level(int shard, ItemResponse read) {
        return Items.level(shard, read.hasItem() && !read.item().isEmpty() ? read.item() : null);
    }

    private static Map<String, Map<String, AttributeValue>> byPartition(List<Map<String, AttributeValue>> items) {
        Map<String, Map<String, AttributeValue>> byPartition = new HashMap<>();
        items.forEach(item -> byPartition.put(Items.string(item, Schema.PK), item));
        return byPartition;
    }
}
