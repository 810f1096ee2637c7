package dev.flashstock.fuzz;

import static io.restassured.RestAssured.given;

import dev.flashstock.api.Shop;
import dev.flashstock.dynamodb.DynamoDbConfig;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.net.URI;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("long")
@QuarkusTest
class FuzzTest {
    @TestHTTPResource
    URI server;

    @Inject
    DynamoDbConfig config;

    @Test
    void whateverIsSentIsAnsweredAsTheContractSays() throws Exception {
        // Given
        String contract = given().accept(ContentType.JSON).get("/q/openapi").asString();

        // When, Then
        new FuzzRun(server, Shop::token, config.table()).of(contract);
    }
}
