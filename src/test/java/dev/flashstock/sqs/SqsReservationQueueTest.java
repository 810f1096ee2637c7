package dev.flashstock.sqs;

import static dev.flashstock.sqs.TestMessages.SIGNATURES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.Samples;
import dev.flashstock.inventory.Unavailable;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniSubscriber;
import io.smallrye.mutiny.subscription.UniSubscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** What is packed into which call, and who hears what, with a client that answers when it is told to. */
class SqsReservationQueueTest {
    private static final Sku CONSOLE = new Sku("console");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final StubSqs sqs = new StubSqs();
    private final List<Integer> packed = new CopyOnWriteArrayList<>();
    private final SqsReservationQueue queue = queue(1);

    private SqsReservationQueue queue(int sends) {
        return new SqsReservationQueue(sqs, new TestQueue("any", sends), SIGNATURES, packed::add);
    }

    // Packing

    @Test
    void whoComesFirstIsSentAtOnce() {
        // Given
        ReservationRequest request = request(CONSOLE);

        // When
        UniAssertSubscriber<Void> caller = send(request);

        // Then
        assertThat(sqs.calls).hasSize(1);
        assertThat(sqs.sent(0))
                .extracting(SendMessageBatchRequestEntry::messageGroupId)
                .containsExactly("console");
        assertThat(requests(sqs.sent(0))).containsExactly(request);
        caller.assertNotTerminated();
    }

    @Test
    void whatIsSentIsAnsweredWhenSqsHasIt() {
        // Given
        UniAssertSubscriber<Void> caller = send(request(CONSOLE));

        // When
        sqs.endOne();

        // Then
        caller.assertCompleted();
        assertThat(packed).containsExactly(1);
    }

    @Test
    void whatComesWhileASendIsUnderWayIsPackedIntoTheNextBySku() {
        // Given
        send(request(CONSOLE));
        List<ReservationRequest> meanwhile =
                List.of(request(CONSOLE), request(new Sku("game")), request(CONSOLE), request(CONSOLE));

        // When
        List<UniAssertSubscriber<Void>> callers = sendAll(meanwhile);
        sqs.endOne();

        // Then
        assertThat(sqs.calls).hasSize(2);
        assertThat(sqs.sent(1))
                .extracting(SendMessageBatchRequestEntry::messageGroupId)
                .containsExactly("console", "game");
        assertThat(requests(sqs.sent(1))).containsExactlyInAnyOrderElementsOf(meanwhile);
        callers.forEach(UniAssertSubscriber::assertNotTerminated);
        sqs.endOne();
        callers.forEach(UniAssertSubscriber::assertCompleted);
        assertThat(packed).containsExactly(1, 3, 1);
    }

    @Test
    void noMoreSendsAreUnderWayThanAreAllowed() {
        // Given
        SqsReservationQueue four = queue(4);

        // When
        IntStream.range(0, 100)
                .forEach(i -> four.send(request(CONSOLE)).subscribe().with(done -> {}));

        // Then
        assertThat(sqs.underWay()).isEqualTo(4);
        sqs.endOne();
        assertThat(sqs.underWay()).isEqualTo(4);
        assertThat(requests(sqs.sent(4))).hasSize(96);
    }

    @Test
    void aCallHasAtMostTenMessagesAndStaysWithinTheBytesThatSqsTakes() {
        // Given
        send(request(CONSOLE));
        String widest = "\uD83D\uDC69".repeat(UserId.MAX_LENGTH / 2); // 12 bytes each when they are escaped
        List<ReservationRequest> requests = Stream.generate(
                        () -> Samples.request(new Sku("x".repeat(Sku.MAX_LENGTH)), new UserId(widest), 100))
                .limit(1_000)
                .toList();

        // When
        sendAll(requests);
        endAll();

        // Then
        assertThat(sqs.calls).hasSizeGreaterThan(2).allSatisfy(call -> {
            assertThat(call.entries()).hasSizeBetween(1, 10);
            assertThat(call.entries().stream().mapToLong(it -> bytes(it)).sum()).isLessThan(262_144);
            assertThat(call.entries()).allSatisfy(it -> assertThat(bytes(it)).isLessThanOrEqualTo(16_384));
        });
        assertThat(sqs.sent(1))
                .hasSize(10)
                .allSatisfy(it -> assertThat(bytes(it)).isGreaterThan(15_000));
        assertThat(everythingSent().skip(1)).containsExactlyElementsOf(requests);
    }

