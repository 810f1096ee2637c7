package dev.flashstock.it;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.fuzz.FuzzRun;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The packaged application answers as its contract says, whatever is sent. */
@Tag("long")
@QuarkusIntegrationTest
@WithTestResource(EmbeddedBackends.class)
class FuzzIT {
    private static final String TABLE = "flashstock";

    @Test
    void the_contract_is_the_committed_one() throws IOException {
        // When
        String served = given().accept("application/yaml").get("/q/openapi").asString();

        // Then
        assertThat(served).isEqualTo(Files.readString(Path.of("docs", "openapi.yaml")));
    }

    @Test
    void whatever_is_sent_is_answered_as_the_contract_says() throws Exception {
        // Given
        URI server = URI.create("http://localhost:" + RestAssured.port);
        String contract = given().accept(ContentType.JSON).get("/q/openapi").asString();

        // When, Then
        new FuzzRun(server, EmbeddedBackends::token, TABLE).of(contract);
    }
}
