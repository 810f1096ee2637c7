package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertProblem;
import static dev.flashstock.api.Shop.anonymous;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class AdviceTest {
    @Test
    void aLoadNeedsSoManyShards() {
        // When
        Response response = anonymous().get("/advice/shards?peakWritesPerSecond=8000");

        // Then
        response.then()
                .statusCode(200)
                .body("minimum", equalTo(8))
                .body("safe", equalTo(10))
                .body("recommended", equalTo(20))
                .body("usual.traffic", equalTo("VERY_HIGH"))
                .body("collisions.partitions", equalTo(16))
                .body("collisions.shards", greaterThan(20))
                .body("waste", nullValue())
                .body("summary", containsString("with 20"));
    }

    @Test
    void aHotKeyWastesWhatItCannotUse() {
        // When
        Response response = anonymous().get("/advice/shards?peakWritesPerSecond=8000&provisioned=10000");

        // Then
        response.then().body("waste.units", equalTo(9_000)).body("waste.centsPerMonth", equalTo(450_000));
    }

    @Test
    void tooFewPartitionsAreNotMendedByShards() {
        // When
        Response response = anonymous().get("/advice/shards?peakWritesPerSecond=8000&partitions=4");

        // Then
        response.then().body("collisions.shards", nullValue()).body("summary", containsString("warm the table up"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shards=1",
                "peakWritesPerSecond=",
                "peakWritesPerSecond=0",
                "peakWritesPerSecond=-1",
                "peakWritesPerSecond=200001",
                "peakWritesPerSecond=99999999999",
                "peakWritesPerSecond=many",
                "peakWritesPerSecond=1&partitions=0",
                "peakWritesPerSecond=1&partitions=10001",
                "peakWritesPerSecond=1&provisioned=0",
                "peakWritesPerSecond=1&shards=257",
                "peakWritesPerSecond=1&unitCentsPerMonth=-1",
            })
    void whatIsNoNumberInBoundsIsRefused(String query) {
        // When
        Response response = anonymous().get("/advice/shards?" + query);

        // Then
        assertProblem(response, 400, "invalid-request");
    }
}
