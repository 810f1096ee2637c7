package dev.flashstock.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The contract as it is committed is the one that is served. */
@QuarkusTest
class ContractTest {
    private static final Path COMMITTED = Path.of("docs", "openapi.yaml");

    @Test
    void theCommittedContractIsTheOneThatIsServed() throws IOException {
        // Given
        String served = given().accept("application/yaml").get("/q/openapi").asString();
        if (Boolean.getBoolean("openapi.write")) {
            Files.writeString(COMMITTED, served);
        }

        // When
        String committed = Files.readString(COMMITTED);

        // Then
        assertThat(committed)
                .as("docs/openapi.yaml is not what /q/openapi serves. If that is meant, write it anew and commit it:"
                        + " ./mvnw test -Dquick -Dtest=ContractTest -Dopenapi.write=true")
                .isEqualTo(served);
    }
}
