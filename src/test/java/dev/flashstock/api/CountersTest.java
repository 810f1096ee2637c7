package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertProblem;
import static dev.flashstock.api.Shop.anonymous;
import static dev.flashstock.api.Shop.as;
import static dev.flashstock.api.Shop.asOperator;
import static dev.flashstock.api.Shop.asServiceFor;
import static dev.flashstock.api.Shop.newProduct;
import static dev.flashstock.api.Shop.newSku;
import static dev.flashstock.api.Shop.newUser;
import static dev.flashstock.api.Shop.product;
import static dev.flashstock.api.Shop.productWith;
import static dev.flashstock.api.Shop.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Views and likes as they are asked for over HTTP. */
@QuarkusTest
class CountersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String VIEWS = "/products/{sku}/views";
    private static final String LIKES = "/products/{sku}/likes";
    private static final String MINE = "/products/{sku}/likes/mine";

    // Views

    @Test
    void everyViewIsInTheTotalSoonAfter() {
        // Given
        String sku = newProduct();

        // When
        IntStream.range(0, 5).forEach(i -> anonymous().post(VIEWS, sku).then().statusCode(204));

        // Then
        await().atMost(PATIENCE)
                .until(() -> anonymous().get(VIEWS, sku).jsonPath().getLong("views") == 5);
    }

    @Test
    void aTotalSaysHowOldItIsAndMayBeKept() {
        // Given
        String sku = newProduct();

        // When
        Response answer = anonymous().get(VIEWS, sku);

        // Then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.jsonPath().getString("sku")).isEqualTo(sku);
        assertThat(answer.jsonPath().getLong("views")).isZero();
        assertThat(Instant.parse(answer.jsonPath().getString("asOf"))).isBeforeOrEqualTo(Instant.now());
        assertThat(answer.header("Cache-Control")).isEqualTo("public, max-age=5");
        assertThat(answer.header("Age")).matches("\\d+");
    }

    // Likes

    @Test
    void likesAreSaidAnyNumberOfTimesAndCountOnce() {
        // Given
        String sku = newProduct();
        String user = newUser();

        // When
        as(user).put(LIKES, sku).then().statusCode(204);
        asServiceFor(user).put(LIKES, sku).then().statusCode(204);
        as(newUser()).put(LIKES, sku).then().statusCode(204);

        // Then
        assertThat(anonymous().get(LIKES, sku).jsonPath().getLong("likes")).isEqualTo(2);
        assertThat(liked(user, sku)).isTrue();
    }

    @Test
    void aLikeIsTakenBackAnyNumberOfTimes() {
        // Given
        String sku = newProduct();
        String user = newUser();
        as(user).put(LIKES, sku).then().statusCode(204);

        // When
        as(user).delete(LIKES, sku).then().statusCode(204);
        as(user).delete(LIKES, sku).then().statusCode(204);

        // Then
        assertThat(liked(user, sku)).isFalse();
        assertThat(anonymous().get(LIKES, sku).jsonPath().getLong("likes")).isZero();
    }

    @Test
    void whetherTheCallerLikesAProductIsNotKeptByCaches() {
        // Given
        String sku = newProduct();

        // When
        Response answer = as(newUser()).get(MINE, sku);

        // Then
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void aProductThatIsDeletedAndPutAgainHasItsLikesAgain() {
        // Given
        String sku = newProduct();
        String user = newUser();
        as(user).put(LIKES, sku).then().statusCode(204);

        // When
        put(sku, productWith("status", "ENDED")).then().statusCode(200);
        Shop.asAdmin().delete("/products/{sku}", sku).then().statusCode(204);
        Response gone = as(user).get(MINE, sku);
        put(sku, product()).then().statusCode(201);

        // Then
        assertProblem(gone, 404, "unknown-sku");
        assertThat(liked(user, sku)).isTrue();
        assertThat(anonymous().get(LIKES, sku).jsonPath().getLong("likes")).isOne();
    }

    private static boolean liked(String user, String sku) {
        return as(user).get(MINE, sku)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getBoolean("liked");
    }

    // Who may, and what is there

    @Test
    void nobodyLikesAnonymouslyOrAsAnOperator() {
        // Given
        String sku = newProduct();

        // When / Then
        assertProblem(anonymous().put(LIKES, sku), 401, "unauthenticated");
        assertProblem(anonymous().delete(LIKES, sku), 401, "unauthenticated");
        assertProblem(anonymous().get(MINE, sku), 401, "unauthenticated");
        assertProblem(asOperator().put(LIKES, sku), 403, "forbidden");
    }

    @ParameterizedTest
    @ValueSource(strings = {VIEWS, LIKES})
    void ofAnUnknownSkuNothingIsCounted(String path) {
        // Given
        String sku = newSku();

        // When / Then
        assertProblem(anonymous().get(path, sku), 404, "unknown-sku");
        assertProblem(anonymous().post(VIEWS, sku), 404, "unknown-sku");
        assertProblem(as(newUser()).put(LIKES, sku), 404, "unknown-sku");
        assertProblem(as(newUser()).delete(LIKES, sku), 404, "unknown-sku");
        assertProblem(as(newUser()).get(MINE, sku), 404, "unknown-sku");
    }

    @Test
    void whatIsNoSkuIsSaidToBeNone() {
        Problems.assertInvalid(anonymous().post(VIEWS, "-"), "sku", "Shape");
    }
}
