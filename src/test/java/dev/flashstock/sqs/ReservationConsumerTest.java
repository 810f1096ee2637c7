package dev.flashstock.sqs;

import static dev.flashstock.sqs.TestMessages.SIGNATURES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flashstock.Samples;
import dev.flashstock.inventory.Unavailable;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.Sku;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/** The consumer on a queue of its own. */
@Tag("long")
@QuarkusTest
class ReservationConsumerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Inject
    SqsAsyncClient sqs;

    private final TestQueue config = new TestQueue("test-" + UUID.randomUUID(), 4);
    private final List<ReservationRequest> decided = new CopyOnWriteArrayList<>();
    private final List<String> counted = new CopyOnWriteArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger pings = new AtomicInteger();
    private final AtomicBoolean tableAnswers = new AtomicBoolean(true);

    /** What a test changes in the deciding of a request. */
    private volatile Function<ReservationRequest, Uni<Reservation>> decide = this::hold;

    private final List<ReservationRequest> givenUp = new CopyOnWriteArrayList<>();
    private TestMessages messages;
    private ReservationConsumer consumer;

    @BeforeEach
    void makeTheQueues() {
        messages = new TestMessages(sqs, config);
        new SqsSetup(sqs, config).provision().await().atMost(PATIENCE);
        consumer = new ReservationConsumer(
                sqs,
                config,
                SIGNATURES,
                request -> {
                    asked.incrementAndGet();
                    return decide.apply(request);
                },
                this::reject,
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
        List<ReservationRequest> requests =
                Stream.generate(ReservationConsumerTest::request).limit(25).toList();
        requests.forEach(this::send);

        // When
        consumer.start();

        // Then
        await().atMost(PATIENCE).until(() -> decided.size() >= 25);
        assertThat(decided).containsExactlyInAnyOrderElementsOf(requests);
        assertThat(counted).hasSize(25).containsOnly("HELD");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(messages.left()).isZero());
    }

    @Test
    void aPoisonMessageGoesToTheDeadLettersAndTheGoodOneNextToItIsHandled() {
        // Given
        ReservationRequest good = request();
        messages.sendRaw("this is no request");
        send(good);
        messages.sendRaw("{\"version\":99,\"requests\":[]}");

        // When
        consumer.start();

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(messages.dead()).isEqualTo(2));
        assertThat(decided).containsExactly(good);
        assertThat(messages.left()).isZero();
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
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(messages.left()).isZero());
        assertThat(messages.dead()).isZero();
        assertThat(counted).containsExactly("FAILED", "HELD");
    }

    @Test
    void ofAMessageOfManyRequestsTheBadOneIsSentOnAlone() {
        // Given
        ReservationRequest fine = request();
        ReservationRequest alsoFine = request();
        ReservationRequest fails = request();
        decide = request ->
                request.equals(fails) ? Uni.createFrom().failure(new IllegalStateException("always")) : hold(request);
        messages.sendRaw(RequestMessage.write(List.of(fine, fails, alsoFine), SIGNATURES));

        // When
        consumer.start();

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(givenUp).containsExactly(fails));
        assertThat(decided).containsExactlyInAnyOrder(fine, alsoFine);
        await().atMost(PATIENCE).untilAsserted(messages::assertNoneIsLeft);
    }

    @Test
    void whatTheTableDidNotAnswerOfAMessageIsSentOnTogether() {
        // Given
        ReservationRequest fine = request();
        List<ReservationRequest> unlucky = List.of(request(), request(), request());
        AtomicInteger failures = new AtomicInteger();
        decide = request -> unlucky.contains(request) && failures.getAndIncrement() < 3
                ? Uni.createFrom().failure(new Unavailable("throttled"))
                : hold(request);
        messages.sendRaw(
                RequestMessage.write(List.of(unlucky.get(0), fine, unlucky.get(1), unlucky.get(2)), SIGNATURES));

        // When
        consumer.start();

        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(decided)
                        .containsExactlyInAnyOrder(fine, unlucky.get(0), unlucky.get(1), unlucky.get(2)));
        await().atMost(PATIENCE).untilAsserted(messages::assertNoneIsLeft);
        assertThat(givenUp).isEmpty();
    }

    @Test
    void aMessageOfWhichNothingCouldBeDecidedStaysAsItIs() {
        // Given
        tableAnswers.set(false);
        decide =
                request -> tableAnswers.get() ? hold(request) : Uni.createFrom().failure(new Unavailable("away"));
        List<ReservationRequest> requests =
                Stream.generate(ReservationConsumerTest::request).limit(100).toList();
        messages.sendRaw(RequestMessage.write(requests, SIGNATURES));

        // When
        consumer.start();
        await().atMost(PATIENCE).until(() -> pings.get() > 0);
        int left = messages.left();
        tableAnswers.set(true);

        // Then
        assertThat(left).isEqualTo(1);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(decided).containsExactlyInAnyOrderElementsOf(requests));
        await().atMost(PATIENCE).untilAsserted(messages::assertNoneIsLeft);
        assertThat(givenUp).isEmpty();
    }

    @Test
    void ofAMessageOfManyRequestsTheUnreadableOneIsSentOnAlone() {
        // Given
        ReservationRequest fine = request();
        ReservationRequest alsoFine = request();
        String unreadable = "{\"id\":\"no id\",\"user\":\"Zoë\"}";
        messages.sendRaw(RequestMessage.join(List.of(
                RequestMessage.write(fine, SIGNATURES), unreadable, RequestMessage.write(alsoFine, SIGNATURES))));

        // When
        consumer.start();

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(messages.dead()).isEqualTo(1));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(messages.left()).isZero());
        assertThat(decided).containsExactlyInAnyOrder(fine, alsoFine);
        assertThat(givenUp).isEmpty();
    }

    @Test
    void ofAMessageTheForgedOnesAreSetAsideAtOnceAndTheOthersDecided() {
        // Given
        ReservationRequest fine = request();
        ReservationRequest alsoFine = request();
        ReservationRequest asked = request();
        String genuine = RequestMessage.write(asked, SIGNATURES);
        List<String> forged = List.of(
                genuine.replace(asked.user().value(), "somebody-else"),
                genuine.replace("\"quantity\":1", "\"quantity\":100"),
                genuine.replace(asked.id().value(), request().id().value()),
                genuine.replace("\"requestedAt\":", "\"requestedAt\":1"),
                genuine.replace(SIGNATURES.of(asked), SIGNATURES.of(fine)),
                RequestMessage.write(
                        request(),
                        new Signatures(List.of("a-secret-that-has-left-0123456789-0"), InstantSource.system())));
        List<String> all = new ArrayList<>(forged);
        all.add(1, RequestMessage.write(fine, SIGNATURES));
        all.add(RequestMessage.write(alsoFine, SIGNATURES));
        messages.sendRaw(RequestMessage.join(all));

        // When
        consumer.start();

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(messages.dead()).isEqualTo(1));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(messages.left()).isZero());
        assertThat(decided).containsExactlyInAnyOrder(fine, alsoFine);
        assertThat(counted).hasSize(8).filteredOn("FORGED"::equals).hasSize(6);
        await().during(config.visibility().multipliedBy(2)).atMost(PATIENCE).until(() -> messages.dead() == 1);
        assertThat(counted).hasSize(8);
        assertThat(givenUp).isEmpty();
    }

    @Test
    void aMessageOfForgedRequestsOnlyIsSetAsideAsWell() {
        // Given
        ReservationRequest asked = request();
        messages.sendRaw(RequestMessage.write(List.of(asked), SIGNATURES).replace("\"quantity\":1", "\"quantity\":2"));

        // When
        consumer.start();

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(messages.dead()).isEqualTo(1));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(messages.left()).isZero());
        assertThat(counted).containsExactly("FORGED");
        assertThat(decided).isEmpty();
        assertThat(givenUp).isEmpty();
    }

    @Test
    void aRequestSignedWithTheSecretBeforeIsDecided() {
        // Given
        ReservationRequest request = request();
        Signatures before = new Signatures(Samples.SECRETS.subList(1, 2), InstantSource.system());
        messages.sendRaw(RequestMessage.write(List.of(request), before));

        // When
        consumer.start();

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(decided).containsExactly(request));
        await().atMost(PATIENCE).untilAsserted(messages::assertNoneIsLeft);
    }

    @Test
    void aMessageOfAnotherVersionGoesToTheDeadLettersUntouched() {
        // Given
        String old = RequestMessage.write(List.of(request()), SIGNATURES).replace("\"version\":2", "\"version\":1");
        messages.sendRaw(old);

        // When
        consumer.start();

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(messages.dead()).isEqualTo(1));
        consumer.stop().await().atMost(PATIENCE);
        assertThat(decided).isEmpty();
        assertThat(givenUp).isEmpty();
        assertThat(counted).isEmpty();
    }

    @Test
    void allRequestsOfAMessageAreDecidedSideBySide() {
        // Given
        int most = RequestMessage.MAX_REQUESTS;
        CompletableFuture<Void> allAreAsked = new CompletableFuture<>();
        decide = request -> {
            if (asked.get() == most) {
                allAreAsked.complete(null);
            }
            return Uni.createFrom().completionStage(allAreAsked::copy).chain(() -> hold(request));
        };
        List<ReservationRequest> requests =
                Stream.generate(ReservationConsumerTest::request).limit(most).toList();
        messages.sendRaw(RequestMessage.write(requests, SIGNATURES));

        // When
        consumer.start();

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(decided).containsExactlyInAnyOrderElementsOf(requests));
        await().atMost(PATIENCE).untilAsserted(messages::assertNoneIsLeft);
    }

    @Test
    void itsDeadLettersGoToTheQueueThatIsLookedAfter() {
        // Given
        TestQueue renamed = new TestQueue(config.queue(), "another", 1);

        // When
        var check = new SqsSetup(sqs, renamed).check().subscribe().withSubscriber(UniAssertSubscriber.create());

        // Then
        new SqsSetup(sqs, config).check().await().atMost(PATIENCE);
        check.awaitFailure(PATIENCE).assertFailedWith(IllegalStateException.class, "flashstock.sqs.dead-letter-queue");
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
        assertThat(messages.dead()).isZero();
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
        assertThat(decided.contains(late) ? 1 : messages.visible()).isEqualTo(1);
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
        assertThat(messages.left()).isZero();
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
                config,
                SIGNATURES,
                it -> {});

        // When
        var sent = nowhere.send(request()).subscribe().withSubscriber(UniAssertSubscriber.create());

        // Then
        sent.awaitFailure(PATIENCE).assertFailedWith(Unavailable.class, "SQS");
    }

    private Uni<Reservation> hold(ReservationRequest request) {
        return Uni.createFrom().item(() -> {
            decided.add(request);
            return held(request);
        });
    }

    private Uni<Reservation> reject(ReservationRequest request) {
        return Uni.createFrom().item(() -> {
            givenUp.add(request);
            return Reservation.rejected(request, new Reservation.Rejection(Reservation.Reason.NOT_DECIDED, 0));
        });
    }

    private static Reservation held(ReservationRequest request) {
        return Samples.held(request, 0, Duration.ofMinutes(1));
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
        new SqsReservationQueue(sqs, config, SIGNATURES, it -> {})
                .send(request)
                .await()
                .atMost(PATIENCE);
    }
}
