package dev.flashstock.dynamodb;

import static dev.flashstock.dynamodb.Schema.number;
import static dev.flashstock.dynamodb.Schema.text;

import dev.flashstock.inventory.Attempt;
import dev.flashstock.inventory.Lease;
import dev.flashstock.inventory.Summary;
import dev.flashstock.inventory.SummaryTable;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;

/** The summaries in DynamoDB, one item for each SKU: about 20 bytes a shard. The lease is an item too. */
public final class DynamoDbSummaries implements SummaryTable {
    private final DynamoDbAsyncClient client;
    private final String table;
    private final InstantSource clock;
    private final Gather gather;

    /**
     * Uses a table.
     *
     * @param client the SDK's client
     * @param table the table's name
     * @param clock tells when the lease is written, which the stream shows ({@link DynamoDbStream})
     */
    public DynamoDbSummaries(DynamoDbAsyncClient client, String table, InstantSource clock) {
        this.client = client;
        this.table = table;
        this.clock = clock;
        this.gather = new Gather(client, table);
    }

    @Override
    public Uni<Map<Sku, Summary>> find(Collection<Sku> skus) {
        return gather.items(skus.stream().map(Schema::summary).toList()).map(items -> {
            Map<Sku, Summary> found = new HashMap<>();
            skus.forEach(sku -> found.put(sku, Summary.none(sku)));
            items.stream().map(SummaryItems::summary).forEach(it -> found.put(it.sku(), it));
            return found;
        });
    }

    @Override
    public Uni<Attempt> save(Summary summary) {
        PutItemRequest.Builder put =
                PutItemRequest.builder().tableName(table).item(SummaryItems.of(summary, summary.revision() + 1));
        if (summary.revision() == 0) {
            put.conditionExpression(Schema.IF_ABSENT);
        } else {
            put.conditionExpression("revision = :revision")
                    .expressionAttributeValues(Map.of(":revision", number(summary.revision())));
        }
        return Calls.attempt(() -> client.putItem(put.build()));
    }

    @Override
    public Uni<Optional<Lease>> lease() {
        return Calls.call(() -> client.getItem(request ->
                        request.tableName(table).key(Schema.summaryLease()).consistentRead(true)))
                .map(response ->
                        response.hasItem() ? Optional.of(SummaryItems.lease(response.item())) : Optional.empty());
    }

    @Override
    public Uni<Attempt> take(Optional<Lease> before, Lease next) {
        return before.map(it -> put(
                        next,
                        "#term = :term AND beat = :beat",
                        Map.of("#term", Schema.TERM),
                        Map.of(":term", number(it.term()), ":beat", number(it.beat()))))
                .orElseGet(() -> put(next, Schema.IF_ABSENT, Map.of(), Map.of()));
    }

    @Override
    public Uni<Attempt> keep(String owner, Lease lease) {
        return put(
                lease,
                "#owner = :owner AND #term = :term",
                Map.of("#owner", Schema.OWNER, "#term", Schema.TERM),
                Map.of(":owner", text(owner), ":term", number(lease.term())));
    }

    private Uni<Attempt> put(
            Lease lease, String condition, Map<String, String> names, Map<String, AttributeValue> values) {
        PutItemRequest.Builder put = PutItemRequest.builder().tableName(table).conditionExpression(condition);
        if (!values.isEmpty()) {
            put.expressionAttributeNames(names).expressionAttributeValues(values);
        }
        return Calls.attempt(() ->
                client.putItem(put.item(SummaryItems.of(lease, clock.instant())).build()));
    }
}
