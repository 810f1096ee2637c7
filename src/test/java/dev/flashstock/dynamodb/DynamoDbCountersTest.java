package dev.flashstock.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flashstock.Samples;
import dev.flashstock.inventory.Attempt;
import dev.flashstock.inventory.CounterTable;
import dev.flashstock.inventory.Likes;
import dev.flashstock.inventory.Pauses;
import dev.flashstock.inventory.Retries;
import dev.flashstock.inventory.Unavailable;
import dev.flashstock.local.Backend;
import dev.flashstock.local.LocalBackends;
import dev.flashstock.local.faults.Fault;
import dev.flashstock.local.faults.FaultRule;
import dev.flashstock.local.faults.Wire;
import dev.flashstock.local.partitions.Limits;
import dev.flashstock.local.partitions.PartitionProxy;
import dev.flashstock.stock.Counted;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Views and likes against the real table, with two pods, conflicts, limits and lost answers. */
class DynamoDbCountersTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String TABLE = "counters-" + UUID.randomUUID();
    private static final Duration UNREMEMBERED = Duration.ofNanos(1);

    private static final Vertx VERTX = Wire.eventLoop();
    private static final PartitionProxy WIRE = new PartitionProxy(VERTX, LocalBackends.server(Backend.DYNAMODB), 1);
    private static final DynamoDbAsyncClient CLIENT = DynamoDbAsyncClient.builder()
            .endpointOverride(WIRE.address())
            .region(Region.EU_CENTRAL_1)
            .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
            .httpClientBuilder(NettyNioAsyncHttpClient.builder().maxConcurrency(400))
            .overrideConfiguration(config ->
                    config.retryStrategy(AwsRetryStrategy.doNotRetry()).apiCallTimeout(Duration.ofSeconds(30)))
            .build();

    private final CounterTable table = new DynamoDbCounters(CLIENT, TABLE);
    private final Likes likes = pod();
    private final Likes others = pod();
    private final Sku sku = Samples.newSku();
    private final UserId alice = Samples.newUser();

    private Likes pod() {
        return new Likes(
                any -> Uni.createFrom().item(() -> Optional.of(Samples.listing(any, 1))),
                table,
                new Retries(bound -> ThreadLocalRandom.current().nextInt(bound), Pauses.real()),
                bound -> ThreadLocalRandom.current().nextInt(bound),
                UNREMEMBERED,
                InstantSource.system());
    }

    @BeforeAll
    static void makeTable() {
        new DynamoDbSetup(CLIENT, TABLE).provision().await().atMost(PATIENCE);
    }

    @AfterEach
    void mend() {
        WIRE.faults().clear();
        WIRE.partitions().unlimit(TABLE);
    }

    @AfterAll
    static void removeTable() {
        CLIENT.deleteTable(request -> request.tableName(TABLE)).join();
        CLIENT.close();
        WIRE.close();
        VERTX.close();
    }

    // Views

    @Test
    void viewsOnDifferentShardsAddUp() {
        // When
        await(table.addViews(sku, 900, 0));
        await(table.addViews(sku, 90, 0));
        await(table.addViews(sku, 9, CounterTable.VIEW_SHARDS - 1));

        // Then
        assertThat(await(table.views(sku))).isEqualTo(999);
        assertThat(await(table.views(Samples.newSku()))).isZero();
    }

    @Test
    void aWriteOfViewsCostsOneUnitHoweverManyThereAre() {
        // Given
        WIRE.partitions().limit(TABLE, Limits.everyKey(1e6, 1e6)); // counts anew

        // When
        await(table.addViews(sku, 1_000_000, 3));

        // Then
        assertThat(WIRE.partitions()
                        .throughput(TABLE)
                        .hottestKeys()
                        .get("VIEWS#" + sku + "#3")
                        .units())
                .isEqualTo(1);
    }

    @Test
    void aWriteWhoseAnswerIsLostIsUnavailable() {
        // Given
        WIRE.faults()
                .set(FaultRule.always(new Fault.AnswerLost()).on("UpdateItem").times(1));

        // When / Then
        assertThatThrownBy(() -> await(table.addViews(sku, 1, 0))).isInstanceOf(Unavailable.class);
        assertThat(await(table.views(sku))).isOne();
    }

    @Test
    void aShardThatCannotBeReadFailsTheTotalAndNeverCountsAsZero() throws IOException {
        // Given
        try (FakeDynamoDb dynamoDb = new FakeDynamoDb((operation, body) -> FakeDynamoDb.someOf(body, "any", 0))) {
            CounterTable throttled = new DynamoDbCounters(dynamoDb.client(), "any");

            // When / Then
            assertThatThrownBy(() -> await(throttled.views(sku))).isInstanceOf(Unavailable.class);
        }
    }

    // Likes

    @Test
    void aUserCountsOnceHoweverOftenTheUserLikes() {
        // When
        await(likes.like(alice, sku));
        await(others.like(alice, sku));
        await(likes.like(Samples.newUser(), sku));

        // Then
        assertThat(counted()).isEqualTo(2);
        assertThat(await(likes.likes(alice, sku))).isEqualTo(Outcome.done(true));
    }

    @Test
    void aLikeIsTakenBackOnceHoweverOftenItIsSaid() {
        // Given
        await(likes.like(alice, sku));
        await(likes.like(Samples.newUser(), sku));

        // When
        await(likes.unlike(alice, sku));
        await(others.unlike(alice, sku));

        // Then
        assertThat(counted()).isOne();
        assertThat(await(likes.likes(alice, sku))).isEqualTo(Outcome.done(false));
        assertThat(shards()).allMatch(it -> it >= 0);
    }

    @Test
    void aLikeIsTakenBackFromNoOtherShard() {
        // Given
        await(table.like(alice, sku, 3));

        // When
        Attempt elsewhere = await(table.unlike(alice, sku, 4));

        // Then
        assertThat(elsewhere).isEqualTo(Attempt.CHANGED);
        assertThat(await(table.likedOn(alice, sku))).isEqualTo(OptionalInt.of(3));
        assertThat(counted()).isOne();
    }

    @Test
    void twoHundredUsersAtOnceOnTwoPodsAreCountedExactly() {
        // Given
        List<UserId> users =
                IntStream.range(0, 200).mapToObj(i -> Samples.newUser()).toList();
        List<UserId> leaving = users.subList(0, 50);

        // When
        together(users.stream().flatMap(user -> Stream.of(likes.like(user, sku), others.like(user, sku))));
        long liked = counted();
        together(leaving.stream().flatMap(user -> Stream.of(likes.unlike(user, sku), others.unlike(user, sku))));

        // Then
        assertThat(liked).isEqualTo(200);
        assertThat(counted()).isEqualTo(150);
        assertThat(shards()).allMatch(it -> it >= 0);
    }

    @Test
    void whoChangesItsMindOnTwoPodsAtOnceIsCountedAsWhatIsThen() {
        // When: all on one item, so that some may be told to come again
        List<Optional<Outcome<Sku>>> outcomes = await(Uni.join()
                .all(IntStream.range(0, 40)
                        .mapToObj(i -> i % 2 == 0 ? likes.like(alice, sku) : others.unlike(alice, sku))
                        .map(it -> it.map(Optional::of)
                                .onFailure(Unavailable.class)
                                .recoverWithItem(Optional.empty()))
                        .toList())
                .andFailFast());

        // Then
        assertThat(outcomes.stream().flatMap(Optional::stream)).hasSizeGreaterThan(1);
        boolean liked = await(likes.likes(alice, sku)).fold(it -> it, refusal -> false);
        assertThat(counted()).isEqualTo(liked ? 1 : 0);
        assertThat(shards()).allMatch(it -> it >= 0);
    }

    @Test
    void aLikeWhoseAnswerIsLostIsThereAndCountsOnceWhenSaidAgain() {
        // Given
        loseAnAnswer();
        assertThatThrownBy(() -> await(likes.like(alice, sku))).isInstanceOf(Unavailable.class);

        // When
        await(likes.like(alice, sku));

        // Then
        assertThat(counted()).isOne();
    }

    @Test
    void aLikeThatIsTakenBackWithALostAnswerIsTakenBackOnce() {
        // Given
        await(likes.like(alice, sku));
        await(likes.like(Samples.newUser(), sku));
        loseAnAnswer();
        assertThatThrownBy(() -> await(likes.unlike(alice, sku))).isInstanceOf(Unavailable.class);

        // When
        await(likes.unlike(alice, sku));

        // Then
        assertThat(counted()).isOne();
    }

    @Test
    void aThrottledShardIsLeftForAnother() {
        // Given: a transaction's write on one key costs 2 of the units that each key has in a second
        WIRE.partitions().limit(TABLE, Limits.everyKey(1e6, 4));

        // When
        together(IntStream.range(0, 20).mapToObj(i -> likes.like(Samples.newUser(), sku)));

        // Then
        assertThat(counted()).isEqualTo(20);
    }

    private static void loseAnAnswer() {
        WIRE.faults()
                .set(FaultRule.always(new Fault.AnswerLost())
                        .on("TransactWriteItems")
                        .times(1));
    }

    private long counted() {
        return await(likes.count(sku)).fold(Counted::count, refusal -> -1L);
    }

    /** What each shard has. */
    private List<Long> shards() {
        return IntStream.range(0, CounterTable.LIKE_SHARDS)
                .mapToObj(shard -> CLIENT.getItem(request -> request.tableName(TABLE)
                                .key(Schema.likes(sku, shard))
                                .consistentRead(true))
                        .join()
                        .item())
                .map(item -> item.getOrDefault("counted", AttributeValue.fromN("0")))
                .map(it -> Long.parseLong(it.n()))
                .toList();
    }

    private static <T> T await(Uni<T> uni) {
        return uni.await().atMost(PATIENCE);
    }

    private static void together(Stream<Uni<Outcome<Sku>>> calls) {
        List<Outcome<Sku>> outcomes = await(Uni.join().all(calls.toList()).andFailFast());
        assertThat(outcomes).allSatisfy(it -> assertThat(it).isInstanceOf(Outcome.Done.class));
    }
}
