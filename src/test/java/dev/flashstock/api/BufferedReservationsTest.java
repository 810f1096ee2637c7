package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertProblem;
import static dev.flashstock.api.Shop.as;
import static dev.flashstock.api.Shop.asking;
import static dev.flashstock.api.Shop.available;
import static dev.flashstock.api.Shop.awaitOutcome;
import static dev.flashstock.api.Shop.confirm;
import static dev.flashstock.api.Shop.enqueue;
import static dev.flashstock.api.Shop.newKey;
import static dev.flashstock.api.Shop.newProductWithStock;
import static dev.flashstock.api.Shop.newUser;
import static dev.flashstock.api.Shop.productWith;
import static dev.flashstock.api.Shop.put;
import static dev.flashstock.api.Shop.release;
import static dev.flashstock.api.Shop.reserve;
import static dev.flashstock.api.Shop.together;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flashstock.inventory.ReservationIds;
import dev.flashstock.sqs.ReservationConsumer;
import dev.flashstock.sqs.Signatures;
import dev.flashstock.sqs.SqsConfig;
import dev.flashstock.sqs.TestMessages;
import dev.flashstock.stock.IdempotencyKey;
import dev.flashstock.stock.Quantity;
import dev.flashstock.stock.ReservationId;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.Message;

/** The buffered path: whoever does not wait is queued. */
@QuarkusTest
class BufferedReservationsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String user = newUser();

    @Inject
    Signatures signatures;

    @Inject
    ReservationConsumer consumer;

    @Inject
    MeterRegistry metrics;

    @Inject
    SqsAsyncClient sqs;

    @Inject
    SqsConfig config;

    @Inject
    ReservationIds ids;

    @Test
    void tracesAreOffUnlessTheyAreSwitchedOn() {
        // Given
        String sku = newProductWithStock(10);

        // When
        String message = whileTheQueueWaits(() -> {
            asking(user, newKey(), 1)
                    .header("traceparent", "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01")
                    .post(Shop.RESERVATIONS, sku);
            return messageAbout(sku);
        });

        // Then
        assertThat(message).doesNotContain("trace");
    }

    private String messageAbout(String sku) {
        String url =
                sqs.getQueueUrl(asked -> asked.queueName(config.queue())).join().queueUrl();
        return await().atMost(PATIENCE)
                .until(
                        () -> sqs
                                .receiveMessage(asked -> asked.queueUrl(url)
                                        .maxNumberOfMessages(10)
                                        .visibilityTimeout(0))
                                .join()
                                .messages()
                                .stream()
                                .map(Message::body)
                                .filter(it -> it.contains(sku))
                                .findFirst(),
                        Optional::isPresent)
                .get();
    }

    @Test
    void whoDoesNotWaitIsQueued() {
        // Given
        String sku = newProductWithStock(10);

        // When
        Response response = enqueue(user, sku, newKey(), 3);

        // Then
        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.header("Location"))
                .isEqualTo("/reservations/" + response.jsonPath().getString("id"));
        assertThat(response.header("Preference-Applied")).isNull();
        assertThat(response.jsonPath().<String, Object>getMap(""))
                .containsEntry("sku", sku)
                .containsEntry("quantity", 3)
                .containsEntry("user", user)
                .containsEntry("status", "QUEUED");
    }

    @Test
    void thatItIsNotWaitedForCanBeAskedFor() {
        // Given
        String sku = newProductWithStock(1);

        // When
        Response response =
                asking(user, newKey(), 1).header("Prefer", "respond-async").post("/products/{sku}/reservations", sku);

        // Then
        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.header("Preference-Applied")).isEqualTo("respond-async");
    }

    @Test
    void aQueuedRequestIsQueuedUntilItsTurnComes() {
        // Given
        String sku = newProductWithStock(10);

        // When
        Response waiting = whileTheQueueWaits(
                () -> as(user).get(enqueue(user, sku, newKey(), 3).header("Location")));

        // Then
        assertThat(waiting.statusCode()).isEqualTo(200);
        assertThat(waiting.jsonPath().<String, Object>getMap(""))
                .containsEntry("sku", sku)
                .containsEntry("status", "QUEUED");
    }

    @Test
    void aQueuedRequestBecomesAHoldAtItsLocation() {
        // Given
        String sku = newProductWithStock(10);
        String location = enqueue(user, sku, newKey(), 3).header("Location");

        // When
        Response response = awaitOutcome(user, location);

        // Then
        assertThat(response.jsonPath().<String, Object>getMap(""))
                .containsEntry("sku", sku)
                .containsEntry("quantity", 3)
                .containsEntry("user", user)
                .containsEntry("status", "HELD");
        assertThat(available(sku)).isEqualTo(7);
    }

    @Test
    void aQueuedRequestForMoreThanIsLeftIsRejected() {
        // Given
        String sku = newProductWithStock(2);
        String location = enqueue(user, sku, newKey(), 3).header("Location");

        // When
        Response response = awaitOutcome(user, location);

        // Then
        assertThat(response.jsonPath().<String, Object>getMap(""))
                .containsEntry("status", "REJECTED")
                .containsEntry("reason", "SOLD_OUT");
        assertThat(available(sku)).isEqualTo(2);
    }

    @Test
    void aQueuedRequestIsRejectedWhenTheSaleWasStoppedBeforeItsTurn() {
        // Given
        String sku = newProductWithStock(10);
        String location = whileTheQueueWaits(() -> {
            Response queued = enqueue(user, sku, newKey(), 3);
            put(sku, productWith("status", "ENDED"));
            return queued.header("Location");
        });

        // When
        Response response = awaitOutcome(user, location);

        // Then
        assertThat(response.jsonPath().<String, Object>getMap(""))
                .containsEntry("status", "REJECTED")
                .containsEntry("reason", "NOT_ON_SALE");
        assertThat(available(sku)).isEqualTo(10);
    }

    @Test
    void aQueuedRequestThatWasInTimeIsHeldAfterTheSalesEnd() {
        // Given
        String sku = newProductWithStock(10);
        String location = whileTheQueueWaits(() -> {
            Response queued = enqueue(user, sku, newKey(), 3);
            put(sku, productWith("endsAt", Instant.now().plusMillis(1).toString()));
            return queued.header("Location");
        });

        // When
        Response response = awaitOutcome(user, location);

        // Then
        assertThat(response.jsonPath().getString("status")).isEqualTo("HELD");
    }

    @Test
    void aRetryOnTheOtherPathFindsTheHold() {
        // Given
        String sku = newProductWithStock(10);
        String key = newKey();
        double turns = turnsThatEnded("HELD");

        // When
        Response direct = whileTheQueueWaits(() -> {
            enqueue(user, sku, key, 3);
            return reserve(user, sku, key, 3);
        });

        // Then
        assertThat(direct.statusCode()).isEqualTo(201);
        awaitTurnThatEnds("HELD", turns);
        assertThat(available(sku)).isEqualTo(7);
        assertThat(as(user).get(direct.header("Location")).asString()).isEqualTo(direct.asString());
    }

    @Test
    void bothPathsAtTheSameTimeGetOneHold() {
        // Given
        String sku = newProductWithStock(10);
        String key = newKey();

        // When
        List<Response> responses =
                together(8, i -> i % 2 == 0 ? reserve(user, sku, key, 3) : enqueue(user, sku, key, 3));

        // Then
        assertThat(responses).extracting(Response::statusCode).containsOnly(201, 202);
        assertThat(responses)
                .extracting(it -> it.header("Location"))
                .containsOnly(responses.get(0).header("Location"));
        assertThat(awaitOutcome(user, responses.get(0).header("Location"))
                        .jsonPath()
                        .getString("status"))
                .isEqualTo("HELD");
        assertThat(available(sku)).isEqualTo(7);
    }

    @Test
    void aQueuedRequestIsCalledOffForGood() {
        // Given
        String sku = newProductWithStock(10);
        double turns = turnsThatEnded("RELEASED");

        // When
        Response calledOff = whileTheQueueWaits(
                () -> release(user, enqueue(user, sku, newKey(), 3).header("Location")));

        // Then
        assertThat(calledOff.statusCode()).isEqualTo(200);
        assertThat(calledOff.jsonPath().getString("status")).isEqualTo("RELEASED");
        awaitTurnThatEnds("RELEASED", turns);
        assertThat(as(user).get("/reservations/" + calledOff.jsonPath().getString("id"))
                        .asString())
                .isEqualTo(calledOff.asString());
        assertThat(available(sku)).isEqualTo(10);
    }

    @Test
    void whatIsQueuedIsNotConfirmed() {
        // Given
        String sku = newProductWithStock(10);

        // When
        Response response = whileTheQueueWaits(
                () -> confirm(user, enqueue(user, sku, newKey(), 3).header("Location")));

        // Then
        assertProblem(response, 409, "wrong-state");
        assertThat(response.jsonPath().getString("reservationStatus")).isEqualTo("QUEUED");
    }

    @Test
    void ofTwoBodiesWithOneKeyTheFirstWinsAndShowsAtItsLocation() {
        // Given
        String sku = newProductWithStock(10);
        String key = newKey();
        String location = enqueue(user, sku, key, 3).header("Location");
        awaitOutcome(user, location);
        double turns = turnsThatEnded("HELD");

        // When
        Response another = enqueue(user, sku, key, 4);

        // Then
        assertThat(another.statusCode()).isEqualTo(202);
        assertThat(another.header("Location")).isEqualTo(location);
        awaitTurnThatEnds("HELD", turns);
        assertThat(as(user).get(location).jsonPath().<String, Object>getMap(""))
                .containsEntry("status", "HELD")
                .containsEntry("quantity", 3);
        assertThat(available(sku)).isEqualTo(7);
    }

    @Test
    void aRequestWhoseTurnComesTooLateIsRejected() {
        // Given
        String sku = newProductWithStock(10);
        String key = newKey();

        // When
        sendTo(config.queue(), sku, key, Instant.now().minus(Duration.ofHours(1)));

        // Then
        assertThat(awaitOutcome(user, location(sku, key)).jsonPath().<String, Object>getMap(""))
                .containsEntry("status", "REJECTED")
                .containsEntry("reason", "TOO_LATE");
        assertThat(available(sku)).isEqualTo(10);
        assertProblem(reserve(user, sku, key, 1), 409, "rejected");
    }

    @Test
    void aRequestThatCouldNotBeDecidedIsRejected() {
        // Given
        String sku = newProductWithStock(10);
        String key = newKey();
        double before = turnsThatEnded("NOT_DECIDED");

        // When
        sendTo(config.deadLetterQueue(), sku, key, Instant.now());

        // Then
        assertThat(awaitOutcome(user, location(sku, key)).jsonPath().<String, Object>getMap(""))
                .containsEntry("status", "REJECTED")
                .containsEntry("reason", "NOT_DECIDED");
        awaitTurnThatEnds("NOT_DECIDED", before);
        assertThat(available(sku)).isEqualTo(10);
        assertProblem(reserve(user, sku, key, 1), 409, "rejected");
    }

    @Test
    void howManyRequestsAMessageHasIsMeasured() {
        // Given
        String sku = newProductWithStock(64);
        long messages = packed().count();
        double requests = packed().totalAmount();

        // When
        List<Response> responses = together(64, i -> enqueue(newUser(), sku, newKey(), 1));

        // Then
        assertThat(responses).extracting(Response::statusCode).containsOnly(202);
        assertThat(packed().totalAmount() - requests).isEqualTo(64);
        assertThat(packed().count() - messages).isBetween(1L, 64L);
        await().atMost(PATIENCE).until(() -> available(sku) == 0);
    }

    private DistributionSummary packed() {
        return metrics.summary("flashstock.queue.message.requests");
    }

    /** A message as a process sends it; the request is for one unit. */
    private void sendTo(String queue, String sku, String key, Instant requestedAt) {
        ReservationRequest request =
                new ReservationRequest(id(sku, key), new UserId(user), new Quantity(1), requestedAt);
        String body = TestMessages.signed(request, signatures);
        String url = sqs.getQueueUrl(asked -> asked.queueName(queue)).join().queueUrl();
        sqs.sendMessage(message -> message.queueUrl(url).messageBody(body)).join();
    }

    private String location(String sku, String key) {
        return "/reservations/" + ids.seal(new UserId(user), id(sku, key));
    }

    private static ReservationId id(String sku, String key) {
        return ReservationId.of(new Sku(sku), new IdempotencyKey(key));
    }

    /** Does something while no request's turn comes. */
    private <T> T whileTheQueueWaits(Supplier<T> action) {
        consumer.stop().await().atMost(PATIENCE);
        try {
            return action.get();
        } finally {
            consumer.start();
        }
    }

    private double turnsThatEnded(String outcome) {
        return metrics.counter("flashstock.queued.requests", "outcome", outcome).count();
    }

    private void awaitTurnThatEnds(String outcome, double before) {
        await().atMost(PATIENCE).until(() -> turnsThatEnded(outcome) > before);
    }
}
