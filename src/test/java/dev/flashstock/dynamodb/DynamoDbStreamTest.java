package dev.flashstock.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flashstock.Samples;
import dev.flashstock.dynamodb.FakeDynamoDb.Answer;
import dev.flashstock.inventory.Listing;
import dev.flashstock.inventory.ShardChange;
import dev.flashstock.inventory.StockStream.Cursor;
import dev.flashstock.inventory.StockStream.Description;
import dev.flashstock.inventory.StockStream.Read;
import dev.flashstock.inventory.StockStream.Strand;
import dev.flashstock.inventory.Unavailable;
import dev.flashstock.local.Backend;
import dev.flashstock.local.LocalBackends;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsAsyncClient;

/** The stream of a real table; and over the wire what DynamoDB Local never says. */
class DynamoDbStreamTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String ARN = "arn:aws:dynamodb:eu-west-1:1:table/any/stream/2026-11-27T09:00:00.000";

    // A real table

    @Test
    void changesOfShardsAreReadInTheirOrderAndNothingElse() {
        // Given
        TableOnAWire table = TableOnAWire.SHARED;
        new StreamSetup(table.client(), table.table()).provision().await().atMost(PATIENCE);
        Listing listing = Samples.listing(Samples.newSku(), 2);
        Sku sku = listing.product().sku();
        table.ports().products().create(listing).await().atMost(PATIENCE);
        deliver(sku, new Portion(0, 3), new Portion(1, 4));
        deliver(sku, new Portion(0, 5));
        table.client()
                .deleteItem(request -> request.tableName(table.table()).key(Schema.shard(sku, 1)))
                .join();

        // When
        List<ShardChange> changes;
        try (DynamoDbStreamsAsyncClient streams = client(LocalBackends.server(Backend.DYNAMODB))) {
            changes = all(new DynamoDbStream(table.client(), streams, table.table()));
        }

        // Then
        assertThat(changes.stream().filter(it -> it.sku().equals(sku)))
                .containsExactlyInAnyOrder(
                        new ShardChange(sku, 0, new ShardLevel(0, 3, 1)),
                        new ShardChange(sku, 1, new ShardLevel(1, 4, 1)),
                        new ShardChange(sku, 0, new ShardLevel(0, 8, 2)),
                        new ShardChange(sku, 1, null));
        assertThat(changes.stream().filter(it -> it.sku().equals(sku) && it.shard() == 0))
                .extracting(it -> it.level().version())
                .containsExactly(1L, 2L);
    }

    private static void deliver(Sku sku, Portion... portions) {
        long units = List.of(portions).stream().mapToLong(Portion::units).sum();
        TableOnAWire.SHARED
                .ports()
                .stock()
                .adjust(Samples.adjustment(sku, units), List.of(portions))
                .await()
                .atMost(PATIENCE);
    }

    /** All that there is now: until a reading brings nothing. */
    private static List<ShardChange> all(DynamoDbStream stream) {
        Description description = stream.describe().await().atMost(PATIENCE);
        List<ShardChange> changes = new ArrayList<>();
        for (Strand strand : description.strands()) {
            Optional<Cursor> cursor = Optional.of(new Cursor(strand.id(), null, null));
            while (cursor.isPresent()) {
                Read.Page page = (Read.Page)
                        stream.read(description.name(), cursor.get()).await().atMost(PATIENCE);
                changes.addAll(page.changes());
                // Without the iterator the next reading begins after the last record, as another process does.
                cursor = page.next()
                        .filter(it -> page.records() > 0)
                        .map(it -> new Cursor(it.strand(), it.after(), null));
            }
        }
        return changes;
    }

    // What only the real DynamoDB says

    @Test
    void aStreamOfManyStrandsIsDescribedInPages() throws IOException {
        // Given
        try (FakeDynamoDb dynamoDb = new FakeDynamoDb((operation, body) -> switch (operation) {
            case "DescribeStream" ->
                body.has("ExclusiveStartShardId")
                        ? strands("{\"ShardId\":\"b\",\"ParentShardId\":\"a\"}", null)
                        : strands("{\"ShardId\":\"a\"}", "a");
            default -> described();
        })) {
            // When
            Description description = stream(dynamoDb).describe().await().atMost(PATIENCE);

            // Then
            assertThat(description)
                    .isEqualTo(new Description(ARN, List.of(new Strand("a", null), new Strand("b", "a"))));
        }
    }

    @Test
    void aTableWhoseStreamIsGoneFails() throws IOException {
        // Given
        try (FakeDynamoDb dynamoDb = FakeDynamoDb.always(new Answer(200, "{\"Table\":{\"TableName\":\"any\"}}"))) {
            // When / Then
            assertThatThrownBy(() -> stream(dynamoDb).describe().await().atMost(PATIENCE))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("has no stream any more");
        }
    }

    @Test
    void anIteratorThatHasExpiredIsGotAnew() throws IOException {
        // Given
        List<String> iterators = new ArrayList<>();
        try (FakeDynamoDb dynamoDb = fake((operation, body) -> {
            if (operation.equals("GetShardIterator")) {
                assertThat(body.get("ShardIteratorType").asText()).isEqualTo("AFTER_SEQUENCE_NUMBER");
                assertThat(body.get("SequenceNumber").asText()).isEqualTo("7");
                return new Answer(200, "{\"ShardIterator\":\"new\"}");
            }
            iterators.add(body.get("ShardIterator").asText());
            return iterators.size() == 1 ? Answer.error(400, "ExpiredIteratorException") : records("", "\"next\"");
        })) {
            // When
            Read read = stream(dynamoDb)
                    .read(ARN, new Cursor("a", "7", "old"))
                    .await()
                    .atMost(PATIENCE);

            // Then
            assertThat(read)
                    .isEqualTo(
                            new Read.Page(List.of(), 0, Optional.empty(), Optional.of(new Cursor("a", "7", "next"))));
            assertThat(iterators).containsExactly("old", "new");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TrimmedDataAccessException", "ResourceNotFoundException"})
    void whatIsGoneIsTrimmedWhereverThatIsSaid(String error) throws IOException {
        for (String saidBy : List.of("GetShardIterator", "GetRecords")) {
            // Given
            try (FakeDynamoDb dynamoDb = fake((operation, body) -> operation.equals(saidBy)
                    ? Answer.error(400, error)
                    : new Answer(200, "{\"ShardIterator\":\"any\"}"))) {
                // When
                Read read = stream(dynamoDb)
                        .read(ARN, new Cursor("a", "7", null))
                        .await()
                        .atMost(PATIENCE);

                // Then
                assertThat(read).as(saidBy).isEqualTo(new Read.Trimmed());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"LimitExceededException", "ThrottlingException"})
    void tooManyCallsAreTriedAgainLater(String error) throws IOException {
        // Given
        try (FakeDynamoDb dynamoDb = FakeDynamoDb.always(Answer.error(400, error))) {
            // When / Then
            assertThatThrownBy(() -> stream(dynamoDb)
                            .read(ARN, new Cursor("a", null, null))
                            .await()
                            .atMost(PATIENCE))
                    .isInstanceOf(Unavailable.class);
        }
    }

    @Test
    void aStrandEndsWithItsLastRecord() throws IOException {
        // Given
        AtomicInteger beginnings = new AtomicInteger();
        try (FakeDynamoDb dynamoDb = fake((operation, body) -> {
            if (operation.equals("GetShardIterator")) {
                beginnings.addAndGet(body.get("ShardIteratorType").asText().equals("TRIM_HORIZON") ? 1 : 0);
                return new Answer(200, "{\"ShardIterator\":\"any\"}");
            }
            return records(
                    "{\"eventName\":\"MODIFY\",\"dynamodb\":{\"SequenceNumber\":\"9\","
                            + "\"ApproximateCreationDateTime\":1795770000,"
                            + "\"Keys\":{\"PK\":{\"S\":\"STOCK#console#3\"},\"SK\":{\"S\":\"STOCK\"}},"
                            + "\"NewImage\":{\"available\":{\"N\":\"5\"},\"version\":{\"N\":\"6\"}}}},"
                            + "{\"eventName\":\"INSERT\",\"dynamodb\":{\"SequenceNumber\":\"11\","
                            + "\"ApproximateCreationDateTime\":1795770001,"
                            + "\"Keys\":{\"PK\":{\"S\":\"USER#alice\"},\"SK\":{\"S\":\"RESERVATION#1\"}}}}",
                    "null");
        })) {
            // When
            Read read = stream(dynamoDb)
                    .read(ARN, new Cursor("a", null, null))
                    .await()
                    .atMost(PATIENCE);

            // Then
            assertThat(read)
                    .isEqualTo(new Read.Page(
                            List.of(new ShardChange(new Sku("console"), 3, new ShardLevel(3, 5, 6))),
                            2,
                            Optional.of(Instant.ofEpochSecond(1_795_770_001)),
                            Optional.empty()));
            assertThat(beginnings).hasValue(1);
        }
    }

    @Test
    void theLeaseTellsWhenItWasWritten() throws IOException {
        // Given
        try (FakeDynamoDb dynamoDb = fake((operation, body) -> operation.equals("GetShardIterator")
                ? new Answer(200, "{\"ShardIterator\":\"any\"}")
                : records(
                        "{\"eventName\":\"MODIFY\",\"dynamodb\":{\"SequenceNumber\":\"9\","
                                + "\"ApproximateCreationDateTime\":1795770000,"
                                + "\"Keys\":{\"PK\":{\"S\":\"SUMMARY\"},\"SK\":{\"S\":\"LEASE\"}},"
                                + "\"NewImage\":{\"writtenAt\":{\"N\":\"1795770042123\"}}}}",
                        "\"next\""))) {
            // When
            Read read = stream(dynamoDb)
                    .read(ARN, new Cursor("a", null, null))
                    .await()
                    .atMost(PATIENCE);

            // Then
            assertThat(read)
                    .isInstanceOfSatisfying(
                            Read.Page.class,
                            page -> assertThat(page.until()).contains(Instant.ofEpochMilli(1_795_770_042_123L)));
        }
    }

    private static FakeDynamoDb fake(BiFunction<String, JsonNode, Answer> answers) throws IOException {
        return new FakeDynamoDb(answers);
    }

    private static Answer described() {
        return new Answer(200, "{\"Table\":{\"LatestStreamArn\":\"" + ARN + "\"}}");
    }

    private static Answer strands(String strands, String last) {
        String more = last == null ? "" : ",\"LastEvaluatedShardId\":\"" + last + "\"";
        return new Answer(200, "{\"StreamDescription\":{\"Shards\":[" + strands + "]" + more + "}}");
    }

    private static Answer records(String records, String next) {
        return new Answer(200, "{\"Records\":[" + records + "],\"NextShardIterator\":" + next + "}");
    }

    private static DynamoDbStream stream(FakeDynamoDb dynamoDb) {
        return new DynamoDbStream(
                dynamoDb.client(),
                client(dynamoDb.client()
                        .serviceClientConfiguration()
                        .endpointOverride()
                        .orElseThrow()),
                "any");
    }

    private static DynamoDbStreamsAsyncClient client(URI address) {
        return DynamoDbStreamsAsyncClient.builder()
                .endpointOverride(address)
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClientBuilder(NettyNioAsyncHttpClient.builder())
                .overrideConfiguration(config ->
                        config.retryStrategy(AwsRetryStrategy.doNotRetry()).apiCallTimeout(PATIENCE))
                .build();
    }
}
