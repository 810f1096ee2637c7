package dev.flashstock.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.flashstock.Samples;
import dev.flashstock.dynamodb.FakeDynamoDb.Answer;
import dev.flashstock.heat.Key;
import dev.flashstock.heat.Load;
import dev.flashstock.heat.Snapshot;
import dev.flashstock.heat.Throttle;
import dev.flashstock.heat.Throttle.Access;
import dev.flashstock.heat.Throttle.Limit;
import dev.flashstock.inventory.GroupCommit;
import dev.flashstock.inventory.Listing;
import dev.flashstock.inventory.Move;
import dev.flashstock.local.partitions.Limits;
import dev.flashstock.local.partitions.Throughput;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Product;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** What is counted of real requests, beside what the partitions charge for them; in a second that does not pass. */
class HeatInterceptorTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Limits NEARLY_NONE = Limits.everyKey(100_000, 100_000);

    private final WatchedTable watched = new WatchedTable();
    private final String table = watched.name();
    private final DynamoDbAsyncClient client = watched.client();
    private final DynamoDbStock stock = new DynamoDbStock(client, table, Samples.RETENTION);
    private final DynamoDbProducts products = new DynamoDbProducts(client, table);
    private final DynamoDbReservations reservations =
            new DynamoDbReservations(client, table, Samples.RETENTION, InstantSource.system());
    private final DynamoDbLedger ledger = new DynamoDbLedger(client, table);
    private final Sku sku = Samples.newSku();

    @BeforeEach
    void begin() {
        watched.limit(NEARLY_NONE);
    }

    @AfterEach
    void close() {
        watched.close();
    }

    private static <T> T answer(Uni<T> call) {
        return call.await().atMost(PATIENCE);
    }

    /** What was counted, each once: it was all in one second. */
    private Snapshot counted() {
        watched.at(Duration.ofSeconds(1).minusNanos(1));
        return watched.heat().now();
    }

    private Load counted(Key key) {
        return counted().keys().getOrDefault(key, Load.NONE);
    }

    private Key shard(int number) {
        return Key.ofTable("STOCK#" + sku + "#" + number);
    }

    private Listing stocked(int shards) {
        Listing listing = Samples.listing(sku, shards);
        answer(products.create(listing));
        List<Portion> portions = IntStream.range(0, shards)
                .mapToObj(shard -> new Portion(shard, 10))
                .toList();
        answer(stock.adjust(Samples.adjustment(sku, 10L * shards), portions));
        return listing;
    }

    private Reservation hold(UserId user) {
        return Samples.held(Samples.request(sku, user, 1), 0, Duration.ofMinutes(10));
    }

    private GroupCommit commit(Reservation... holds) {
        return new GroupCommit(UUID.randomUUID().toString(), Samples.NOW, sku, 0, List.of(holds), List.of());
    }

    @Test
    void unitsAreThoseThatThePartitionsCharge() {
        // When
        Listing listing = stocked(3);
        UserId user = Samples.newUser();
        Reservation hold = hold(user);
        answer(stock.commit(commit(hold, hold(Samples.newUser()))));
        answer(stock.commit(commit(hold)));
        answer(reservations.confirm(hold, "paid"));
        answer(reservations.confirm(hold, "paid"));
        answer(stock.move(new Move(UUID.randomUUID().toString(), Samples.NOW, sku, List.of(new Portion(0, 1)), 1)));
        answer(stock.gather(sku, 3));
        answer(stock.snapshot(sku, 3));
        answer(stock.stocked(sku));
        answer(products.find(sku));
        answer(products.list(Product.Status.ON_SALE, null, 10));
        answer(products.replace(listing.product(), listing.product().revision()));
        answer(reservations.find(user, hold.id()));
        answer(reservations.list(user, null, 10));
        answer(ledger.hours(sku, Samples.NOW, Samples.NOW.plusSeconds(3_600), 10));
        for (int bucket = 0; bucket < 64; bucket++) {
            answer(ledger.movements(sku, Samples.NOW, bucket, null, 10));
        }

        // Then
        Throughput charged = watched.charged();
        Load total = counted().total();
        assertThat(total.readUnits()).isCloseTo(charged.readUnits(), within(0.01));
        assertThat(total.writeUnits()).isCloseTo(charged.writeUnits(), within(0.01));
    }

    @Test
    void eachKeyIsNamedAndThoseOfTheIndexAsSuch() {
        // When
        stocked(2);

        // Then
        Snapshot counted = counted();
        String product = "PRODUCT#" + sku;
        assertThat(counted.keys().get(shard(0)).writeUnits()).isCloseTo(2, within(0.01));
        assertThat(counted.keys().get(shard(1)).requests()).isCloseTo(1, within(0.01));
        assertThat(counted.keys()).containsKey(Key.ofTable(product));
        assertThat(counted.keys().keySet())
                .filteredOn(it -> it.index() != null)
                .singleElement()
                .satisfies(it -> assertThat(it.value()).startsWith("ON_SALE#"))
                .extracting(Key::index)
                .isEqualTo("ByStatus");
    }

    @Test
    void anotherTableIsNotCounted() {
        // Given
        Snapshot before = counted();

        // When
        try (DynamoDbAsyncClient itsClient = watched.client("another")) {
            answer(new DynamoDbProducts(itsClient, table).find(sku));
        }

        // Then
        assertThat(counted()).isEqualTo(before);
    }

    @Test
    void aPartitionThatRefusesATransactionIsNamedByItsPart() {
        // Given
        stocked(1);
        Load before = counted(shard(0));
        watched.limit(Limits.everyKey(2.5, 100_000));

        // When
        for (int i = 0; i < 5; i++) {
            answer(stock.commit(commit(hold(Samples.newUser()))));
        }

        // Then
        Load hot = counted(shard(0));
        double refused = watched.charged().hottestKeys().get(shard(0).value()).throttles();
        assertThat(refused).isPositive();
        assertThat(hot.throttles()).containsOnlyKeys(new Throttle(Limit.KEY_RANGE, Access.WRITE, "", null));
        assertThat(hot.throttled()).isCloseTo(refused, within(0.01));
        assertThat(hot.requests() - before.requests()).isCloseTo(5, within(0.01));
        assertThat(hot.writeUnits() - before.writeUnits()).isCloseTo(2 * (5 - refused), within(0.01));
    }

    /** Else it would be refused more often than its key is told. */
    @Test
    void aCancelledTransactionIsNotTriedAgainByTheSdk() throws IOException {
        // Given
        String none = "{\"Code\":\"None\"}";
        String refused = "{\"Code\":\"ThrottlingError\"}";
        List<String> calls;
        try (FakeDynamoDb dynamoDb = FakeDynamoDb.transactions(Answer.cancelled(refused, none, none, none));
                DynamoDbAsyncClient itsClient = dynamoDb.client(
                        AwsRetryStrategy.standardRetryStrategy(), new HeatInterceptor(watched.heat(), table))) {

            // When
            answer(new DynamoDbStock(itsClient, table, Samples.RETENTION).commit(commit(hold(Samples.newUser()))));
            calls = List.copyOf(dynamoDb.calls());
        }

        // Then
        assertThat(calls).containsOnlyOnce("TransactWriteItems");
        assertThat(counted(shard(0)).throttledByPartition()).isCloseTo(1, within(0.01));
    }

    @Test
    void aReadThatIsRefusedHasDrawnNothing() {
        // Given
        watched.limit(Limits.everyKey(100_000, 0.5));
        Key product = Key.ofTable("PRODUCT#" + sku);

        // When
        long failed = Stream.generate(() -> products.find(sku).onItemOrFailure().transform((found, e) -> e != null))
                .limit(3)
                .filter(HeatInterceptorTest::answer)
                .count();

        // Then
        Load load = counted(product);
        assertThat(failed).isPositive();
        assertThat(load.throttledByPartition()).isCloseTo(failed, within(0.01));
        assertThat(load.requests()).isCloseTo(3, within(0.01));
        assertThat(load.readUnits()).isCloseTo(watched.charged().readUnits(), within(0.01));
    }

    @Test
    void whatABatchLeavesOutIsNotDrawn() throws IOException {
        // Given
        try (FakeDynamoDb dynamoDb = new FakeDynamoDb((operation, body) -> FakeDynamoDb.someOf(
                        body, table, body.at("/RequestItems/" + table + "/Keys").size() == 4 ? 3 : 1));
                DynamoDbAsyncClient itsClient =
                        dynamoDb.client(AwsRetryStrategy.doNotRetry(), new HeatInterceptor(watched.heat(), table))) {

            // When
            answer(new DynamoDbStock(itsClient, table, Samples.RETENTION).gather(sku, 4));
        }

        // Then
        Load total = counted().total();
        Load last = counted(shard(3));
        assertThat(total.requests()).isCloseTo(5, within(0.01));
        assertThat(total.readUnits()).isCloseTo(4, within(0.01));
        assertThat(last.unprocessed()).isCloseTo(1, within(0.01));
        assertThat(last.requests()).isCloseTo(2, within(0.01));
        assertThat(last.readUnits()).isCloseTo(1, within(0.01));
    }
}
