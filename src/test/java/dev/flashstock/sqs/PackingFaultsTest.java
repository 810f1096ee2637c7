package dev.flashstock.sqs;

import static dev.flashstock.sqs.TestMessages.SIGNATURES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flashstock.Samples;
import dev.flashstock.inventory.Unavailable;
import dev.flashstock.local.Backend;
import dev.flashstock.local.LocalBackends;
import dev.flashstock.local.faults.Fault;
import dev.flashstock.local.faults.FaultRule;
import dev.flashstock.local.faults.Wire;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/** Packed sends and what is sent on, on a wire on which things go wrong. */
@Tag("long")
class PackingFaultsTest {
    private static final Vertx VERTX = Wire.eventLoop();
    /** One for all: closing it takes its time. */
    private static final SdkAsyncHttpClient HTTP = NettyNioAsyncHttpClient.create();

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String SEND = "SendMessageBatch";

    private final TestQueue config = new TestQueue("packing-" + UUID.randomUUID(), 4);
    private final List<Integer> packed = new CopyOnWriteArrayList<>();
    private final Set<ReservationRequest> decided = ConcurrentHashMap.newKeySet();
    private final Set<ReservationRequest> bad = ConcurrentHashMap.newKeySet();

    private Wire wire;
    private SqsAsyncClient sqs;
    private SqsReservationQueue queue;
    private TestMessages messages;
    private ReservationConsumer consumer;

    @BeforeEach
    void start() {
        wire = Backend.SQS.wire(VERTX, LocalBackends.server(Backend.SQS));
        sqs = SqsAsyncClient.builder()
                .endpointOverride(wire.address())
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClient(HTTP)
                .overrideConfiguration(client ->
                        client.retryStrategy(AwsRetryStrategy.doNotRetry()).apiCallTimeout(PATIENCE))
                .build();
        new SqsSetup(sqs, config).provision().await().atMost(PATIENCE);
        messages = new TestMessages(sqs, config);
        queue = new SqsReservationQueue(sqs, config, SIGNATURES, packed::add);
        consumer = new ReservationConsumer(
                sqs,
                config,
                SIGNATURES,
                this::decide,
                this::decide,
                () -> Uni.createFrom().voidItem(),
                outcome -> {});
    }

    @AfterEach
    void stop() {
        wire.mend();
        wire.faults().clear();
        consumer.stop().await().atMost(PATIENCE);
        sqs.close();
        wire.close();
    }

    static List<Fault> thatLoseTheAnswer() {
        return List.of(
                new Fault.RequestLost(),
                new Fault.AnswerLost(),
                new Fault.AnswerCut(),
                new Fault.Failure(500, "InternalError", "Try again"));
    }

    @ParameterizedTest
    @MethodSource("thatLoseTheAnswer")
    void whoDoesNotHearOfSqsIsToldToTryAgainAndIsHeldThen(Fault fault) {
        // Given
        wire.faults().set(FaultRule.always(fault).on(SEND).times(1));
        ReservationRequest request = request("console");

        // When
        UniAssertSubscriber<Void> first = send(request);
        first.awaitFailure(PATIENCE);
        UniAssertSubscriber<Void> again = send(request);

        // Then
        first.assertFailedWith(Unavailable.class);
        again.awaitItem(PATIENCE);
        consumer.start();
        await().atMost(PATIENCE).until(() -> decided.contains(request));
        await().atMost(PATIENCE).until(() -> messages.left() == 0);
    }

    @Test
    void thousandsAtOnceOnASlowQueueShareAFewMessages() {
        // Given
        wire.faults().set(FaultRule.always(new Fault.Latency(50, 100)).on(SEND));
        List<ReservationRequest> requests =
                IntStream.range(0, 5_000).mapToObj(i -> request("sku-" + i % 7)).toList();

        // When
        List<UniAssertSubscriber<Void>> callers =
                requests.stream().map(this::send).toList();

        // Then
        callers.forEach(it -> it.awaitItem(PATIENCE));
        assertThat(packed).hasSizeLessThan(500);
        assertThat(packed.stream().mapToInt(it -> it).sum()).isEqualTo(5_000);
        wire.faults().clear();
        consumer.start();
        await().atMost(PATIENCE).until(() -> decided.containsAll(requests));
        assertThat(decided).hasSize(5_000);
    }