    @Test
    void aSkuInDemandKeepsNoOtherWaiting() {
        // Given
        send(request(CONSOLE));
        sendAll(Stream.generate(() -> request(CONSOLE)).limit(5_000).toList());
        ReservationRequest quiet = request(new Sku("quiet"));
        send(quiet);

        // When
        sqs.endOne();

        // Then
        assertThat(requests(sqs.sent(1))).contains(quiet);
        assertThat(sqs.sent(1)).hasSize(10);
    }

    @Test
    void skusTakeTurns() {
        // Given
        send(request(CONSOLE));
        List<String> skus = IntStream.range(0, 25).mapToObj(i -> "sku-" + i).toList();
        skus.forEach(sku -> IntStream.range(0, 300).forEach(i -> send(request(new Sku(sku)))));

        // When
        sqs.endOne();
        sqs.endOne();
        sqs.endOne();

        // Then
        assertThat(IntStream.rangeClosed(1, 3)
                        .mapToObj(sqs::sent)
                        .flatMap(List::stream)
                        .map(SendMessageBatchRequestEntry::messageGroupId)
                        .limit(25))
                .containsExactlyElementsOf(skus);
    }

    // Who waits

    @Test
    void tenThousandMayWaitAndNoMore() {
        // Given
        send(request(CONSOLE));
        List<UniAssertSubscriber<Void>> waiting =
                sendAll(Stream.generate(() -> request(CONSOLE)).limit(10_000).toList());

        // When
        UniAssertSubscriber<Void> oneMore = send(request(CONSOLE));

        // Then
        oneMore.assertFailedWith(Unavailable.class, "10000 requests wait");
        waiting.forEach(UniAssertSubscriber::assertNotTerminated);
        sqs.endOne();
        send(request(CONSOLE)).assertNotTerminated();
        endAll();
        waiting.forEach(UniAssertSubscriber::assertCompleted);
    }

    @Test
    void whoHasGoneIsLeftOutAndMakesRoom() {
        // Given
        UniAssertSubscriber<Void> first = send(request(CONSOLE));
        List<ReservationRequest> requests =
                Stream.generate(() -> request(CONSOLE)).limit(10_000).toList();
        List<UniAssertSubscriber<Void>> waiting = sendAll(requests);

        // When
        waiting.get(0).cancel();
        ReservationRequest instead = request(CONSOLE);
        UniAssertSubscriber<Void> caller = send(instead);
        endAll();

        // Then
        first.assertCompleted();
        caller.assertCompleted();
        assertThat(everythingSent()).doesNotContain(requests.get(0)).contains(requests.get(1), instead);
    }

    @Test
    void whenAllHaveGoneNothingIsSent() {
        // Given
        send(request(CONSOLE));
        UniAssertSubscriber<Void> waiting = send(request(CONSOLE));

        // When
        waiting.cancel();
        sqs.endOne();

        // Then
        assertThat(sqs.calls).hasSize(1);
    }

    @Test
    void goingWhileItIsOnItsWayChangesNothingForTheOthers() {
        // Given
        send(request(CONSOLE));
        UniAssertSubscriber<Void> gone = send(request(CONSOLE));
        UniAssertSubscriber<Void> stays = send(request(CONSOLE));
        sqs.endOne();

        // When
        gone.cancel();
        sqs.endOne();

        // Then
        stays.assertCompleted();
        assertThat(gone.getItem()).isNull();
    }

    // What goes wrong

