package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertInvalid;
import static dev.flashstock.api.Problems.assertProblem;
import static dev.flashstock.api.Shop.anonymous;
import static dev.flashstock.api.Shop.as;
import static dev.flashstock.api.Shop.asAdmin;
import static dev.flashstock.api.Shop.asOperator;
import static dev.flashstock.api.Shop.asServiceFor;
import static dev.flashstock.api.Shop.bearing;
import static dev.flashstock.api.Shop.hold;
import static dev.flashstock.api.Shop.idOf;
import static dev.flashstock.api.Shop.newKey;
import static dev.flashstock.api.Shop.newProduct;
import static dev.flashstock.api.Shop.newProductWithStock;
import static dev.flashstock.api.Shop.newSku;
import static dev.flashstock.api.Shop.newUser;
import static dev.flashstock.api.Shop.product;
import static dev.flashstock.api.Shop.token;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.smallrye.jwt.build.Jwt;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class IdentityTest {
    private final String user = newUser();

    @Test
    void aShopperActsForTheSubjectOfItsToken() {
        // Given
        String sku = newProductWithStock(1);

        // When
        Response response = reserve(bearing(token(user, "shopper")), sku);

        // Then
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.jsonPath().getString("user")).isEqualTo(user);
    }

    @Test
    void aShopperMayNameItself() {
        // When
        Response response =
                bearing(token(user, "shopper")).header("X-User", user).get("/reservations");

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
    }

    @Test
    void aShopperDoesNotActForAnother() {
        // Given
        String location = hold(user, newProductWithStock(1), 1);

        // When
        Response response =
                bearing(token(newUser(), "shopper")).header("X-User", user).get(location);

        // Then
        assertProblem(response, 403, "forbidden");
    }

    @Test
    void aServiceActsForTheUserThatItNames() {
        // Given
        String sku = newProductWithStock(1);

        // When
        Response response = reserve(asServiceFor(user), sku);

        // Then
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.jsonPath().getString("user")).isEqualTo(user);
        assertThat(as(user).get(response.header("Location")).statusCode()).isEqualTo(200);
    }

    @Test
    void aServiceNamesAUser() {
        // When
        Response response = bearing(token("storefront", "service")).get("/reservations");

        // Then
        assertInvalid(response, "X-User", "Required");
    }

    @Test
    void aServiceConfirms() {
        // Given
        String location = hold(user, newProductWithStock(1), 1);

        // When
        Response response = asServiceFor(user).post(location + "/confirmation");

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.jsonPath().getString("status")).isEqualTo("CONFIRMED");
    }

    @Test
    void aShopperDoesNotConfirm() {
        // Given
        String location = hold(user, newProductWithStock(1), 1);

        // When
        Response response = bearing(token(user, "shopper")).post(location + "/confirmation");

        // Then
        assertProblem(response, 403, "forbidden");
        assertThat(as(user).get(location).jsonPath().getString("status")).isEqualTo("HELD");
    }

    static Stream<Named<String>> tokensThatAreNotBelieved() {
        return Stream.of(
                Named.of("no token", "x.y.z"),
                Named.of("nothing", ""),
                Named.of("expired", expired()),
                Named.of("signed by another", signedByAnother()),
                Named.of("for another issuer", issuedByAnother()),
                Named.of("unsigned", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSIsImdyb3VwcyI6WyJzaG9wcGVyIl19."));
    }

    @ParameterizedTest
    @MethodSource("tokensThatAreNotBelieved")
    void aTokenThatIsNotBelievedIsRefused(String token) {
        // When
        Response response = bearing(token).get("/reservations");

        // Then
        assertProblem(response, 401, "unauthenticated");
        assertThat(response.headers().getValues("WWW-Authenticate"))
                .containsExactly(
                        token.isEmpty()
                                ? "Bearer realm=\"flashstock\""
                                : "Bearer realm=\"flashstock\", error=\"invalid_token\"");
    }

    @Test
    void aTokenThatIsNotBelievedIsNotExcusedByAName() {
        // When
        Response response = bearing("x.y.z").header("X-User", user).get("/reservations");

        // Then
        assertProblem(response, 401, "unauthenticated");
    }

    @Test
    void nobodyHasNoReservations() {
        // When
        Response response = anonymous().get("/reservations");

        // Then
        assertProblem(response, 401, "unauthenticated");
        assertThat(response.headers().getValues("WWW-Authenticate")).containsExactly("Bearer realm=\"flashstock\"");
    }

    @Test
    void nobodyReservesNothing() {
        // Given
        String sku = newProductWithStock(1);

        // When
        Response response = reserve(anonymous(), sku);

        // Then
        assertProblem(response, 401, "unauthenticated");
        assertThat(Shop.available(sku)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/products", "/products/{sku}", "/products/{sku}/stock", "/products/{sku}/stock/shards"})
    void everybodyReadsTheCatalogueAndTheStock(String path) {
        // Given
        String sku = newProduct();

        // When
        Response response = anonymous().get(path.replace("{sku}", sku));

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
    }

    /** Who does not keep the catalogue and the stock, and what it is told. */
    enum Outsider {
        NOBODY(401, "unauthenticated"),
        SHOPPER(403, "forbidden"),
        SERVICE(403, "forbidden"),
        OPERATOR(403, "forbidden");

        private final int status;
        private final String type;

        Outsider(int status, String type) {
            this.status = status;
            this.type = type;
        }

        RequestSpecification calling() {
            return switch (this) {
                case NOBODY -> anonymous();
                case SHOPPER -> as(newUser());
                case SERVICE -> asServiceFor(newUser());
                case OPERATOR -> asOperator();
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void onlyAnAdminWritesAProduct(Outsider outsider) {
        // Given
        String sku = newSku();

        // When
        Response response = outsider.calling().body(product()).put("/products/{sku}", sku);

        // Then
        assertProblem(response, outsider.status, outsider.type);
        assertThat(anonymous().get("/products/{sku}", sku).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @EnumSource
    void onlyAnAdminDeletesAProduct(Outsider outsider) {
        // Given
        String sku = newProduct();

        // When
        Response response = outsider.calling().delete("/products/{sku}", sku);

        // Then
        assertProblem(response, outsider.status, outsider.type);
        assertThat(anonymous().get("/products/{sku}", sku).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource
    void onlyAnAdminAdjustsStock(Outsider outsider) {
        // Given
        String sku = newProduct();

        // When
        Response response = outsider.calling()
                .header("Idempotency-Key", newKey())
                .body(Map.of("delta", 1, "reason", "DELIVERY"))
                .post("/products/{sku}/adjustments", sku);

        // Then
        assertProblem(response, outsider.status, outsider.type);
        assertThat(Shop.available(sku)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void onlyAnAdminReleasesByForce(Outsider outsider) {
        // Given
        String location = hold(user, newProductWithStock(1), 1);

        // When
        Response response = outsider.calling()
                .body(Map.of("reason", "fraud"))
                .post("/users/{user}/reservations/{id}/release", user, idOf(location));

        // Then
        assertProblem(response, outsider.status, outsider.type);
        assertThat(as(user).get(location).jsonPath().getString("status")).isEqualTo("HELD");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "OPERATOR")
    void onlyOperatorsAndAdminsLookUpAUsersReservations(Outsider outsider) {
        // Given
        String location = hold(user, newProductWithStock(1), 1);

        // When
        Response all = outsider.calling().get("/users/{user}/reservations", user);
        Response one = outsider.calling().get("/users/{user}/reservations/{id}", user, idOf(location));

        // Then
        assertProblem(all, outsider.status, outsider.type);
        assertProblem(one, outsider.status, outsider.type);
    }

    @Test
    void anOperatorByTokenLooksUpAUsersReservations() {
        // When
        Response response = bearing(token("helper", "operator")).get("/users/{user}/reservations", user);

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
    }

    @Test
    void anOperatorReservesAndConfirmsNothing() {
        // Given
        String sku = newProductWithStock(2);
        String location = hold(user, sku, 1);

        // When
        Response reserved = reserve(asOperator(), sku);
        Response confirmed = asOperator().post(location + "/confirmation");

        // Then
        assertProblem(reserved, 403, "forbidden");
        assertProblem(confirmed, 403, "forbidden");
    }

    @Test
    void anAdminByTokenKeepsTheCatalogue() {
        // When
        Response response = bearing(token("keeper", "admin")).body(product()).put("/products/{sku}", newSku());

        // Then
        assertThat(response.statusCode()).isEqualTo(201);
    }

    @Test
    void anAdminReservesNothing() {
        // Given
        String sku = newProductWithStock(1);

        // When
        Response response = reserve(asAdmin(), sku);

        // Then
        assertProblem(response, 403, "forbidden");
    }

    @Test
    void anAdminHasNoReservations() {
        // When
        Response response = bearing(token("keeper", "admin")).get("/reservations");

        // Then
        assertProblem(response, 403, "forbidden");
    }

    private static Response reserve(RequestSpecification caller, String sku) {
        return caller.header("Idempotency-Key", newKey())
                .header("Prefer", "wait=10")
                .body(Map.of("quantity", 1))
                .post("/products/{sku}/reservations", sku);
    }

    private static String expired() {
        Instant anHourAgo = Instant.now().minus(Duration.ofHours(1));
        return Jwt.subject("alice")
                .groups("shopper")
                .issuedAt(anHourAgo.minusSeconds(60))
                .expiresAt(anHourAgo)
                .sign();
    }

    private static String signedByAnother() {
        try {
            KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
            keys.initialize(2048);
            return Jwt.subject("alice")
                    .groups("shopper")
                    .sign(keys.generateKeyPair().getPrivate());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has RSA", e);
        }
    }

    private static String issuedByAnother() {
        return Jwt.subject("alice")
                .groups("shopper")
                .issuer("https://elsewhere.example")
                .sign();
    }
}
