package dev.flashstock.dynamodb;

import dev.flashstock.inventory.ShardChange;
import dev.flashstock.inventory.StockStream;
import dev.flashstock.inventory.Unavailable;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ExpiredIteratorException;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.GetShardIteratorResponse;
import software.amazon.awssdk.services.dynamodb.model.LimitExceededException;
import software.amazon.awssdk.services.dynamodb.model.OperationType;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.StreamDescription;
import software.amazon.awssdk.services.dynamodb.model.TrimmedDataAccessException;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsAsyncClient;

/** The table's DynamoDB Stream. */
public final class DynamoDbStream implements StockStream {
    /** As many records as DynamoDB gives at a time. */
    private static final int PAGE = 1_000;

    /** A hundred strands each. */
    private static final int MOST_PAGES = 100;

    private final DynamoDbAsyncClient client;
    private final DynamoDbStreamsAsyncClient streams;
    private final String table;

    /**
     * Uses a table's stream.
     *
     * @param client the SDK's client, which tells the stream's name
     * @param streams the SDK's client for streams
     * @param table the table's name
     */
    public DynamoDbStream(DynamoDbAsyncClient client, DynamoDbStreamsAsyncClient streams, String table) {
        this.client = client;
        this.streams = streams;
        this.table = table;
    }

    @Override
    public Uni<Description> describe() {
        return Calls.call(() -> client.describeTable(request -> request.tableName(table)))
                .map(response -> Optional.ofNullable(response.table().latestStreamArn())
                        .orElseThrow(() -> new Unavailable("The table '" + table + "' has no stream any more")))
                .chain(stream -> strands(stream, null, MOST_PAGES).map(strands -> new Description(stream, strands)));
    }

    private Uni<List<Strand>> strands(String stream, @Nullable String after, int pages) {
        if (pages == 0) {
            return Uni.createFrom().failure(new Unavailable("The stream has too many shards to be described"));
        }
        return call(() -> streams.describeStream(
                        request -> request.streamArn(stream).exclusiveStartShardId(after)))
                .chain(response -> withTheRest(stream, response.streamDescription(), pages));
    }

    private Uni<List<Strand>> withTheRest(String stream, StreamDescription page, int pages) {
        List<Strand> some = page.shards().stream().map(DynamoDbStream::strand).toList();
        if (page.lastEvaluatedShardId() == null) {
            return Uni.createFrom().item(some);
        }
        return strands(stream, page.lastEvaluatedShardId(), pages - 1).map(rest -> {
            List<Strand> all = new ArrayList<>(some);
            all.addAll(rest);
            return all;
        });
    }

    private static Strand strand(Shard shard) {
        return new Strand(shard.shardId(), shard.parentShardId());
    }

    @Override
    public Uni<Read> read(String stream, Cursor cursor) {
        return iterator(stream, cursor)
                .chain(iterator -> records(iterator, cursor))
                .onFailure(ExpiredIteratorException.class)
                .recoverWithUni(() -> newIterator(stream, cursor).chain(iterator -> records(iterator, cursor)))
                .onFailure(DynamoDbStream::isGone)
                .recoverWithItem(new Read.Trimmed());
    }

    private static boolean isGone(Throwable failure) {
        return failure instanceof TrimmedDataAccessException || failure instanceof ResourceNotFoundException;
    }

    private Uni<String> iterator(String stream, Cursor cursor) {
        return cursor.iterator() == null
                ? newIterator(stream, cursor)
                : Uni.createFrom().item(cursor.iterator());
    }

    private Uni<String> newIterator(String stream, Cursor cursor) {
        ShardIteratorType type =
                cursor.after() == null ? ShardIteratorType.TRIM_HORIZON : ShardIteratorType.AFTER_SEQUENCE_NUMBER;
        return call(() -> streams.getShardIterator(request -> request.streamArn(stream)
                        .shardId(cursor.strand())
                        .shardIteratorType(type)
                        .sequenceNumber(cursor.after())))
                .map(GetShardIteratorResponse::shardIterator);
    }

    private Uni<Read> records(String iterator, Cursor cursor) {
        return call(() -> streams.getRecords(
                        request -> request.shardIterator(iterator).limit(PAGE)))
                .map(response -> page(response, cursor));
    }

    private static Read page(GetRecordsResponse response, Cursor cursor) {
        List<Record> records = response.records();
        List<ShardChange> changes = new ArrayList<>();
        records.forEach(it -> change(it).ifPresent(changes::add));
        Optional<Record> last = records.isEmpty() ? Optional.empty() : Optional.of(records.get(records.size() - 1));
        String after = last.map(it -> it.dynamodb().sequenceNumber()).orElse(cursor.after());
        return new Read.Page(
                changes,
                records.size(),
                records.stream().map(DynamoDbStream::madeAt).max(Comparator.naturalOrder()),
                Optional.ofNullable(response.nextShardIterator())
                        .map(next -> new Cursor(cursor.strand(), after, next)));
    }

    /**
     * Rounded down: to the second by AWS, to the minute by DynamoDB Local. The lease, which is written once a second, says when
     * that was.
     */
    private static Instant madeAt(Record record) {
        return record.dynamodb().keys().equals(Schema.summaryLease()) && record.eventName() != OperationType.REMOVE
                ? Instant.ofEpochMilli(Items.integer(record.dynamodb().newImage(), Schema.WRITTEN_AT))
                : record.dynamodb().approximateCreationDateTime().truncatedTo(ChronoUnit.SECONDS);
    }

    private static Optional<ShardChange> change(Record record) {
        Map<String, AttributeValue> image = record.dynamodb().newImage();
        return Schema.shard(record.dynamodb().keys())
                .map(it -> new ShardChange(
                        it.sku(),
                        it.number(),
                        record.eventName() == OperationType.REMOVE ? null : Items.level(it.number(), image)));
    }

    /** What the stream cannot do for the moment fails with {@link Unavailable}. */
    private static <T> Uni<T> call(Supplier<CompletionStage<T>> call) {
        return Calls.call(call)
                .onFailure(LimitExceededException.class)
                .transform(e -> new Unavailable("The table's stream", e));
    }
}
