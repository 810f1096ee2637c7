package dev.flashstock.dynamodb;

import static dev.flashstock.dynamodb.Schema.number;
import static dev.flashstock.dynamodb.Schema.text;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import dev.flashstock.inventory.Attempt;
import dev.flashstock.inventory.Listing;
import dev.flashstock.inventory.ProductTable;
import dev.flashstock.sharding.Layout;
import dev.flashstock.stock.Product;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/** Products and layouts in DynamoDB. */
public final class DynamoDbProducts implements ProductTable {
    private final DynamoDbAsyncClient client;
    private final String table;

    /**
     * Uses a table.
     *
     * @param client the SDK's client
     * @param table the table's name
     */
    public DynamoDbProducts(DynamoDbAsyncClient client, String table) {
        this.client = client;
        this.table = table;
    }

    @Override
    public Uni<Optional<Listing>> find(Sku sku) {
        return Calls.call(() -> client.query(request -> request.tableName(table)
                        .consistentRead(true)
                        .keyConditionExpression("PK = :pk")
                        .expressionAttributeValues(
                                Map.of(":pk", Schema.product(sku).get(Schema.PK)))))
                .map(response -> listing(response.items()));
    }

    @Override
    public Uni<Map<Sku, Listing>> findAll(Set<Sku> skus) {
        List<Map<String, AttributeValue>> keys = skus.stream()
                .flatMap(sku -> Stream.of(Schema.product(sku), Schema.layout(sku)))
                .toList();
        return new Gather(client, table).items(keys).map(items -> {
            Map<String, List<Map<String, AttributeValue>>> byPartition =
                    items.stream().collect(groupingBy(item -> Items.string(item, Schema.PK)));
            return byPartition.values().stream()
                    .map(DynamoDbProducts::listing)
                    .flatMap(Optional::stream)
                    .collect(toMap(it -> it.product().sku(), it -> it));
        });
    }

    private static Optional<Listing> listing(List<Map<String, AttributeValue>> ofOneSku) {
        Map<String, Map<String, AttributeValue>> items = new HashMap<>();
        ofOneSku.forEach(item -> items.put(Items.string(item, Schema.SK), item));
        Map<String, AttributeValue> product = items.get(Schema.PRODUCT_ITEM);
        Map<String, AttributeValue> layout = items.get(Schema.LAYOUT_ITEM);
        return product == null || layout == null
                ? Optional.empty()
                : Optional.of(new Listing(Items.product(product), Items.layout(layout)));
    }

    @Override
    public Uni<Attempt> create(Listing listing) {
        return transact(List.of(putIfAbsent(Items.of(listing.product())), list(listing)));
    }

    private TransactWriteItem putIfAbsent(Map<String, AttributeValue> item) {
        return TransactWriteItem.builder()
                .put(Put.builder()
                        .tableName(table)
                        .item(item)
                        .conditionExpression(Schema.IF_ABSENT)
                        .build())
                .build();
    }

    /** Makes the layout, or takes back the mark that its product was deleted. */
    private TransactWriteItem list(Listing listing) {
        Layout layout = listing.layout();
        return TransactWriteItem.builder()
                .update(update -> update.tableName(table)
                        .key(Schema.layout(listing.product().sku()))
                        .conditionExpression(Schema.IF_NOT_LISTED)
                        .updateExpression("SET writeShards = if_not_exists(writeShards, :write),"
                                + " readShards = if_not_exists(readShards, :read),"
                                + " #version = if_not_exists(#version, :before) + :one REMOVE deleted")
                        .expressionAttributeNames(Schema.VERSION_NAME)
                        .expressionAttributeValues(Map.of(
                                ":write", number(layout.writeShards()),
                                ":read", number(layout.readShards()),
                                ":before", number(layout.version() - 1),
                                ":one", number(1))))
                .build();
    }

    @Override
    public Uni<Attempt> replace(Product product, String expectedRevision) {
        return Calls.attempt(() -> client.putItem(request -> request.tableName(table)
                .item(Items.of(product))
                .conditionExpression("revision = :revision")
                .expressionAttributeValues(Map.of(":revision", text(expectedRevision)))));
    }

    @Override
    public Uni<Attempt> remove(Product product) {
        return transact(List.of(
                TransactWriteItem.builder()
                        .delete(delete -> delete.tableName(table)
                                .key(Schema.product(product.sku()))
                                .conditionExpression("revision = :revision")
                                .expressionAttributeValues(Map.of(":revision", text(product.revision()))))
                        .build(),
                TransactWriteItem.builder()
                        .update(update -> update.tableName(table)
                                .key(Schema.layout(product.sku()))
                                .conditionExpression(Schema.IF_LISTED)
                                .updateExpression("SET deleted = :true, #version = #version + :one")
                                .expressionAttributeNames(Schema.VERSION_NAME)
                                .expressionAttributeValues(
                                        Map.of(":true", AttributeValue.fromBool(true), ":one", number(1))))
                        .build()));
    }

    private Uni<Attempt> transact(List<TransactWriteItem> items) {
        return Calls.attempt(() -> client.transactWriteItems(request -> request.transactItems(items)));
    }

    @Override
    public Uni<List<Product>> list(Product.Status status, @Nullable Sku after, int limit) {
        List<Uni<List<Product>>> shards = IntStream.range(0, Schema.STATUS_SHARDS)
                .mapToObj(shard -> listShard(Schema.statusShard(status, shard), after, limit))
                .toList();
        return Uni.join().all(shards).andFailFast().map(found -> merge(found, limit));
    }

    private Uni<List<Product>> listShard(String statusShard, @Nullable Sku after, int limit) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":shard", text(statusShard));
        if (after != null) {
            values.put(":after", text(after.value()));
        }
        return Calls.call(() -> client.query(request -> request.tableName(table)
                        .indexName(Schema.BY_STATUS)
                        .keyConditionExpression(
                                after == null ? "statusShard = :shard" : "statusShard = :shard AND sku > :after")
                        .expressionAttributeValues(values)
                        .limit(limit)))
                .map(response -> response.items().stream().map(Items::product).toList());
    }

    private static List<Product> merge(List<List<Product>> shards, int limit) {
        List<Product> all = new ArrayList<>();
        shards.forEach(all::addAll);
        return all.stream()
                .sorted(Comparator.comparing(Product::sku))
                .limit(limit)
                .toList();
    }
}
