package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertProblem;
import static dev.flashstock.api.Shop.as;
import static dev.flashstock.api.Shop.available;
import static dev.flashstock.api.Shop.awaitOutcome;
import static dev.flashstock.api.Shop.buy;
import static dev.flashstock.api.Shop.enqueue;
import static dev.flashstock.api.Shop.get;
import static dev.flashstock.api.Shop.hold;
import static dev.flashstock.api.Shop.newKey;
import static dev.flashstock.api.Shop.newProduct;
import static dev.flashstock.api.Shop.newProductWithStock;
import static dev.flashstock.api.Shop.newUser;
import static dev.flashstock.api.Shop.product;
import static dev.flashstock.api.Shop.productWith;
import static dev.flashstock.api.Shop.put;
import static dev.flashstock.api.Shop.release;
import static dev.flashstock.api.Shop.reserve;
import static dev.flashstock.api.Shop.together;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** At most so many each. */
@QuarkusTest
class PerUserLimitTest {
    private final String user = newUser();

    @Inject
    Expiring expiring;

    @Inject
    MeterRegistry metrics;

    // Holding

    @Test
    void oneMoreThanTheLimitIsRefused() {
        // Given
        String sku = limited(2);
        hold(user, sku, 1);
        hold(user, sku, 1);

        // When
        Response response = reserve(user, sku, 1);

        // Then
        assertOverLimit(response, sku, 0);
        assertThat(available(sku)).isEqualTo(18);
    }

    @Test
    void theRefusalSaysHowManyTheUserMayStillHave() {
        // Given
        String sku = limited(3);
        hold(user, sku, 1);

        // When
        Response tooMany = reserve(user, sku, 3);
        Response asMany = reserve(user, sku, 2);

        // Then
        assertOverLimit(tooMany, sku, 2);
        assertThat(asMany.statusCode()).isEqualTo(201);
        assertThat(available(sku)).isEqualTo(17);
    }

    @Test
    void everyUserHasALimitOfItsOwn() {
        // Given
        String sku = limited(2);
        hold(user, sku, 2);

        // When
        Response response = reserve(newUser(), sku, 2);

        // Then
        assertThat(response.statusCode()).isEqualTo(201);
    }

    @Test
    void everyProductHasALimitOfItsOwn() {
        // Given
        hold(user, limited(2), 2);

        // When
        Response response = reserve(user, limited(2), 2);

        // Then
        assertThat(response.statusCode()).isEqualTo(201);
    }

    @Test
    void moreThanTheLimitIsRefusedAtOnceAndNoMessageIsSent() {
        // Given
        String sku = limited(2);
        double sent = requestsSent();

        // When
        Response waiting = reserve(user, sku, 3);
        Response notWaiting = enqueue(user, sku, newKey(), 3);

        // Then
        assertOverLimit(waiting, sku, 2);
        assertOverLimit(notWaiting, sku, 2);
        assertThat(requestsSent()).isEqualTo(sent);
        assertThat(as(user).get("/reservations").jsonPath().getList("items")).isEmpty();
    }

    private double requestsSent() {
        return metrics.get("flashstock.queue.message.requests").summary().totalAmount();
    }

    @Test
    void aQueuedRequestOverTheLimitIsRejectedWhenItsTurnComes() {
        // Given
        String sku = limited(2);
        hold(user, sku, 2);

        // When
        Response accepted = enqueue(user, sku, newKey(), 1);
        Response outcome = awaitOutcome(user, accepted.header("Location"));

        // Then
        assertThat(accepted.statusCode()).isEqualTo(202);
        assertThat(outcome.jsonPath().getString("status")).isEqualTo("REJECTED");
        assertThat(outcome.jsonPath().getString("reason")).isEqualTo("OVER_LIMIT");
        assertThat(available(sku)).isEqualTo(18);
    }

    @Test
    void aRefusalIsFinalForItsKey() {
        // Given
        String sku = limited(2);
        String key = newKey();
        String location = hold(user, sku, 2);
        reserve(user, sku, key, 1);
        release(user, location);

        // When
        Response sameKey = reserve(user, sku, key, 1);
        Response newKey = reserve(user, sku, 1);

        // Then
        assertOverLimit(sameKey, sku, 0);
        assertThat(newKey.statusCode()).isEqualTo(201);
    }

    @Test
    void aRetryOfAHoldThatIsAtTheLimitFindsTheHold() {
        // Given
        String sku = limited(2);
        String key = newKey();
        String held = reserve(user, sku, key, 2).asString();

        // When
        Response direct = reserve(user, sku, key, 2);
        Response queued = enqueue(user, sku, key, 2);

        // Then
        assertThat(direct.statusCode()).isEqualTo(201);
        assertThat(direct.asString()).isEqualTo(held);
        assertThat(awaitOutcome(user, queued.header("Location")).asString()).isEqualTo(held);
        assertThat(available(sku)).isEqualTo(18);
    }

    // What counts

    @Test
    void whatIsReleasedNoLongerCounts() {
        // Given
        String sku = limited(2);
        release(user, hold(user, sku, 2));

        // When
        Response response = reserve(user, sku, 2);

        // Then
        assertThat(response.statusCode()).isEqualTo(201);
    }

    @Test
    void whatHasExpiredNoLongerCounts() {
        // Given
        String sku = limited(2);
        expiring.expire(user, hold(user, sku, 2));

        // When
        Response response = reserve(user, sku, 2);

        // Then
        assertThat(response.statusCode()).isEqualTo(201);
    }

