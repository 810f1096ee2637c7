package dev.flashstock.dynamodb;

import static dev.flashstock.dynamodb.Schema.number;
import static dev.flashstock.dynamodb.Schema.text;

import dev.flashstock.inventory.Attempt;
import dev.flashstock.inventory.AuditRun;
import dev.flashstock.inventory.AuditTable;
import dev.flashstock.stock.Audit;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The audits in DynamoDB: one item for each SKU. */
public final class DynamoDbAudits implements AuditTable {
    private static final String IF_MINE = "id = :id AND #state = :running";

    private final DynamoDbAsyncClient client;
    private final String table;

    /**
     * Uses a table.
     *
     * @param client the SDK's client
     * @param table the table's name
     */
    public DynamoDbAudits(DynamoDbAsyncClient client, String table) {
        this.client = client;
        this.table = table;
    }

    @Override
    public Uni<Optional<Recorded>> last(Sku sku) {
        return Calls.call(() -> client.getItem(request ->
                        request.tableName(table).key(Schema.audit(sku)).consistentRead(true)))
                .map(response -> response.hasItem() ? Optional.of(recorded(sku, response.item())) : Optional.empty());
    }

    private static Recorded recorded(Sku sku, Map<String, AttributeValue> item) {
        AuditRun run = new AuditRun(
                Items.string(item, Schema.AUDIT_ID),
                sku,
                AuditRun.State.valueOf(Items.string(item, Schema.STATE)),
                new UserId(Items.string(item, Schema.STARTED_BY)),
                Instant.ofEpochMilli(Items.integer(item, Schema.STARTED_AT)),
                Instant.ofEpochMilli(Items.integer(item, Schema.HEARTBEAT)),
                Items.integer(item, Schema.PROGRESS),
                item.containsKey(Schema.FAILURE) ? Items.string(item, Schema.FAILURE) : null);
        AttributeValue result = item.get(Schema.RESULT);
        if (result == null) {
            return new Recorded(run, null, false);
        }
        Audit audit = AuditItems.audit(sku, result.m());
        AttributeValue repaired = item.get(Schema.REPAIRED_AUDIT);
        return new Recorded(run, audit, repaired != null && audit.id().equals(repaired.s()));
    }

    @Override
    public Uni<Attempt> begin(AuditRun run, Instant deadBefore) {
        Map<String, AttributeValue> values = new HashMap<>(values(run));
        values.put(":by", text(run.startedBy().value()));
        values.put(":startedAt", number(run.startedAt().toEpochMilli()));
        values.put(":state", text(run.state().name()));
        values.put(":dead", number(deadBefore.toEpochMilli()));
        return update(
                run,
                "attribute_not_exists(PK) OR #state <> :running OR heartbeat < :dead",
                "SET id = :id, #state = :state, startedBy = :by, startedAt = :startedAt, heartbeat = :heartbeat,"
                        + " progress = :progress REMOVE failure",
                Map.of("#state", Schema.STATE),
                values);
    }

    @Override
    public Uni<Attempt> alive(AuditRun run) {
        return update(
                run,
                IF_MINE,
                "SET heartbeat = :heartbeat, progress = :progress",
                Map.of("#state", Schema.STATE),
                values(run));
    }

    @Override
    public Uni<Attempt> end(AuditRun run, @Nullable Audit result) {
        Map<String, AttributeValue> values = new HashMap<>(values(run));
        Map<String, String> names = new HashMap<>(Map.of("#state", Schema.STATE));
        values.put(":state", text(run.state().name()));
        String change = "SET #state = :state, heartbeat = :heartbeat, progress = :progress";
        if (run.failure() != null) {
            values.put(":failure", text(run.failure()));
            change += ", failure = :failure";
        }
        if (result != null) {
            values.put(":result", AttributeValue.fromM(AuditItems.of(result)));
            names.put("#result", Schema.RESULT);
            change += ", #result = :result";
        }
        return update(run, IF_MINE, change, names, values);
    }

    private static Map<String, AttributeValue> values(AuditRun run) {
        return Map.of(
                ":id", text(run.id()),
                ":running", text(AuditRun.State.RUNNING.name()),
                ":heartbeat", number(run.heartbeat().toEpochMilli()),
                ":progress", number(run.progress()));
    }

    private Uni<Attempt> update(
            AuditRun run,
            String condition,
            String change,
            Map<String, String> names,
            Map<String, AttributeValue> values) {
        return Calls.attempt(() -> client.updateItem(request -> request.tableName(table)
                .key(Schema.audit(run.sku()))
                .conditionExpression(condition)
                .updateExpression(change)
                .expressionAttributeNames(names)
                .expressionAttributeValues(values)));
    }
}
