package dev.flashstock.dynamodb;

import static dev.flashstock.dynamodb.Schema.text;

import dev.flashstock.inventory.Attempt;
import dev.flashstock.inventory.Expiry;
import dev.flashstock.inventory.ExpiryTable;
import dev.flashstock.inventory.Unavailable;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** Expiries in DynamoDB. */
public final class DynamoDbExpiries implements ExpiryTable {
    private final DynamoDbAsyncClient client;
    private final String table;

    /**
     * Uses a table.
     *
     * @param client the SDK's client
     * @param table the table's name
     */
    public DynamoDbExpiries(DynamoDbAsyncClient client, String table) {
        this.client = client;
        this.table = table;
    }

    @Override
    public Uni<List<Expiry>> due(Instant minute, int bucket, @Nullable Expiry after, Instant until, int limit) {
        return Calls.call(() -> client.query(request -> request.tableName(table)
                        .keyConditionExpression("PK = :minute AND SK < :until")
                        .expressionAttributeValues(Map.of(
                                ":minute", text(Schema.expiries(minute, bucket)),
                                ":until", text(Schema.dueBefore(until.plusMillis(1)))))
                        .exclusiveStartKey(after == null ? null : Schema.expiry(after))
                        .limit(limit)))
                .map(response -> response.items().stream().map(Items::expiry).toList());
    }

    @Override
    public Uni<Void> note(Expiry expiry) {
        return done(Calls.attempt(
                () -> client.putItem(request -> request.tableName(table).item(Schema.expiry(expiry)))));
    }

    @Override
    public Uni<Void> remove(Expiry expiry) {
        return done(Calls.attempt(
                () -> client.deleteItem(request -> request.tableName(table).key(Schema.expiry(expiry)))));
    }

    private static Uni<Void> done(Uni<Attempt> attempt) {
        return attempt.map(it -> {
            if (it != Attempt.DONE) {
                throw new Unavailable("The transaction that wrote an expiry is still under way");
            }
            return null;
        });
    }
}