    @Test
    void whatIsAcceptedIsDecidedWhateverGoesWrongOnTheWay() {
        // Given
        wire.faults()
                .set(
                        FaultRule.always(new Fault.AnswerLost()).on(SEND).withProbability(0.2),
                        FaultRule.always(new Fault.RequestLost()).on(SEND).withProbability(0.2),
                        FaultRule.always(new Fault.LateDuplicate(50)).on(SEND).withProbability(0.2),
                        FaultRule.always(new Fault.AnswerCut())
                                .on("DeleteMessageBatch")
                                .withProbability(0.3),
                        FaultRule.always(new Fault.Latency(5, 50)));
        consumer.start();
        List<ReservationRequest> requests =
                IntStream.range(0, 2_000).mapToObj(i -> request("sku-" + i % 7)).toList();

        // When
        List<UniAssertSubscriber<Void>> callers =
                requests.stream().map(this::sendUntilAccepted).toList();
        callers.forEach(it -> it.awaitItem(PATIENCE));
        wire.faults().clear();

        // Then
        await().atMost(PATIENCE).until(() -> decided.containsAll(requests));
        await().atMost(PATIENCE).until(() -> messages.left() == 0);
    }

    @Test
    void aMessageStaysUntilItsBadRequestIsSentOn() {
        // Given
        List<ReservationRequest> requests =
                Stream.generate(() -> request("console")).limit(3).toList();
        bad.add(requests.get(1));
        messages.sendRaw(RequestMessage.write(requests, SIGNATURES));
        wire.faults().set(FaultRule.always(new Fault.RequestLost()).on(SEND).times(1));

        // When
        consumer.start();

        // Then
        await().atMost(PATIENCE)
                .until(() -> wire.faults().happened().containsKey(Fault.RequestLost.class.getSimpleName()));
        bad.clear();
        await().atMost(PATIENCE).until(() -> decided.containsAll(requests));
        await().atMost(PATIENCE).until(() -> messages.left() == 0);
    }

    @Test
    void aMessageThatCouldNotBeDeletedIsHarmless() {
        // Given
        List<ReservationRequest> requests =
                Stream.generate(() -> request("console")).limit(3).toList();
        messages.sendRaw(RequestMessage.write(requests, SIGNATURES));
        wire.faults()
                .set(FaultRule.always(new Fault.RequestLost())
                        .on("DeleteMessageBatch")
                        .times(1));

        // When
        consumer.start();

        // Then
        await().atMost(PATIENCE).until(() -> decided.containsAll(requests));
        await().atMost(PATIENCE).until(() -> messages.left() == 0);
    }

    private Uni<Reservation> decide(ReservationRequest request) {
        if (bad.contains(request)) {
            return Uni.createFrom().failure(new IllegalStateException("bad"));
        }
        decided.add(request);
        return Uni.createFrom().item(Samples.held(request, 0, Duration.ofMinutes(1)));
    }

    private static ReservationRequest request(String sku) {
        return Samples.request(new Sku(sku), 1);
    }

    /** As a client does that hears of a 503. */
    private UniAssertSubscriber<Void> sendUntilAccepted(ReservationRequest request) {
        return queue.send(request)
                .onFailure(Unavailable.class)
                .retry()
                .withBackOff(Duration.ofMillis(20), Duration.ofMillis(500))
                .atMost(200)
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
    }

    private UniAssertSubscriber<Void> send(ReservationRequest request) {
        return queue.send(request).subscribe().withSubscriber(UniAssertSubscriber.create());
    }
}
