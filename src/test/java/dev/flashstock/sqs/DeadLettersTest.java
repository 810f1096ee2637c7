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
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/** What becomes of a message that was received too often. */
@Tag("long")
@QuarkusTest
class DeadLettersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Inject
    SqsAsyncClient sqs;

    private final TestQueue config = new TestQueue("test-" + UUID.randomUUID(), 4);
    private final List<ReservationRequest> decided = new CopyOnWriteArrayList<>();
    private final List<ReservationRequest> givenUp = new CopyOnWriteArrayList<>();
    private final List<String> counted = new CopyOnWriteArrayList<>();

    /** What a test changes in giving a request up. */
    private volatile Function<ReservationRequest, Uni<Reservation>> giveUp = this::reject;

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
                this::hold,
                request -> giveUp.apply(request),
                () -> Uni.createFrom().voidItem(),
                counted::add);
    }

    @AfterEach
    void endTheConsumer() {
        consumer.stop().await().atMost(PATIENCE);
    }

    @Test
    void theRequestsOfADeadLetterAreGivenUpAndItIsGone() {
        // Given
        List<ReservationRequest> requests = List.of(request(), request());
        messages.sendDead(RequestMessage.write(requests, SIGNATURES));

        // When
        consumer.start();

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(givenUp).containsExactlyInAnyOrderElementsOf(requests));
        await().atMost(PATIENCE).untilAsserted(messages::assertNoneIsLeft);
        assertThat(counted).containsExactly("NOT_DECIDED", "NOT_DECIDED");
        assertThat(decided).isEmpty();
    }

    @Test
    void aDeadLetterWhoseRequestsCannotBeGivenUpNowComesAgain() {
        // Given
        AtomicBoolean failed = new AtomicBoolean();
        giveUp = request ->
                failed.compareAndSet(false, true) ? Uni.createFrom().failure(new Unavailable("away")) : reject(request);
        ReservationRequest request = request();
        messages.sendDead(RequestMessage.write(List.of(request), SIGNATURES));

        // When
        consumer.start();

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(givenUp).containsExactly(request));
        await().atMost(PATIENCE).untilAsserted(messages::assertNoneIsLeft);
    }

    @Test
    void whatCannotBeReadStaysInTheDeadLetterQueueAndIsNotReceivedAgainAndAgain() {
        // Given
        ReservationRequest readable = request();
        messages.sendDead("this is no request");
        messages.sendDead(RequestMessage.join(List.of("{}", RequestMessage.write(readable, SIGNATURES))));

        // When
        consumer.start();
        await().atMost(PATIENCE).until(() -> givenUp.contains(readable));

        // Then
        await().during(config.visibility().multipliedBy(2))
                .atMost(PATIENCE)
                .until(() -> messages.dead() == 2 && givenUp.size() == 1);
    }

    @Test
    void nothingIsWrittenDownForTheUserWhomAForgedRequestNames() {
        // Given
        ReservationRequest genuine = request();
        ReservationRequest named = request();
        String forged = RequestMessage.write(named, SIGNATURES).replace("\"quantity\":1", "\"quantity\":2");
        messages.sendDead(RequestMessage.join(List.of(forged, RequestMessage.write(genuine, SIGNATURES))));
        messages.sendDead(RequestMessage.join(List.of(forged)));

        // When
        consumer.start();
        await().atMost(PATIENCE).until(() -> givenUp.contains(genuine));

        // Then
        await().during(config.visibility().multipliedBy(2))
                .atMost(PATIENCE)
                .until(() -> messages.dead() == 2 && givenUp.size() == 1);
        assertThat(counted).containsExactly("NOT_DECIDED");
        assertThat(decided).isEmpty();
    }

    @Test
    void aDeadLetterDoesNotKeepTheQueueWaiting() {
        // Given
        giveUp = request -> Uni.createFrom().nothing();
        messages.sendDead(RequestMessage.write(List.of(request()), SIGNATURES));
        ReservationRequest request = request();
        messages.sendRaw(RequestMessage.write(List.of(request), SIGNATURES));

        // When
        consumer.start();

        // Then
        await().atMost(PATIENCE).until(() -> decided.contains(request));
    }

    private Uni<Reservation> hold(ReservationRequest request) {
        return Uni.createFrom().item(() -> {
            decided.add(request);
            return Samples.held(request, 0, Duration.ofMinutes(1));
        });
    }

    private Uni<Reservation> reject(ReservationRequest request) {
        return Uni.createFrom().item(() -> {
            givenUp.add(request);
            return Reservation.rejected(request, new Reservation.Rejection(Reservation.Reason.NOT_DECIDED, 0));
        });
    }

    private static ReservationRequest request() {
        return Samples.request(new Sku("console"), 1);
    }
}