    @Test
    void whatSqsRefusesOfACallFailsForItsCallersOnly() {
        // Given
        send(request(new Sku("first")));
        List<UniAssertSubscriber<Void>> callers = sendAll(Stream.of("a", "b", "c", "d", "e", "a", "b")
                .map(Sku::new)
                .map(SqsReservationQueueTest::request)
                .toList());
        sqs.endOne();

        // When
        sqs.endOne(StubSqs.taken(
                List.of("0"),
                StubSqs.refused("1", "InternalError", false),
                StubSqs.refused("2", "InvalidMessageContents", true),
                StubSqs.refused("3", "KmsThrottled", true)));

        // Then
        List.of(0, 5).forEach(i -> callers.get(i).assertCompleted());
        List.of(1, 6).forEach(i -> callers.get(i).assertFailedWith(Unavailable.class, "InternalError for a test"));
        callers.get(2).assertFailedWith(IllegalStateException.class, "InvalidMessageContents for a test");
        callers.get(3).assertFailedWith(Unavailable.class, "KmsThrottled");
        callers.get(4).assertFailedWith(Unavailable.class, "does not say");
        assertThat(packed).containsExactly(1, 2);
    }

    @Test
    void whenACallFailsItsCallersHearItAndTheNextGoesOn() {
        // Given
        UniAssertSubscriber<Void> first = send(request(CONSOLE));
        UniAssertSubscriber<Void> second = send(request(CONSOLE));

        // When
        sqs.failOne(SdkClientException.create("connection lost"));
        sqs.endOne();

        // Then
        first.assertFailedWith(Unavailable.class, "connection lost");
        second.assertCompleted();
    }

    @Test
    void whoHasWaitedForAWholeCallInVainIsNotKeptWaitingForAnother() {
        // Given
        send(request(CONSOLE));
        List<UniAssertSubscriber<Void>> elevenSkus = sendAll(IntStream.range(0, 11)
                .mapToObj(i -> request(new Sku("sku-" + i)))
                .toList());
        sqs.endOne();
        UniAssertSubscriber<Void> later = send(request(new Sku("sku-10")));

        // When
        sqs.failOne(SdkClientException.create("timed out"));

        // Then
        elevenSkus.forEach(it -> it.assertFailedWith(Unavailable.class, "timed out"));
        later.assertNotTerminated();
        sqs.endOne();
        later.assertCompleted();
        assertThat(requests(sqs.sent(2))).hasSize(1);
    }

    @Test
    void aClientThatThrowsFailsTheCallersAndNothingElse() {
        // Given
        var working = sqs.answer;
        sqs.answer = request -> {
            throw new IllegalStateException("closed");
        };

        // When
        UniAssertSubscriber<Void> unlucky = send(request(CONSOLE));
        sqs.answer = working;
        UniAssertSubscriber<Void> lucky = send(request(CONSOLE));
        sqs.endOne();

        // Then
        unlucky.assertFailedWith(IllegalStateException.class, "closed");
        lucky.assertCompleted();
    }

    @Test
    void aCallerWhoThrowsKeepsNobodyFromTheirAnswers() {
        // Given
        send(request(CONSOLE));
        queue.send(request(CONSOLE)).subscribe().withSubscriber(new Thrower());
        UniAssertSubscriber<Void> sameMessage = send(request(CONSOLE));

        // When
        sqs.endOne();
        UniAssertSubscriber<Void> next = send(request(CONSOLE));
        sqs.endOne();
        sqs.endOne();

        // Then
        sameMessage.assertCompleted();
        next.assertCompleted();
    }

    @Test
    void theNextSendIsUnderWayBeforeCallersAreAnswered() {
        // Given
        List<Integer> callsWhenAnswered = new ArrayList<>();
        queue.send(request(CONSOLE)).subscribe().with(done -> callsWhenAnswered.add(sqs.calls.size()));
        send(request(CONSOLE));

        // When
        sqs.endOne();

        // Then
        assertThat(callsWhenAnswered).containsExactly(2);
    }

