package dev.flashstock.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flashstock.Samples;
import dev.flashstock.inventory.Unavailable;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.Sku;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The consumer on a queue of its own. */
@QuarkusTest
class ReservationConsumerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Inject
    SqsAsyncClient sqs;

    private final TestQueue config = new TestQueue("test-" + UUID.randomUUID());
    private final List<ReservationRequest> decided = new CopyOnWriteArrayList<>();
    private final List<String> counted = new CopyOnWriteArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger pings = new AtomicInteger();
    private final AtomicBoolean tableAnswers = new AtomicBoolean(true);

    /** What a test changes in the deciding of a request. */
    private volatile Function<ReservationRequest, Uni<Reservation>> decide = this::hold;

    private ReservationConsumer consumer;

    @BeforeEach
    void makeTheQueues() {
        new SqsSetup(sqs, config).provision().await().atMost(PATIENCE);
        consumer = new ReservationConsumer(
                sqs,
                config,
                request -> {
                    asked.incrementAndGet();
                    return decide.apply(request);
                },
                this::ping,
                counted::add);
    }

    @AfterEach
    void endTheConsumer() {
        consumer.stop().await().atMost(PATIENCE);
    }

    @Test
    void whatIsSentIsDecidedAndGone() {
        // Given
        List<ReservationRequest> requests = java.util.stream.Stream.generate(ReservationConsumerTest::request)
                .limit(25)
                .toList();
        requests.forEach(this::send);

        // When
        consumer.start();

        // Then
        await().atMost(PATIENCE).until(() -> decided.size() >= 25);
        assertThat(decided).containsExactlyInAnyOrderElementsOf(requests);
        assertThat(counted).hasSize(25).containsOnly("HELD");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(left(config.queue())).isZero());
    }

    @Test
    void aPoisonMessageGoesToTheDeadLettersAndTheGoodOneNextToItIsHandled() {
        // Given
        ReservationRequest good = request();
        sendRaw("this is no request");
        send(good);
        sendRaw("{\"version\":99,\"requests\":[]}");

        // When
        consumer.start();

        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(left(config.deadLetterQueue())).isEqualTo(2));
        assertThat(decided).containsExactly(good);
        assertThat(left(config.queue())).isZero();
    }

    @Test
    void aDecisionThatFailsIsTriedAgainAndThenDone() {
        // Given
        decide = request ->
                asked.get() == 1 ? Uni.createFrom().failure(new IllegalStateException("once")) : hold(request);
        ReservationRequest request = request();
        send(request);

        // When
        consumer.start();

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(decided).containsExactly(request));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(left(config.queue())).isZero());
        assertThat(left(config.deadLetterQueue())).isZero();
        assertThat(counted).containsExactly("FAILED", "HELD");
    }

    @Test
    void aMessageOfManyRequestsComesAgainWholeWhenOneOfThemFails() {
        // Given
        ReservationRequest fine = request();
        ReservationRequest fails = request();
        AtomicBoolean failed = new AtomicBoolean();
        decide = request -> request.equals(fails) && failed.compareAndSet(false, true)
                ? Uni.createFrom().failure(new IllegalStateException("once"))
                : hold(request);
        sendRaw(RequestMessage.write(List.of(fine, fails)));

        // When
        consumer.start();

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(decided).containsExactlyInAnyOrder(fine, fine, fails));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(left(config.queue())).isZero());
    }

    @Test
    void whileTheTableIsAwayNothingIsReceivedAndTheTriesAreNotUsedUp() {
        // Given
        tableAnswers.set(false);
        decide =
                request -> tableAnswers.get() ? hold(request) : Uni.createFrom().failure(new Unavailable("away"));
        ReservationRequest request = request();
        send(request);

        // When
        consumer.start();
        await().during(Duration.ofSeconds(6)).atMost(PATIENCE).until(() -> asked.get() <= 1);
        int askedWhileAway = asked.get();
        tableAnswers.set(true);

        // Then
        assertThat(askedWhileAway).isEqualTo(1);
        assertThat(pings.get()).isGreaterThan(2);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(decided).containsExactly(request));
        assertThat(asked).hasValue(2);
        assertThat(left(config.deadLetterQueue())).isZero();
    }

    @Test
    void itStopsWhileTheTableIsAway() {
        // Given
        tableAnswers.set(false);
        decide = request -> Uni.createFrom().failure(new Unavailable("away"));
        send(request());
        consumer.start();
        await().atMost(PATIENCE).until(() -> pings.get() > 0);

        // When
        CompletableFuture<Void> stopped = consumer.stop().subscribeAsCompletionStage();

        // Then
        assertThat(stopped).succeedsWithin(Duration.ofSeconds(2));
    }

    @Test
    void itStopsWhenThePollUnderWayHasEnded() {
        // Given
        consumer.start();
        ReservationRequest first = request();
        send(first);
        await().atMost(PATIENCE).until(() -> decided.contains(first));

        // When
        CompletableFuture<Void> stopped = consumer.stop().subscribeAsCompletionStage();

        // Then
        assertThat(stopped).succeedsWithin(config.longPoll().plusSeconds(2));
    }

    @Test
    void whatIsSentWhileItStopsIsDecidedOrLeftInSight() {
        // Given
        consumer.start();
        ReservationRequest first = request();
        send(first);
        await().atMost(PATIENCE).until(() -> decided.contains(first));
        CompletableFuture<Void> stopped = consumer.stop().subscribeAsCompletionStage();
        ReservationRequest late = request();

        // When
        send(late);

        // Then
        assertThat(stopped).succeedsWithin(config.longPoll().plusSeconds(2));
        assertThat(decided.contains(late) ? 1 : visible(config.queue())).isEqualTo(1);
    }

    @Test
    void stoppingWaitsForWhatIsInHand() {
        // Given
        CompletableFuture<Reservation> inHand = new CompletableFuture<>();
        decide = request -> Uni.createFrom().completionStage(inHand).invoke(() -> decided.add(request));
        ReservationRequest request = request();
        send(request);
        consumer.start();
        await().atMost(PATIENCE).until(() -> asked.get() == 1);

        // When
        CompletableFuture<Void> stopped = consumer.stop().subscribeAsCompletionStage();

        // Then
        await().during(Duration.ofMillis(500)).atMost(PATIENCE).until(() -> !stopped.isDone());
        inHand.complete(held(request));
        assertThat(stopped).succeedsWithin(Duration.ofSeconds(5));
        assertThat(decided).containsExactly(request);
        assertThat(left(config.queue())).isZero();
    }

    @Test
    void startingAgainGoesOnWithWhatCameMeanwhile() {
        // Given
        consumer.start();
        ReservationRequest first = request();
        send(first);
        await().atMost(PATIENCE).until(() -> decided.contains(first));
        consumer.stop().await().atMost(PATIENCE);
        ReservationRequest second = request();
        send(second);

        // When
        consumer.start();

        // Then
        await().atMost(PATIENCE).until(() -> decided.contains(second));
    }

    @Test
    void startingTwiceConsumesOnce() {
        // Given
        consumer.start();
        consumer.start();
        consumer.stop().await().atMost(PATIENCE);
        ReservationRequest request = request();

        // When
        send(request);

        // Then
        await().during(Duration.ofSeconds(2)).atMost(PATIENCE).until(() -> asked.get() == 0);
    }

    @Test
    void whatCannotBeSentForTheMomentIsUnavailable() {
        // Given
        SqsReservationQueue nowhere = new SqsReservationQueue(
                SqsAsyncClient.builder()
                        .endpointOverride(java.net.URI.create("http://127.0.0.1:1"))
                        .region(software.amazon.awssdk.regions.Region.EU_WEST_1)
                        .credentialsProvider(software.amazon.awssdk.auth.credentials.StaticCredentialsProvider.create(
                                software.amazon.awssdk.auth.credentials.AwsBasicCredentials.create("any", "any")))
                        .httpClientBuilder(software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient.builder())
                        .build(),
                "any");

        // When
        var sent = nowhere.send(request())
                .subscribe()
                .withSubscriber(io.smallrye.mutiny.helpers.test.UniAssertSubscriber.create());

        // Then
        sent.awaitFailure(PATIENCE).assertFailedWith(Unavailable.class, "SQS");
    }

    private Uni<Reservation> hold(ReservationRequest request) {
        return Uni.createFrom().item(() -> {
            decided.add(request);
            return held(request);
        });
    }

    private static Reservation held(ReservationRequest request) {
        return Reservation.held(request, 0, Samples.NOW, Duration.ofMinutes(1));
    }

    private Uni<Void> ping() {
        pings.incrementAndGet();
        return tableAnswers.get()
                ? Uni.createFrom().voidItem()
                : Uni.createFrom().failure(new Unavailable("away"));
    }

    private static ReservationRequest request() {
        return Samples.request(new Sku("console"), 1);
    }

    private void send(ReservationRequest request) {
        new SqsReservationQueue(sqs, config.queue()).send(request).await().atMost(PATIENCE);
    }

    private void sendRaw(String body) {
        sqs.sendMessage(message -> message.queueUrl(url(config.queue())).messageBody(body))
                .join();
    }

    /** Messages in a queue, hidden ones too. */
    private int left(String queue) {
        var attributes = sqs.getQueueAttributes(
                        request -> request.queueUrl(url(queue)).attributeNames(QueueAttributeName.ALL))
                .join()
                .attributes();
        return Integer.parseInt(attributes.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
                + Integer.parseInt(attributes.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE));
    }

    /** Messages that a receive call would bring now. */
    private int visible(String queue) {
        return sqs.receiveMessage(request -> request.queueUrl(url(queue)).waitTimeSeconds(0))
                .join()
                .messages()
                .size();
    }

    private String url(String queue) {
        return sqs.getQueueUrl(request -> request.queueName(queue)).join().queueUrl();
    }

    /** Short times, one poller. */
    private record TestQueue(String queue) implements SqsConfig, SqsConfig.Consumer {
        @Override
        public String deadLetterQueue() {
            return queue + "-dead";
        }

        @Override
        public int maxReceives() {
            return 3;
        }

        @Override
        public Duration visibility() {
            return Duration.ofSeconds(2);
        }

        @Override
        public Consumer consumer() {
            return this;
        }

        @Override
        public boolean enabled() {
            return true;
        }

        @Override
        public int pollers() {
            return 1;
        }

        @Override
        public Duration longPoll() {
            return Duration.ofSeconds(1);
        }
    }
}
