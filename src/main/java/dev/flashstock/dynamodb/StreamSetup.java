package dev.flashstock.dynamodb;

import io.smallrye.mutiny.Uni;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.StreamSpecification;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/** The table's stream: switched on, and checked. */
public final class StreamSetup {
    /** What a new table has. */
    private static final StreamSpecification NEW_IMAGES = StreamSpecification.builder()
            .streamEnabled(true)
            .streamViewType(StreamViewType.NEW_IMAGE)
            .build();

    private static final Set<StreamViewType> ENOUGH =
            Set.of(StreamViewType.NEW_IMAGE, StreamViewType.NEW_AND_OLD_IMAGES);

    private final DynamoDbAsyncClient client;
    private final String table;

    /**
     * Uses a table.
     *
     * @param client the SDK's client
     * @param table the table's name
     */
    public StreamSetup(DynamoDbAsyncClient client, String table) {
        this.client = client;
        this.table = table;
    }

    /**
     * Switches the stream on, unless it is, and waits until the table can be used again.
     *
     * @return completes when it can; a stream that is on stays as it is
     */
    public Uni<Void> provision() {
        return describe()
                .chain(description -> isOn(description)
                        ? Uni.createFrom().voidItem()
                        : Uni.createFrom()
                                .completionStage(() -> client.updateTable(
                                        request -> request.tableName(table).streamSpecification(NEW_IMAGES)))
                                .replaceWithVoid()
                                .onFailure(DynamoDbException.class)
                                .recoverWithUni(this::unlessAnotherHasDoneIt)
                                .chain(() -> Uni.createFrom()
                                        .completionStage(() -> client.waiter()
                                                .waitUntilTableExists(request -> request.tableName(table))))
                                .replaceWithVoid());
    }

    /** Processes that start together all want to; one of them may, and the others are told that it is on. */
    private Uni<Void> unlessAnotherHasDoneIt(Throwable failure) {
        return describe()
                .chain(description -> isOn(description)
                        ? Uni.createFrom().voidItem()
                        : Uni.createFrom().failure(failure));
    }

    /**
     * Checks that the stream is on, and has what is needed.
     *
     * @return completes when it has; fails with the SDK's exception when the table cannot be described, and with an {@link
     *     IllegalStateException} that says what is wrong
     */
    public Uni<Void> check() {
        return describe().invoke(StreamSetup::check).replaceWithVoid();
    }

    private static void check(TableDescription description) {
        if (!isOn(description)) {
            throw new IllegalStateException(
                    "it has no stream. Switch it on with the view type NEW_IMAGE, start once with"
                            + " flashstock.provision=true, or set flashstock.totals.source=shards.");
        }
        StreamViewType type = description.streamSpecification().streamViewType();
        if (!ENOUGH.contains(type)) {
            throw new IllegalStateException(
                    "its stream has the view type " + type + ", which does not tell how many units"
                            + " are left. Switch it off and on with NEW_IMAGE, or set flashstock.totals.source=shards.");
        }
    }

    private static boolean isOn(TableDescription description) {
        StreamSpecification stream = description.streamSpecification();
        return stream != null && Boolean.TRUE.equals(stream.streamEnabled());
    }

    private Uni<TableDescription> describe() {
        return Uni.createFrom()
                .completionStage(() -> client.describeTable(request -> request.tableName(table)))
                .map(response -> response.table());
    }
}
