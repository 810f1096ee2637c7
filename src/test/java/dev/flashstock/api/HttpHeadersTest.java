package dev.flashstock.api;

import static dev.flashstock.api.Shop.anonymous;
import static dev.flashstock.api.Shop.as;
import static dev.flashstock.api.Shop.hold;
import static dev.flashstock.api.Shop.idOf;
import static dev.flashstock.api.Shop.newProductWithStock;
import static dev.flashstock.api.Shop.newUser;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.bootstrap.logging.InitialConfigurator;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every answer says to browsers, and in which version, unless it is configured otherwise. */
@QuarkusTest
class HttpHeadersTest {
    private static final String SHOP = "https://shop.example";

    @TestHTTPResource("/products")
    URI products;

    @Test
    void plainHttpIsNotUpgradedToHttp2() throws IOException, InterruptedException {
        // When
        HttpResponse<Void> response = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .build()
                .send(HttpRequest.newBuilder(products).build(), HttpResponse.BodyHandlers.discarding());

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/products", "/products/nothing", "/nothing", "/reservations", "/q/health", "/q/openapi"})
    void everyAnswerTellsBrowsersToTakeItAsItIs(String path) {
        // When
        Response response = anonymous().get(path);

        // Then
        assertThat(response.getHeaders().getValues("X-Content-Type-Options")).containsExactly("nosniff");
        assertThat(response.getHeaders().getValues("X-Frame-Options")).containsExactly("DENY");
        assertThat(response.getHeaders().getValues("Referrer-Policy")).containsExactly("no-referrer");
        assertThat(response.getHeaders().getValues("Permissions-Policy")).hasSize(1);
        assertThat(response.getHeaders().getValues("Content-Security-Policy"))
                .singleElement()
                .asString()
                .contains("default-src 'self'", "frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'")
                .doesNotContain("unsafe");
        assertThat(response.header("Strict-Transport-Security")).isNull();
    }

    @Test
    void whatIsPersonalIsNotKept() {
        // Given
        String user = newUser();
        String id = idOf(hold(user, newProductWithStock(1), 1));

        // When
        Response reservation = as(user).get("/reservations/{id}", id);
        Response reservations = as(user).get("/reservations");
        Response refused = anonymous().get("/reservations");
        Response ofUser = as("operator").get("/users/{user}/reservations", user);

        // Then
        for (Response response : new Response[] {reservation, reservations, refused, ofUser}) {
            assertThat(response.getHeaders().getValues("Cache-Control")).containsExactly("no-store");
        }
    }

    @Test
    void whatIsForCachesIsKept() {
        // Given
        String sku = newProductWithStock(1);

        // When
        Response stock = anonymous().get("/products/{sku}/stock", sku);

        // Then
        assertThat(stock.getHeaders().getValues("Cache-Control"))
                .singleElement()
                .asString()
                .contains("max-age");
    }

    @ParameterizedTest
    @CsvSource({"GET,/products", "OPTIONS,/products", "OPTIONS,/products/console/reservations"})
    void noOtherOriginIsAllowedByDefault(String method, String path) {
        // When
        Response response = given().header("Origin", SHOP)
                .header("Access-Control-Request-Method", "POST")
                .request(method, path);

        // Then
        assertThat(response.getHeaders().asList())
                .noneMatch(header ->
                        header.getName().toLowerCase(java.util.Locale.ROOT).startsWith("access-control-"));
    }

    @Test
    void aCompressedBodyIsNotUnpacked() {
        // When
        Response response = Shop.reserving()
                .header("Content-Encoding", "gzip")
                .body(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 0})
                .post(Shop.RESERVATIONS, "console");

        // Then
        Problems.assertProblem(response, 400, "malformed-body");
    }

    @Test
    void whatIsLoggedStaysInItsLine() {
        // Given
        Handler console = Arrays.stream(InitialConfigurator.DELAYED_HANDLER.getHandlers())
                .filter(it -> it.getClass().getSimpleName().equals(ConsoleHandler.class.getSimpleName()))
                .findFirst()
                .orElseThrow();
        LogRecord record = new LogRecord(Level.WARNING, "sku\nWARN forged");

        // When
        boolean logged = console.getFilter().isLoggable(record);

        // Then
        assertThat(logged).isTrue();
        assertThat(record.getMessage()).isEqualTo("sku\\u000aWARN forged");
    }
}
