package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertProblem;
import static dev.flashstock.api.Shop.as;
import static dev.flashstock.api.Shop.available;
import static dev.flashstock.api.Shop.awaitOutcome;
import static dev.flashstock.api.Shop.confirm;
import static dev.flashstock.api.Shop.enqueue;
import static dev.flashstock.api.Shop.hold;
import static dev.flashstock.api.Shop.newKey;
import static dev.flashstock.api.Shop.newProduct;
import static dev.flashstock.api.Shop.newProductWithStock;
import static dev.flashstock.api.Shop.newSku;
import static dev.flashstock.api.Shop.newUser;
import static dev.flashstock.api.Shop.productWith;
import static dev.flashstock.api.Shop.put;
import static dev.flashstock.api.Shop.release;
import static dev.flashstock.api.Shop.reserve;
import static dev.flashstock.api.Shop.shards;
import static dev.flashstock.api.Shop.together;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.flashstock.sqs.ReservationConsumer;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@QuarkusTest
class ReservationsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String user = newUser();

    @Inject
    ReservationConsumer consumer;

    @Inject
    MeterRegistry metrics;

    // The direct path

    @Test
    void whoWaitsHoldsTheUnits() {
        // Given
        String sku = newProductWithStock(10);

        // When
        Response response = reserve(user, sku, 3);

        // Then
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.header("Location"))
                .isEqualTo("/reservations/" + response.jsonPath().getString("id"));
        assertThat(response.header("Preference-Applied")).isEqualTo("wait=10");
        assertThat(response.jsonPath().<String, Object>getMap(""))
                .containsEntry("sku", sku)
                .containsEntry("quantity", 3)
                .containsEntry("user", user)
                .containsEntry("status", "HELD");
        assertThat(available(sku)).isEqualTo(7);
    }

    @Test
    void unitsAreHeldForTheProductsHoldTime() {
        // Given
        String sku = newProduct(productWith("holdSeconds", 90));
        Shop.adjust(sku, 1);

        // When
        Response response = reserve(user, sku, 1);

        // Then
        assertThat(instant(response, "expiresAt"))
                .isCloseTo(instant(response, "createdAt").plusSeconds(90), within(10, ChronoUnit.SECONDS));
    }

    @Test
    void aHoldIsFoundAtItsLocation() {
        // Given
        Response held = reserve(user, newProductWithStock(10), 3);

        // When
        Response response = as(user).get(held.header("Location"));

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.asString()).isEqualTo(held.asString());
    }

    @ParameterizedTest
    @CsvSource({"wait=2, wait=2", "wait=100, wait=10", "'foo=1, wait=\"3\"', wait=3"})
    void theWaitThatIsHonouredIsTold(String prefer, String applied) {
        // Given
        String sku = newProductWithStock(1);

        // When
        Response response = asking(newKey(), 1).header("Prefer", prefer).post("/products/{sku}/reservations", sku);

        // Then
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.header("Preference-Applied")).isEqualTo(applied);
    }

    @Test
    void aRetryFindsItsHold() {
        // Given
        String sku = newProductWithStock(10);
        String key = newKey();
        String first = reserve(user, sku, key, 3).asString();

        // When
        Response retry = reserve(user, sku, key, 3);

        // Then
        assertThat(retry.statusCode()).isEqualTo(201);
        assertThat(retry.asString()).isEqualTo(first);
        assertThat(available(sku)).isEqualTo(7);
    }

    @Test
    void retriesAtTheSameTimeGetOneHold() {
        // Given
        String sku = newProductWithStock(10);
        String key = newKey();

        // When
        List<Response> responses = together(8, i -> reserve(user, sku, key, 3));

        // Then
        assertThat(responses).extracting(Response::statusCode).containsOnly(201);
        assertThat(responses)
                .extracting(Response::asString)
                .containsOnly(responses.get(0).asString());
        assertThat(available(sku)).isEqualTo(7);
    }

    @Test
    void aKeyIsNotTakenForAnotherQuantity() {
        // Given
        String sku = newProductWithStock(10);
        String key = newKey();
        reserve(user, sku, key, 3);

        // When
        Response response = reserve(user, sku, key, 4);

        // Then
        assertProblem(response, 422, "key-reused");
        assertThat(available(sku)).isEqualTo(7);
    }

    @Test
    void theSameKeyMeansSomethingElseForAnotherUser() {
        // Given
        String sku = newProductWithStock(10);
        String key = newKey();
        reserve(newUser(), sku, key, 3);

        // When
        Response response = reserve(user, sku, key, 4);

        // Then
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(available(sku)).isEqualTo(3);
    }

    @Test
    void anUnknownProductIsNotReserved() {
        // When
        Response response = reserve(user, newSku(), 1);

        // Then
        assertProblem(response, 404, "unknown-sku");
    }

    // The last units

    @Test
    void moreThanIsLeftIsSoldOut() {
        // Given
        String sku = newProductWithStock(5);

        // When
        Response response = reserve(user, sku, 6);

        // Then
        assertProblem(response, 409, "sold-out");
        assertThat(response.jsonPath().getLong("available")).isEqualTo(5);
        assertThat(available(sku)).isEqualTo(5);
    }

    @Test
    void aRetryOfWhatWasSoldOutIsSoldOut() {
        // Given
        String sku = newProduct();
        String key = newKey();
        reserve(user, sku, key, 1);

        // When
        Response response = reserve(user, sku, key, 1);

        // Then
        assertProblem(response, 409, "sold-out");
        assertThat(response.jsonPath().getLong("available")).isZero();
    }

    @Test
    void aQuantityThatNoShardHasIsServedFromSeveral() {
        // Given
        String sku = newProductWithStock(30, 10);

        // When
        Response response = reserve(user, sku, 25);

        // Then
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.jsonPath().getInt("quantity")).isEqualTo(25);
        assertThat(shards(sku)).allMatch(units -> units >= 0 && units <= 3);
        assertThat(available(sku)).isEqualTo(5);
    }

    @Test
    void aHoldFromSeveralShardsIsGivenBackWhole() {
        // Given
        String sku = newProductWithStock(30, 10);
        String location = hold(user, sku, 25);

        // When
        release(user, location);

        // Then
        assertThat(available(sku)).isEqualTo(30);
    }

    @Test
    void theOnlyUnitIsFoundOnWhicheverShardItIs() {
        // Given
        String sku = newProductWithStock(1, 100);

        // When
        Response response = reserve(user, sku, 1);

        // Then
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(shards(sku)).isEqualTo(Collections.nCopies(100, 0));
    }

    @Test
    void aCrowdBuysExactlyWhatThereIs() {
        // Given
        String sku = newProductWithStock(40);

        // When
        List<Response> responses = together(44, i -> reserve(newUser(), sku, 1));

        // Then
        assertThat(responses)
                .extracting(Response::statusCode)
                .containsOnly(201, 409)
                .satisfies(statuses ->
                        assertThat(Collections.frequency(statuses, 201)).isEqualTo(40));
        assertThat(responses)
                .filteredOn(it -> it.statusCode() == 409)
                .allSatisfy(it -> assertProblem(it, 409, "sold-out"));
        assertThat(shards(sku)).isEqualTo(Collections.nCopies(10, 0));
    }

    @Test
    void aCrowdOfExactlyTheStockIsServedToTheLastUnit() {
        // Given
        String sku = newProductWithStock(40);

        // When
        List<Response> responses = together(40, i -> reserve(newUser(), sku, 1));

        // Then
        assertThat(responses).extracting(Response::statusCode).containsOnly(201);
        assertThat(available(sku)).isZero();
        assertProblem(reserve(user, sku, 1), 409, "sold-out");
    }

    // The buffered path

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
                asking(newKey(), 1).header("Prefer", "respond-async").post("/products/{sku}/reservations", sku);

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

    // Release

    @Test
    void aReleaseGivesTheUnitsBack() {
        // Given
        String sku = newProductWithStock(10);
        String location = hold(user, sku, 3);

        // When
        Response response = release(user, location);

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.jsonPath().getString("status")).isEqualTo("RELEASED");
        assertThat(available(sku)).isEqualTo(10);
        assertThat(as(user).get(location).asString()).isEqualTo(response.asString());
    }

    @Test
    void aSecondReleaseChangesNothing() {
        // Given
        String sku = newProductWithStock(10);
        String location = hold(user, sku, 3);
        String first = release(user, location).asString();

        // When
        Response response = release(user, location);

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.asString()).isEqualTo(first);
        assertThat(available(sku)).isEqualTo(10);
    }

    @Test
    void releasesAtTheSameTimeGiveTheUnitsBackOnce() {
        // Given
        String sku = newProductWithStock(10);
        String location = hold(user, sku, 3);

        // When
        List<Response> responses = together(8, i -> release(user, location));

        // Then
        assertThat(responses).extracting(Response::statusCode).containsOnly(200);
        assertThat(available(sku)).isEqualTo(10);
    }

    @Test
    void releasedUnitsAreSoldAgain() {
        // Given
        String sku = newProductWithStock(3);
        release(user, hold(user, sku, 3));

        // When
        Response response = reserve(newUser(), sku, 3);

        // Then
        assertThat(response.statusCode()).isEqualTo(201);
    }

    @Test
    void aReleasedReservationIsNotHeldAgainByARetry() {
        // Given
        String sku = newProductWithStock(10);
        String key = newKey();
        release(user, reserve(user, sku, key, 3).header("Location"));

        // When
        Response response = reserve(user, sku, key, 3);

        // Then
        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(response.jsonPath().getString("type")).isEqualTo("https://flashstock.dev/problems/wrong-state");
        assertThat(response.jsonPath().getString("reservationStatus")).isEqualTo("RELEASED");
        assertThat(available(sku)).isEqualTo(10);
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

    // Confirmation

    @Test
    void aConfirmedHoldIsSold() {
        // Given
        String sku = newProductWithStock(10);
        String location = hold(user, sku, 3);

        // When
        Response response = confirm(user, location);

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.jsonPath().getString("status")).isEqualTo("CONFIRMED");
        assertThat(as(user).get(location).asString()).isEqualTo(response.asString());
        assertThat(available(sku)).isEqualTo(7);
    }

    @Test
    void aSecondConfirmationChangesNothing() {
        // Given
        String sku = newProductWithStock(10);
        String location = hold(user, sku, 3);
        String first = confirm(user, location).asString();

        // When
        Response response = confirm(user, location);

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.asString()).isEqualTo(first);
        assertThat(available(sku)).isEqualTo(7);
    }

    @Test
    void whatIsSoldIsNotReleased() {
        // Given
        String sku = newProductWithStock(10);
        String location = hold(user, sku, 3);
        confirm(user, location);

        // When
        Response response = release(user, location);

        // Then
        assertProblem(response, 409, "wrong-state");
        assertThat(response.jsonPath().getString("reservationStatus")).isEqualTo("CONFIRMED");
        assertThat(available(sku)).isEqualTo(7);
    }

    @Test
    void whatIsReleasedIsNotConfirmed() {
        // Given
        String sku = newProductWithStock(10);
        String location = hold(user, sku, 3);
        release(user, location);

        // When
        Response response = confirm(user, location);

        // Then
        assertProblem(response, 409, "wrong-state");
        assertThat(response.jsonPath().getString("reservationStatus")).isEqualTo("RELEASED");
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
    void ofReleaseAndConfirmationAtTheSameTimeOneWins() {
        // Given
        String sku = newProductWithStock(10);
        String location = hold(user, sku, 3);

        // When
        List<Response> responses = together(8, i -> i % 2 == 0 ? release(user, location) : confirm(user, location));

        // Then
        String winner = as(user).get(location).jsonPath().getString("status");
        assertThat(winner).isIn("RELEASED", "CONFIRMED");
        assertThat(responses)
                .filteredOn(it -> it.statusCode() == 200)
                .hasSize(4)
                .extracting(it -> it.jsonPath().getString("status"))
                .containsOnly(winner);
        assertThat(available(sku)).isEqualTo("RELEASED".equals(winner) ? 10 : 7);
    }

    // Whose

    /** What can be done to a reservation. */
    enum Act {
        READ,
        RELEASE,
        CONFIRM;

        Response by(String user, String location) {
            return switch (this) {
                case READ -> as(user).get(location);
                case RELEASE -> release(user, location);
                case CONFIRM -> confirm(user, location);
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void anotherUsersReservationIsNotThere(Act act) {
        // Given
        String sku = newProductWithStock(10);
        String location = hold(user, sku, 3);

        // When
        Response response = act.by(newUser(), location);

        // Then
        assertProblem(response, 404, "unknown-reservation");
        assertThat(as(user).get(location).jsonPath().getString("status")).isEqualTo("HELD");
    }

    @ParameterizedTest
    @EnumSource
    void aMadeUpIdIsNotThere(Act act) {
        // Given
        String location = "/reservations/" + newProductWithStock(10) + ".AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAA";

        // When
        Response response = act.by(user, location);

        // Then
        assertProblem(response, 404, "unknown-reservation");
    }

    @Test
    void anIdOfAnotherProductIsNotThere() {
        // Given
        String sku = newProductWithStock(10);
        String location = hold(user, sku, 3);

        // When
        Response response = as(user).get(location.replace(sku, newProductWithStock(10)));

        // Then
        assertProblem(response, 404, "unknown-reservation");
    }

    @Test
    void aUserListsItsOwnReservationsPageByPage() {
        // Given
        String sku = newProductWithStock(20);
        List<String> ids = IntStream.range(0, 5)
                .mapToObj(i -> reserve(user, sku, 1).jsonPath().getString("id"))
                .sorted()
                .toList();
        hold(newUser(), sku, 1);

        // When
        List<JsonPath> pages = pages(2);

        // Then
        assertThat(pages).extracting(page -> page.getList("items").size()).containsExactly(2, 2, 1);
        assertThat(pages)
                .flatExtracting(page -> page.getList("items.id", String.class))
                .isEqualTo(ids);
    }

    @Test
    void aListShowsWhatItsReservationsAre() {
        // Given
        Response held = reserve(user, newProductWithStock(10), 3);

        // When
        Response response = as(user).get("/reservations");

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.jsonPath().<Map<String, Object>>getList("items"))
                .containsExactly(held.jsonPath().getMap(""));
        assertThat(response.jsonPath().getString("next")).isNull();
    }

    @Test
    void whoHasNoReservationsHasAnEmptyList() {
        // When
        Response response = as(user).get("/reservations");

        // Then
        assertThat(response.asString()).isEqualTo("{\"items\":[],\"next\":null}");
    }

    // What is not on sale

    @ParameterizedTest
    @CsvSource({"DRAFT, true", "PAUSED, true", "ENDED, true", "PAUSED, false"})
    void aProductOfAnotherStatusIsNotSold(String status, boolean waits) {
        // Given
        String sku = newProduct(productWith("status", status));
        Shop.adjust(sku, 10);

        // When
        Response response = ask(sku, waits);

        // Then
        assertProblem(response, 409, "not-on-sale");
        assertThat(response.jsonPath().getString("productStatus")).isEqualTo(status);
        assertThat(available(sku)).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void nothingIsSoldBeforeTheSale(boolean waits) {
        // Given
        String startsAt = Instant.now()
                .plus(1, ChronoUnit.HOURS)
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
        String sku = newProduct(productWith("startsAt", startsAt));
        Shop.adjust(sku, 10);

        // When
        Response response = ask(sku, waits);

        // Then
        assertProblem(response, 409, "sale-not-started");
        assertThat(response.jsonPath().getString("startsAt")).isEqualTo(startsAt);
        assertThat(available(sku)).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void nothingIsSoldAfterTheSale(boolean waits) {
        // Given
        String endsAt = Instant.now()
                .minus(1, ChronoUnit.SECONDS)
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
        String sku = newProduct(productWith("endsAt", endsAt));
        Shop.adjust(sku, 10);

        // When
        Response response = ask(sku, waits);

        // Then
        assertProblem(response, 409, "sale-ended");
        assertThat(response.jsonPath().getString("endsAt")).isEqualTo(endsAt);
        assertThat(available(sku)).isEqualTo(10);
    }

    @Test
    void insideItsWindowAProductIsSold() {
        // Given
        Map<String, Object> product =
                productWith("startsAt", Instant.now().minusSeconds(60).toString());
        product.put("endsAt", Instant.now().plusSeconds(600).toString());
        String sku = newProduct(product);
        Shop.adjust(sku, 10);

        // When
        Response response = ask(sku, true);

        // Then
        assertThat(response.statusCode()).isEqualTo(201);
    }

    @ParameterizedTest
    @CsvSource({"status, ENDED", "endsAt, 2026-01-01T00:00:00Z"})
    void aRetryFindsItsHoldAfterTheSale(String field, String value) {
        // Given
        String sku = newProductWithStock(10);
        String key = newKey();
        String first = reserve(user, sku, key, 3).asString();
        put(sku, productWith(field, value));

        // When
        Response retry = reserve(user, sku, key, 3);

        // Then
        assertThat(retry.statusCode()).isEqualTo(201);
        assertThat(retry.asString()).isEqualTo(first);
    }

    private Response ask(String sku, boolean waits) {
        return waits ? reserve(user, sku, 1) : enqueue(user, sku, newKey(), 1);
    }

    private RequestSpecification asking(String key, int quantity) {
        return as(user).header("Idempotency-Key", key).body(Map.of("quantity", quantity));
    }

    private List<JsonPath> pages(int limit) {
        List<JsonPath> pages = new ArrayList<>();
        String cursor = null;
        do {
            RequestSpecification reader = as(user).queryParam("limit", limit);
            JsonPath page = (cursor == null ? reader : reader.queryParam("cursor", cursor))
                    .get("/reservations")
                    .jsonPath();
            pages.add(page);
            cursor = page.getString("next");
        } while (cursor != null);
        return pages;
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

    private static Instant instant(Response response, String field) {
        return Instant.parse(response.jsonPath().getString(field));
    }
}
