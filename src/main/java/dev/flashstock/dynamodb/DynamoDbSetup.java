package dev.flashstock.dynamodb;

import static software.amazon.awssdk.services.dynamodb.model.KeyType.HASH;
import static software.amazon.awssdk.services.dynamodb.model.KeyType.RANGE;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTimeToLiveResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/** The table itself: made, checked, asked whether it answers. */
public final class DynamoDbSetup {
    private static final Logger LOG = Logger.getLogger(DynamoDbSetup.class);
    private static final Map<String, AttributeValue> NO_ITEM =
            Map.of(Schema.PK, Schema.text("HEALTH"), Schema.SK, Schema.text("HEALTH"));

    private final DynamoDbAsyncClient client;
    private final String table;

    /**
     * Uses a table.
     *
     * @param client the SDK's client
     * @param table the table's name
     */
    public DynamoDbSetup(DynamoDbAsyncClient client, String table) {
        this.client = client;
        this.table = table;
    }

    /**
     * Makes the table (on demand) unless it is there, waits until it can be used, and has DynamoDB remove what is over.
     *
     * @return completes when it can be used
     */
    public Uni<Void> provision() {
        return Uni.createFrom()
                .completionStage(() -> client.createTable(definition()))
                .onFailure(ResourceInUseException.class)
                .recoverWithNull()
                .chain(() -> Uni.createFrom()
                        .completionStage(
                                () -> client.waiter().waitUntilTableExists(request -> request.tableName(table))))
                .chain(this::switchTimeToLiveOn);
    }

    private Uni<Void> switchTimeToLiveOn() {
        return timeToLive()
                .chain(description -> isOn(description)
                        ? Uni.createFrom().voidItem()
                        : Uni.createFrom()
                                .completionStage(() -> client.updateTimeToLive(request -> request.tableName(table)
                                        .timeToLiveSpecification(it -> it.attributeName(Schema.TIME_TO_LIVE)
                                                .enabled(true))))
                                .replaceWithVoid()
                                .onFailure(DynamoDbException.class)
                                .recoverWithUni(this::unlessAnotherHasDoneIt));
    }

    /** Processes that start together all want to; one of them may, and the others are told that it is on. */
    private Uni<Void> unlessAnotherHasDoneIt(Throwable failure) {
        return timeToLive()
                .chain(description -> isOn(description)
                        ? Uni.createFrom().voidItem()
                        : Uni.createFrom().failure(failure));
    }

    private Uni<TimeToLiveDescription> timeToLive() {
        return Uni.createFrom()
                .completionStage(() -> client.describeTimeToLive(request -> request.tableName(table)))
                .map(DescribeTimeToLiveResponse::timeToLiveDescription);
    }

    private static boolean isOn(TimeToLiveDescription description) {
        boolean on = description.timeToLiveStatus() == TimeToLiveStatus.ENABLED
                || description.timeToLiveStatus() == TimeToLiveStatus.ENABLING;
        return on && Schema.TIME_TO_LIVE.equals(description.attributeName());
    }

    private CreateTableRequest definition() {
        return CreateTableRequest.builder()
                .tableName(table)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(
                        string(Schema.PK), string(Schema.SK), string(Schema.STATUS_SHARD), string(Schema.SKU))
                .keySchema(key(Schema.PK, HASH), key(Schema.SK, RANGE))
                .globalSecondaryIndexes(GlobalSecondaryIndex.builder()
                        .indexName(Schema.BY_STATUS)
                        .keySchema(key(Schema.STATUS_SHARD, HASH), key(Schema.SKU, RANGE))
                        .projection(projection -> projection.projectionType(ProjectionType.ALL))
                        .build())
                .build();
    }

    private static AttributeDefinition string(String name) {
        return AttributeDefinition.builder()
                .attributeName(name)
                .attributeType(ScalarAttributeType.S)
                .build();
    }

    private static KeySchemaElement key(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }

    /**
     * Checks that the table is there, has flashstock's keys, and an index of the right name. That nothing is ever removed
     * from it is worth a warning only.
     *
     * @return completes when it has; fails with the SDK's exception when it cannot be described, and with an {@link
     *     IllegalStateException} that says what is wrong with it
     */
    public Uni<Void> check() {
        return Uni.createFrom()
                .completionStage(() -> client.describeTable(request -> request.tableName(table)))
                .invoke(response -> checkShape(response.table()))
                .chain(this::checkTimeToLive);
    }

    /** Everything works without it, and so does a role that may not ask. */
    private Uni<Void> checkTimeToLive() {
        return timeToLive()
                .invoke(description -> {
                    if (!isOn(description)) {
                        LOG.warnf(
                                "Nothing is ever removed from the table '%s': switch its time to live on, for the"
                                        + " attribute %s",
                                table, Schema.TIME_TO_LIVE);
                    }
                })
                .replaceWithVoid()
                .onFailure()
                .recoverWithItem(failure -> {
                    LOG.infof(
                            "Whether what is over is removed from the table '%s' cannot be told error=%s",
                            table, String.valueOf(failure.getMessage()));
                    return null;
                });
    }

    private void checkShape(TableDescription description) {
        if (!description.keySchema().equals(List.of(key(Schema.PK, HASH), key(Schema.SK, RANGE)))) {
            throw new IllegalStateException(
                    "its key must be PK and SK, both strings. Start once with another table's name and flashstock.provision=true.");
        }
        if (description.globalSecondaryIndexes().stream()
                .noneMatch(index -> index.indexName().equals(Schema.BY_STATUS))) {
            throw new IllegalStateException("it has no index " + Schema.BY_STATUS + ". Create it: "
                    + Schema.STATUS_SHARD + " and " + Schema.SKU + ", both strings.");
        }
    }

    /**
     * Asks the table for an item that is not there.
     *
     * @return completes when it answers; fails with {@link dev.flashstock.inventory.Unavailable} or the SDK's exception
     */
    public Uni<Void> ping() {
        return Calls.call(
                        () -> client.getItem(request -> request.tableName(table).key(NO_ITEM)))
                .replaceWithVoid();
    }
}
