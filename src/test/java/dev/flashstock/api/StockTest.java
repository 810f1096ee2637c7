package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertInvalid;
import static dev.flashstock.api.Problems.assertProblem;
import static dev.flashstock.api.Shop.adjust;
import static dev.flashstock.api.Shop.anonymous;
import static dev.flashstock.api.Shop.available;
import static dev.flashstock.api.Shop.hold;
import static dev.flashstock.api.Shop.newKey;
import static dev.flashstock.api.Shop.newProduct;
import static dev.flashstock.api.Shop.newProductWithStock;
import static dev.flashstock.api.Shop.newSku;
import static dev.flashstock.api.Shop.newUser;
import static dev.flashstock.api.Shop.productWith;
import static dev.flashstock.api.Shop.shards;
import static dev.flashstock.api.Shop.stock;
import static dev.flashstock.api.Shop.together;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class StockTest {
    @Test
    void aDeliveryIsRecorded() {
        // Given
        String sku = newProduct();

        // When
        Response response = adjust(sku, 700);

        // Then
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.jsonPath().<String, Object>getMap(""))
                .containsEntry("sku", sku)
                .containsEntry("delta", 700)
                .containsEntry("reason", "DELIVERY")
                .hasEntrySatisfying(
                        "id",
                        id -> assertThat(id)
                                .asInstanceOf(InstanceOfAssertFactories.STRING)
                                .isNotBlank());
    }

    @Test
    void aDeliveryIsSpreadOverAllShards() {
        // Given
        String sku = newProduct(productWith("shards", 10));

        // When
        adjust(sku, 700);

        // Then
        assertThat(shards(sku)).isEqualTo(Collections.nCopies(10, 70));
        assertThat(available(sku)).isEqualTo(700);
    }

    @Test
    void aSmallDeliveryGoesToTheEmptiestShard() {
        // Given
        String sku = newProductWithStock(30, 3);
        hold(newUser(), sku, 10);
        int empty = shards(sku).indexOf(0);

        // When
        adjust(sku, 6);

        // Then
        assertThat(shards(sku))
                .containsExactlyInAnyOrder(6, 10, 10)
                .element(empty)
                .isEqualTo(6);
    }

    @Test
    void moreShardsThanATransactionHasRoomForAreFilledByTwoDeliveries() {
        // Given
        String sku = newProductWithStock(970, 120);

        // When
        adjust(sku, 230);

        // Then
        assertThat(shards(sku)).isEqualTo(Collections.nCopies(120, 10));
        assertThat(available(sku)).isEqualTo(1200);
    }

    @Test
    void whatGoesOutIsCollectedEvenly() {
        // Given
        String sku = newProductWithStock(30, 3);

        // When
        Response response = adjust(sku, -9);

        // Then
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(shards(sku)).containsExactly(7, 7, 7);
    }

    @Test
    void whatGoesOutIsCollectedFromTheFullest() {
        // Given
        String sku = newProductWithStock(30, 3);
        hold(newUser(), sku, 10);

        // When
        adjust(sku, -4);

        // Then
        assertThat(shards(sku)).containsExactlyInAnyOrder(0, 8, 8);
    }

    @Test
    void everythingCanGoOut() {
        // Given
        String sku = newProductWithStock(31, 3);

        // When
        Response response = adjust(sku, -31);

        // Then
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(shards(sku)).containsExactly(0, 0, 0);
    }

    @Test
    void moreThanThereIsCannotGoOut() {
        // Given
        String sku = newProductWithStock(30, 3);

        // When
        Response response = adjust(sku, -31);

        // Then
        assertProblem(response, 409, "not-enough-stock");
        assertThat(response.jsonPath().getLong("available")).isEqualTo(30);
        assertThat(shards(sku)).containsExactly(10, 10, 10);
    }

    @Test
    void unitsThatAreHeldCannotGoOut() {
        // Given
        String sku = newProductWithStock(30, 3);
        hold(newUser(), sku, 10);

        // When
        Response response = adjust(sku, -21);

        // Then
        assertProblem(response, 409, "not-enough-stock");
        assertThat(response.jsonPath().getLong("available")).isEqualTo(20);
        assertThat(available(sku)).isEqualTo(20);
    }

    @Test
    void ofManyThatTakeTheSameUnitsOnlyThoseWithEnoughSucceed() {
        // Given
        String sku = newProductWithStock(30, 3);

        // When
        List<Response> responses = together(6, i -> adjust(sku, -7));

        // Then
        assertThat(responses).extracting(Response::statusCode).containsExactlyInAnyOrder(201, 201, 201, 201, 409, 409);
        assertThat(available(sku)).isEqualTo(2);
    }

    @Test
    void aRetryGetsTheSameAnswerAndCountsOnce() {
        // Given
        String sku = newProduct();
        String key = newKey();
        String first = adjust(sku, key, 50).asString();

        // When
        Response retry = adjust(sku, key, 50);

        // Then
        assertThat(retry.statusCode()).isEqualTo(201);
        assertThat(retry.asString()).isEqualTo(first);
        assertThat(available(sku)).isEqualTo(50);
    }

    @Test
    void aKeyIsNotTakenForAnotherBody() {
        // Given
        String sku = newProduct();
        String key = newKey();
        adjust(sku, key, 50);

        // When
        Response response = adjust(sku, key, 51);

        // Then
        assertProblem(response, 422, "key-reused");
        assertThat(available(sku)).isEqualTo(50);
    }

    @Test
    void theSameKeyMeansSomethingElseForAnotherProduct() {
        // Given
        String key = newKey();
        adjust(newProduct(), key, 50);
        String sku = newProduct();

        // When
        Response response = adjust(sku, key, 7);

        // Then
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(available(sku)).isEqualTo(7);
    }

    @Test
    void duplicatesAtTheSameTimeCountOnce() {
        // Given
        String sku = newProduct();
        String key = newKey();

        // When
        List<Response> responses = together(8, i -> adjust(sku, key, 50));

        // Then
        assertThat(responses).extracting(Response::statusCode).containsOnly(201);
        assertThat(responses)
                .extracting(Response::asString)
                .containsOnly(responses.get(0).asString());
        assertThat(available(sku)).isEqualTo(50);
    }

    @Test
    void anUnknownProductHasNoStockToAdjust() {
        // When
        Response response = adjust(newSku(), 1);

        // Then
        assertProblem(response, 404, "unknown-sku");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stock", "stock?consistency=strong", "stock/shards"})
    void anUnknownProductHasNoStockToRead(String what) {
        // When
        Response response = anonymous().get("/products/" + newSku() + "/" + what);

        // Then
        assertProblem(response, 404, "unknown-sku");
    }

    @Test
    void aProductWithoutADeliveryHasNothing() {
        // Given
        String sku = newProduct(productWith("shards", 3));

        // When
        Response response = stock(sku);

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.jsonPath().getLong("available")).isZero();
        assertThat(shards(sku)).containsExactly(0, 0, 0);
    }

    @Test
    void theFirstReadingComesFromTheShards() {
        // Given
        String sku = newProductWithStock(700);

        // When
        Response response = stock(sku);

        // Then
        assertThat(response.jsonPath().<String, Object>getMap(""))
                .containsEntry("sku", sku)
                .containsEntry("available", 700)
                .containsEntry("source", "shards");
        assertThat(Instant.parse(response.jsonPath().getString("asOf")))
                .isBetween(Instant.now().minus(Duration.ofSeconds(30)), Instant.now());
    }

    @Test
    void theNextReadingComesFromMemoryAndTellsWhenItWasCounted() {
        // Given
        String sku = newProductWithStock(700);
        String counted = stock(sku).jsonPath().getString("asOf");

        // When
        Response response = stock(sku);

        // Then
        assertThat(response.jsonPath().<String, Object>getMap(""))
                .containsEntry("available", 700)
                .containsEntry("asOf", counted);
        assertThat(response.jsonPath().getString("source")).isIn("pod", "redis");
    }

    @Test
    void aReadingTellsCachesHowLongToKeepIt() {
        // Given
        String sku = newProductWithStock(700);

        // When
        Response response = stock(sku);

        // Then
        assertThat(response.header("Cache-Control")).isEqualTo("public, max-age=10, stale-while-revalidate=5");
        assertThat(Integer.parseInt(response.header("Age"))).isBetween(0, 30);
        assertThat(response.header("ETag")).isEqualTo("W/\"700\"");
    }

    @Test
    void whoKnowsHowManyAreLeftIsTold304() {
        // Given
        String sku = newProductWithStock(700);

        // When
        Response same = anonymous().header("If-None-Match", "W/\"700\"").get("/products/{sku}/stock", sku);
        Response other = anonymous().header("If-None-Match", "W/\"701\"").get("/products/{sku}/stock", sku);

        // Then
        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(same.header("Age")).isNotNull();
        assertThat(same.body().asString()).isEmpty();
        assertThat(other.statusCode()).isEqualTo(200);
    }

    @Test
    void aStrongReadingIsNotToBeKept() {
        // Given
        String sku = newProductWithStock(700);

        // When
        Response response = anonymous().queryParam("consistency", "strong").get("/products/{sku}/stock", sku);

        // Then
        assertThat(response.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void manyAreReadAtOnce() {
        // Given
        String few = newProductWithStock(3);
        String many = newProductWithStock(700);
        String unknown = newSku();
        stock(many);

        // When
        Response response =
                anonymous().queryParam("sku", many, unknown, few, many).get("/stock");

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.jsonPath().<String>getList("items.sku")).containsExactly(many, few);
        assertThat(response.jsonPath().<Integer>getList("items.available")).containsExactly(700, 3);
        assertThat(response.jsonPath().<String>getList("unknown")).containsExactly(unknown);
        assertThat(response.header("Cache-Control")).startsWith("public, max-age=10");
    }

    @Test
    void aHundredAreReadAtOnceAndMoreAreNot() {
        // Given
        List<String> skus = IntStream.range(0, 101).mapToObj(i -> newSku()).toList();

        // When
        Response hundred = anonymous().queryParam("sku", skus.subList(0, 100)).get("/stock");
        Response more = anonymous().queryParam("sku", skus).get("/stock");
        Response none = anonymous().get("/stock");
        Response bad = anonymous().queryParam("sku", "no sku").get("/stock");

        // Then
        assertThat(hundred.jsonPath().<String>getList("unknown")).hasSize(100);
        assertInvalid(more, "sku", "Size");
        assertInvalid(none, "sku", "Size");
        assertInvalid(bad, "sku", "Shape");
    }

    @Test
    void aStrongReadingIsExactAfterAReservation() {
        // Given
        String sku = newProductWithStock(700);
        stock(sku);
        hold(newUser(), sku, 3);

        // When
        Response response = anonymous().queryParam("consistency", "strong").get("/products/{sku}/stock", sku);

        // Then
        assertThat(response.jsonPath().<String, Object>getMap(""))
                .containsEntry("available", 697)
                .containsEntry("source", "shards");
    }

    @Test
    void anAdjustmentReplacesTheCachedTotal() {
        // Given
        String sku = newProductWithStock(700);
        stock(sku);
        adjust(sku, 50);

        // When
        Response response = stock(sku);

        // Then
        assertThat(response.jsonPath().<String, Object>getMap(""))
                .containsEntry("available", 750)
                .containsEntry("source", "shards");
    }

    @Test
    void manyReadersAtOnceAreToldTheSame() {
        // Given
        String sku = newProductWithStock(700);

        // When
        List<Response> responses = together(16, i -> stock(sku));

        // Then
        assertThat(responses)
                .extracting(it -> it.jsonPath().getLong("available"))
                .containsOnly(700L);
    }
}
