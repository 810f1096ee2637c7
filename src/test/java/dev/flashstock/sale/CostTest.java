package dev.flashstock.sale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.Samples;
import dev.flashstock.dynamodb.DynamoDbProducts;
import dev.flashstock.dynamodb.DynamoDbSetup;
import dev.flashstock.dynamodb.DynamoDbStock;
import dev.flashstock.inventory.GroupCommit;
import dev.flashstock.inventory.Listing;
import dev.flashstock.inventory.StockTable;
import dev.flashstock.local.Backend;
import dev.flashstock.local.LocalBackends;
import dev.flashstock.local.faults.Wire;
import dev.flashstock.local.partitions.Limits;
import dev.flashstock.local.partitions.PartitionProxy;
import dev.flashstock.sharding.Layout;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.Sku;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.Update;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * What a reservation costs, in write units. DynamoDB tells what each item of a group commit consumes when it is written by
 * itself, and a transaction costs double; the partition proxy, which charges whole transactions, comes to the same. (What
 * DynamoDB Local tells of a whole transaction is too little: it rounds up once, DynamoDB rounds up each item.) Units are
 * exact; there is no noise in them.
 */
class CostTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int OF_A_TRANSACTION = 2;

    private final String table = "cost-" + UUID.randomUUID();
    private final Last last = new Last();
    private final Vertx vertx = Wire.eventLoop();
    private final PartitionProxy proxy = new PartitionProxy(vertx, LocalBackends.server(Backend.DYNAMODB), 1);
    private final DynamoDbAsyncClient client = Lines.patient(DynamoDbAsyncClient.builder(), proxy.address(), last);
    private final StockTable stock = new DynamoDbStock(client, table, Samples.RETENTION);

    @BeforeEach
    void provision() {
        new DynamoDbSetup(client, table).provision().await().atMost(PATIENCE);
    }

    @AfterEach
    void close() {
        client.deleteTable(request -> request.tableName(table)).join();
        client.close();
        proxy.close();
        vertx.close();
    }

    /** Keeps the last transaction. */
    private static final class Last implements ExecutionInterceptor {
        private volatile List<TransactWriteItem> items = List.of();

        @Override
        public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
            if (context.request() instanceof TransactWriteItemsRequest transaction) {
                items = transaction.transactItems();
            }
        }
    }

    /**
     * What one reservation costs.
     *
     * @param batch how many there are in a transaction
     * @param total write units, over all items
     * @param shard write units of the shard's key
     */
    private record Cost(int batch, double total, double shard) {
        String row() {
            return String.format(Locale.ROOT, "| %d | %.3f | %.3f |", batch, total, shard);
        }
    }

    @Test
    void theMoreReservationsATransactionHasTheLessEachCosts() {
        // When
        List<Cost> costs =
                Stream.of(1, 10, GroupCommit.MAX_ENTRIES).map(this::measure).toList();

        // Then
        System.out.println(costs.stream()
                .map(Cost::row)
                .collect(Collectors.joining(
                        "\n",
                        "| reservations in a transaction | write units of each | of these on the shard |\n|---:|---:|---:|\n",
                        "")));
        assertThat(costs.get(0).shard()).isEqualTo(2);
        assertThat(costs.get(1).shard()).isEqualTo(0.2);
        assertThat(costs.get(2).shard()).isLessThan(0.03);
        assertThat(costs.get(2).total()).isLessThan(2.2);
        assertThat(costs).extracting(Cost::total).isSortedAccordingTo((a, b) -> Double.compare(b, a));
    }

    private Cost measure(int batch) {
        Sku sku = Samples.newSku();
        stock(sku);
        proxy.partitions().limit(table, Limits.everyKey(1e6, 1e6)); // counts anew
        GroupCommit.Result result = stock.commit(commit(sku, batch)).await().atMost(PATIENCE);
        double charged = proxy.partitions().throughput(table).writeUnits();
        proxy.partitions().unlimit(table);
        double total = OF_A_TRANSACTION
                * last.items.stream().mapToDouble(this::unitsByItself).sum();
        double shard = OF_A_TRANSACTION
                * last.items.stream()
                        .filter(it -> key(it).get("PK").s().equals("STOCK#" + sku + "#0"))
                        .mapToDouble(this::unitsByItself)
                        .sum();
        assertThat(result).isEqualTo(new GroupCommit.Result.Committed());
        assertThat(charged).isEqualTo(total);
        return new Cost(batch, total / batch, shard / batch);
    }

    private static Map<String, AttributeValue> key(TransactWriteItem item) {
        return item.put() != null ? item.put().item() : item.update().key();
    }

    private double unitsByItself(TransactWriteItem item) {
        CompletableFuture<ConsumedCapacity> consumed = item.put() != null
                ? client.putItem(put -> put.tableName(table)
                                .item(item.put().item())
                                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL))
                        .thenApply(PutItemResponse::consumedCapacity)
                : client.updateItem(update -> update.tableName(table)
                                .key(item.update().key())
                                .updateExpression(item.update().updateExpression())
                                .expressionAttributeNames(item.update().expressionAttributeNames())
                                .expressionAttributeValues(values(item.update()))
                                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL))
                        .thenApply(UpdateItemResponse::consumedCapacity);
        return consumed.join().capacityUnits();
    }

    /** Those that the expression names: DynamoDB refuses others. */
    private static Map<String, AttributeValue> values(Update update) {
        Map<String, AttributeValue> values = new HashMap<>(update.expressionAttributeValues());
        values.keySet().removeIf(name -> !update.updateExpression().contains(name));
        return values;
    }

    private void stock(Sku sku) {
        new DynamoDbProducts(client, table)
                .create(new Listing(Samples.product(sku), Layout.of(1)))
                .await()
                .atMost(PATIENCE);
        stock.adjust(Samples.adjustment(sku, 1_000), List.of(new Portion(0, 1_000)))
                .await()
                .atMost(PATIENCE);
    }

    private static GroupCommit commit(Sku sku, int batch) {
        List<Reservation> holds = IntStream.range(0, batch)
                .mapToObj(i -> Samples.held(Samples.request(sku, 1), 0, Duration.ofMinutes(10)))
                .toList();
        return new GroupCommit(UUID.randomUUID().toString(), Samples.NOW, sku, 0, holds, List.of());
    }
}