    @Test
    void whatIsSoldCounts() {
        // Given
        String sku = limited(2);
        buy(user, sku, 2);

        // When
        Response response = reserve(user, sku, 1);

        // Then
        assertOverLimit(response, sku, 0);
    }

    /** Who has bought all that he may and brings it back has had his share. */
    @Test
    void whatWasSoldCountsAlsoWhenItHasComeBack() {
        // Given
        String sku = limited(2);
        Shop.takeBack(sku, 2, user, buy(user, sku, 2)).then().statusCode(201);

        // When
        Response response = reserve(user, sku, 1);

        // Then
        assertOverLimit(response, sku, 0);
    }

    // Side by side

    @Test
    void atTheSameTimeAUserGetsNoMoreThanTheLimit() {
        // Given
        String sku = limited(3);

        // When
        List<Response> responses = together(12, i -> reserve(user, sku, 1));

        // Then
        responses.stream()
                .filter(it -> it.statusCode() == 202) // could not be decided in time
                .forEach(it -> awaitOutcome(user, it.header("Location")));
        List<String> statuses = as(user).get("/reservations").jsonPath().getList("items.status", String.class);
        assertThat(statuses).filteredOn("HELD"::equals).hasSize(3);
        assertThat(statuses).filteredOn("REJECTED"::equals).hasSize(9);
        assertThat(available(sku)).isEqualTo(17);
    }

    @Test
    void onBothPathsAtTheSameTimeAUserGetsNoMoreThanTheLimit() {
        // Given
        String sku = limited(3);

        // When
        List<Response> responses =
                together(12, i -> i % 2 == 0 ? reserve(user, sku, 1) : enqueue(user, sku, newKey(), 1));

        // Then
        responses.stream()
                .filter(it -> it.statusCode() == 202)
                .forEach(it -> awaitOutcome(user, it.header("Location")));
        List<String> statuses = as(user).get("/reservations").jsonPath().getList("items.status", String.class);
        assertThat(statuses).filteredOn("HELD"::equals).hasSize(3);
        assertThat(available(sku)).isEqualTo(17);
    }

    @Test
    void aUserWhoReleasesAndAsksAtTheSameTimeNeverHasMoreThanTheLimit() {
        // Given
        String sku = limited(2);
        List<String> held = List.of(hold(user, sku, 1), hold(user, sku, 1));

        // When
        together(8, i -> i < 2 ? release(user, held.get(i)) : reserve(user, sku, 1));

        // Then
        long now = as(user).get("/reservations").jsonPath().getList("items.status", String.class).stream()
                .filter("HELD"::equals)
                .count();
        assertThat(now).isLessThanOrEqualTo(2);
        assertThat(available(sku)).isEqualTo(20 - now);
    }

    // The product

    @Test
    void aProductShowsItsLimit() {
        // Given
        String sku = limited(2);

        // When
        Response response = get(sku);

        // Then
        assertThat(response.jsonPath().getInt("perUserLimit")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10_000})
    void theLowestAndTheHighestLimitAreAccepted(int limit) {
        // When
        Response response = get(newProduct(productWith("perUserLimit", limit)));

        // Then
        assertThat(response.jsonPath().getInt("perUserLimit")).isEqualTo(limit);
    }

    @Test
    void aLimitThatIsRaisedMakesRoom() {
        // Given
        String sku = limited(2);
        hold(user, sku, 2);
        put(sku, productWith("perUserLimit", 3)).then().statusCode(200);

        // When
        Response two = reserve(user, sku, 2);
        Response one = reserve(user, sku, 1);

        // Then
        assertOverLimit(two, sku, 1);
        assertThat(one.statusCode()).isEqualTo(201);
    }

    @Test
    void aLimitThatIsLoweredTakesNothingBack() {
        // Given
        String sku = limited(3);
        String key = newKey();
        String location = reserve(user, sku, key, 3).header("Location");
        put(sku, productWith("perUserLimit", 1)).then().statusCode(200);

        // When
        Response more = reserve(user, sku, 1);
        Response retry = reserve(user, sku, key, 3);

        // Then
        assertOverLimit(more, sku, 0);
        assertThat(retry.statusCode()).isEqualTo(201);
        assertThat(as(user).get(location).jsonPath().getString("status")).isEqualTo("HELD");
    }

    @Test
    void withoutALimitAUserHasAsManyAsThereAre() {
        // Given
        String sku = limited(2);
        hold(user, sku, 2);
        put(sku, product()).then().statusCode(200);

        // When
        Response response = reserve(user, sku, 18);

        // Then
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(get(sku).jsonPath().getString("perUserLimit")).isNull();
    }

    @Test
    void whatWasTakenWithoutALimitDoesNotCount() {
        // Given
        String sku = newProductWithStock(20, 4);
        hold(user, sku, 5);
        put(sku, productWith("perUserLimit", 2)).then().statusCode(200);

        // When
        Response asMany = reserve(user, sku, 2);
        Response more = reserve(user, sku, 1);

        // Then
        assertThat(asMany.statusCode()).isEqualTo(201);
        assertOverLimit(more, sku, 0);
    }

    private static void assertOverLimit(Response response, String sku, long available) {
        assertProblem(response, 409, "over-limit");
        assertThat(response.jsonPath().getString("sku")).isEqualTo(sku);
        assertThat(response.jsonPath().getLong("available")).isEqualTo(available);
    }

    /** A product with 20 units on 4 shards. */
    private static String limited(int limit) {
        var product = productWith("perUserLimit", limit);
        product.put("shards", 4);
        String sku = newProduct(product);
        Shop.adjust(sku, 20).then().statusCode(201);
        return sku;
    }
}
