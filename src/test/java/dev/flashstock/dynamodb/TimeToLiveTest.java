package dev.flashstock.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flashstock.Samples;
import dev.flashstock.dynamodb.FakeDynamoDb.Answer;
import dev.flashstock.inventory.GroupCommit;
import dev.flashstock.inventory.Listing;
import dev.flashstock.local.Backend;
import dev.flashstock.local.LocalBackends;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.Reservation.Status;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/** What DynamoDB may remove, and when: reservations that are over, a day later at the earliest, and nothing else. */
class TimeToLiveTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TABLE = "time-to-live-" + UUID.randomUUID();
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private static final Retention DAY = new Retention(Retention.SHORTEST);
    private static final Logger LOG = Logger.getLogger(DynamoDbSetup.class.getName());

    private static DynamoDbAsyncClient client;

    private final List<LogRecord> logged = new ArrayList<>();
    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord line) {
            logged.add(line);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private final DynamoDbStock stock = new DynamoDbStock(client, TABLE, DAY);
    private final DynamoDbReservations reservations =
            new DynamoDbReservations(client, TABLE, DAY, InstantSource.fixed(NOW));
    private final Listing listing = Samples.listing(Samples.newSku(), 1);
    private final Sku sku = listing.product().sku();

    @BeforeAll
    static void makeTable() {
        client = DynamoDbAsyncClient.builder()
                .endpointOverride(LocalBackends.server(Backend.DYNAMODB))
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .build();
        setup().provision().await().atMost(PATIENCE);
    }

    private static DynamoDbSetup setup() {
        return new DynamoDbSetup(client, TABLE);
    }

    @AfterAll
    static void removeTable() {
        client.deleteTable(request -> request.tableName(TABLE)).join();
        client.close();
    }

    @BeforeEach
    void listen() {
        LOG.addHandler(listener);
        new DynamoDbProducts(client, TABLE).create(listing).await().atMost(PATIENCE);
    }

    @AfterEach
    void listenNoMore() {
        LOG.removeHandler(listener);
    }

    // What is marked

    @ParameterizedTest
    @EnumSource(names = {"RELEASED", "EXPIRED"})
    void aHoldThatIsOverMayGoADayLater(Status over) {
        // Given
        Reservation hold = held();

        // When
        commit(List.of(), List.of(new GroupCommit.Return(hold, over)));

        // Then
        assertThat(timeToLive(hold))
                .isGreaterThan(NOW.plus(Duration.ofHours(24)).getEpochSecond());
    }

    @Test
    void aRejectionMayGoADayLater() {
        // Given
        Reservation rejected = Reservation.rejected(
                Samples.request(sku, 1), new Reservation.Rejection(Reservation.Reason.SOLD_OUT, 0));

        // When
        reservations.recordIfAbsent(rejected).await().atMost(PATIENCE);

        // Then
        assertThat(timeToLive(rejected))
                .isGreaterThan(NOW.plus(Duration.ofHours(24)).getEpochSecond());
    }

    @Test
    void nothingElseEverGoes() {
        // Given
        Reservation hold = held();
        Reservation extended = held();
        Reservation sold = held();

        // When
        reservations.extend(extended, NOW.plusSeconds(900)).await().atMost(PATIENCE);
        reservations.confirm(sold, "pi_1").await().atMost(PATIENCE);
        commit(List.of(), List.of(new GroupCommit.Return(held(), Status.RELEASED)));

        // Then
        assertThat(List.of(hold, extended, sold))
                .allSatisfy(it -> assertThat(item(it)).doesNotContainKey("ttl"));
        List<Map<String, AttributeValue>> marked =
                client.scan(request -> request.tableName(TABLE).consistentRead(true)).join().items().stream()
                        .filter(it -> it.containsKey("ttl"))
                        .toList();
        assertThat(marked)
                .isNotEmpty()
                .allSatisfy(it -> assertThat(it.get("status").s()).isIn("RELEASED", "EXPIRED", "REJECTED"));
    }

    private Reservation held() {
        stock.adjust(Samples.adjustment(sku, 1), List.of(new Portion(0, 1)))
                .await()
                .atMost(PATIENCE);
        Reservation hold =
                Reservation.held(Samples.request(sku, 1), new Reservation.Hold(0, NOW.plusSeconds(600), false, null));
        commit(List.of(hold), List.of());
        return hold;
    }

    private void commit(List<Reservation> holds, List<GroupCommit.Return> returns) {
        GroupCommit commit = new GroupCommit(UUID.randomUUID().toString(), NOW, sku, 0, holds, returns);
        assertThat(stock.commit(commit).await().atMost(PATIENCE)).isEqualTo(new GroupCommit.Result.Committed());
    }

    private long timeToLive(Reservation reservation) {
        return Long.parseLong(item(reservation).get("ttl").n());
    }

    private static Map<String, AttributeValue> item(Reservation reservation) {
        return client.getItem(request -> request.tableName(TABLE)
                        .key(Schema.reservation(reservation.user(), reservation.id()))
                        .consistentRead(true))
                .join()
                .item();
    }

    // That DynamoDB is told to look

    @Test
    void provisioningSwitchesItOnOnceHoweverManyDoIt() {
        // When
        Uni.join()
                .all(setup().provision(), setup().provision(), setup().provision())
                .andFailFast()
                .await()
                .atMost(PATIENCE);

        // Then
        assertThat(client.describeTimeToLive(request -> request.tableName(TABLE))
                        .join()
                        .timeToLiveDescription())
                .satisfies(it -> {
                    assertThat(it.attributeName()).isEqualTo("ttl");
                    assertThat(it.timeToLiveStatus()).isIn(TimeToLiveStatus.ENABLED, TimeToLiveStatus.ENABLING);
                });
    }

    @Test
    void whoIsSecondToSwitchItOnFindsItOn() throws IOException {
        // Given
        AtomicInteger described = new AtomicInteger();
        try (FakeDynamoDb dynamoDb = new FakeDynamoDb((operation, body) -> switch (operation) {
            case "CreateTable" -> Answer.error(400, "ResourceInUseException");
            case "DescribeTable" -> new Answer(200, "{\"Table\":{\"TableStatus\":\"ACTIVE\"}}");
            case "DescribeTimeToLive" -> described(described.getAndIncrement() == 0 ? "DISABLED" : "ENABLING", "ttl");
            default -> Answer.error(400, "ValidationException");
        })) {
            // When
            new DynamoDbSetup(dynamoDb.client(), "any").provision().await().atMost(PATIENCE);

            // Then
            assertThat(dynamoDb.calls()).endsWith("DescribeTimeToLive", "UpdateTimeToLive", "DescribeTimeToLive");
        }
    }

    @Test
    void aTableThatRemovesByAnotherAttributeCannotBeProvisioned() throws IOException {
        // Given
        try (FakeDynamoDb dynamoDb = new FakeDynamoDb((operation, body) -> switch (operation) {
            case "CreateTable" -> Answer.error(400, "ResourceInUseException");
            case "DescribeTable" -> new Answer(200, "{\"Table\":{\"TableStatus\":\"ACTIVE\"}}");
            case "DescribeTimeToLive" -> described("ENABLED", "another");
            default -> Answer.error(400, "ValidationException");
        })) {
            Uni<Void> provision = new DynamoDbSetup(dynamoDb.client(), "any").provision();

            // When / Then
            assertThatThrownBy(() -> provision.await().atMost(PATIENCE)).hasMessageContaining("ValidationException");
        }
    }

    @Test
    void aTableOnWhichItIsOnIsFine() {
        // When
        setup().check().await().atMost(PATIENCE);

        // Then
        assertThat(logged).isEmpty();
    }

    @Test
    void aTableOnWhichItIsOffIsWorthOneWarning() throws IOException {
        // Given
        try (FakeDynamoDb dynamoDb = new FakeDynamoDb(TimeToLiveTest::withoutTimeToLive)) {
            // When
            new DynamoDbSetup(dynamoDb.client(), "any").check().await().atMost(PATIENCE);

            // Then
            assertThat(logged).extracting(LogRecord::getLevel).containsExactly(Level.WARNING);
        }
    }

    @Test
    void aRoleThatMayNotAskIsFine() throws IOException {
        // Given
        try (FakeDynamoDb dynamoDb = new FakeDynamoDb((operation, body) -> operation.equals("DescribeTimeToLive")
                ? Answer.error(400, "AccessDeniedException")
                : withoutTimeToLive(operation, body))) {
            // When
            new DynamoDbSetup(dynamoDb.client(), "any").check().await().atMost(PATIENCE);

            // Then
            assertThat(logged).extracting(LogRecord::getLevel).containsExactly(Level.INFO);
        }
    }

    private static Answer withoutTimeToLive(String operation, JsonNode body) {
        return operation.equals("DescribeTable")
                ? new Answer(
                        200,
                        "{\"Table\":{\"KeySchema\":[{\"AttributeName\":\"PK\",\"KeyType\":\"HASH\"},"
                                + "{\"AttributeName\":\"SK\",\"KeyType\":\"RANGE\"}],"
                                + "\"GlobalSecondaryIndexes\":[{\"IndexName\":\"ByStatus\"}]}}")
                : new Answer(200, "{\"TimeToLiveDescription\":{\"TimeToLiveStatus\":\"DISABLED\"}}");
    }

    private static Answer described(String status, String attribute) {
        return new Answer(
                200,
                "{\"TimeToLiveDescription\":{\"TimeToLiveStatus\":\"" + status + "\",\"AttributeName\":\"" + attribute
                        + "\"}}");
    }
}