    // Many

    @Test
    void thousandsOfSendsThatEndAtOnceAreALoopAndNoRecursion() {
        // Given
        UniAssertSubscriber<Void> first = send(request(CONSOLE));
        List<UniAssertSubscriber<Void>> waiting = sendAll(IntStream.range(0, 10_000)
                .mapToObj(i -> request(new Sku("sku-" + i)))
                .toList());
        sqs.answer = request -> CompletableFuture.completedFuture(StubSqs.taken(request));

        // When
        sqs.endOne();

        // Then
        first.assertCompleted();
        waiting.forEach(UniAssertSubscriber::assertCompleted);
        assertThat(sqs.calls).hasSize(1_001);
    }

    @Test
    void oneSendAfterTheOtherThousandsOfTimes() {
        // Given
        sqs.answer = request -> CompletableFuture.completedFuture(StubSqs.taken(request));

        // When
        Multi.createFrom()
                .range(0, 20_000)
                .onItem()
                .transformToUniAndConcatenate(i -> queue.send(request(CONSOLE)))
                .collect()
                .asList()
                .await()
                .atMost(PATIENCE);

        // Then
        assertThat(sqs.calls).hasSize(20_000);
    }

    @Test
    void thousandsOfCallersAtOnceAreEachSentOnceAndAnswered() throws InterruptedException {
        // Given
        ExecutorService elsewhere = Executors.newFixedThreadPool(4);
        ExecutorService callers = Executors.newFixedThreadPool(8);
        sqs.answer = request -> CompletableFuture.supplyAsync(() -> StubSqs.taken(request), elsewhere);
        SqsReservationQueue four = queue(4);
        List<ReservationRequest> requests = IntStream.range(0, 8_000)
                .mapToObj(i -> request(new Sku("sku-" + i % 13)))
                .toList();

        // When
        List<CompletableFuture<Void>> answers = requests.stream()
                .map(it -> CompletableFuture.completedFuture(it)
                        .thenComposeAsync(request -> four.send(request).subscribeAsCompletionStage(), callers))
                .toList();

        // Then
        assertThat(CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)))
                .succeedsWithin(PATIENCE);
        assertThat(everythingSent()).containsExactlyInAnyOrderElementsOf(requests);
        assertThat(packed.stream().mapToInt(it -> it).sum()).isEqualTo(8_000);
        elsewhere.shutdown();
        callers.shutdown();
        assertThat(elsewhere.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    private static final class Thrower implements UniSubscriber<Void> {
        @Override
        public void onSubscribe(UniSubscription subscription) {}

        @Override
        public void onItem(Void item) {
            throw new IllegalStateException("does not want to know");
        }

        @Override
        public void onFailure(Throwable failure) {
            throw new IllegalStateException("does not want to know");
        }
    }

    private static ReservationRequest request(Sku sku) {
        return Samples.request(sku, 1);
    }

    private UniAssertSubscriber<Void> send(ReservationRequest request) {
        Uni<Void> sending = queue.send(request);
        return sending.subscribe().withSubscriber(UniAssertSubscriber.create());
    }

    private List<UniAssertSubscriber<Void>> sendAll(List<ReservationRequest> requests) {
        return requests.stream().map(this::send).toList();
    }

    private void endAll() {
        while (sqs.underWay() > 0) {
            sqs.endOne();
        }
    }

    private Stream<ReservationRequest> everythingSent() {
        return sqs.calls.stream().map(SendMessageBatchRequest::entries).flatMap(it -> requests(it).stream());
    }

    private static List<ReservationRequest> requests(List<SendMessageBatchRequestEntry> entries) {
        return entries.stream()
                .flatMap(it -> RequestMessage.read(it.messageBody(), SIGNATURES).requests().stream())
                .toList();
    }

    private static long bytes(SendMessageBatchRequestEntry entry) {
        return entry.messageBody().getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    }
}
