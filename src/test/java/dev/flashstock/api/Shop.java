package dev.flashstock.api;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.smallrye.jwt.build.Jwt;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * What tests do in a shop. They share one table, so products, users and keys are new ones each time: a test meets only
 * itself.
 */
public final class Shop {
    public static final String RESERVATIONS = "/products/{sku}/reservations";

    /** An entity tag that no product has. */
    public static final String STALE = "\"another\"";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Shop() {}

    // Names

    public static String newSku() {
        return "sku-" + UUID.randomUUID();
    }

    public static String newUser() {
        return "user-" + UUID.randomUUID();
    }

    public static String newKey() {
        return "key-" + UUID.randomUUID();
    }

    // Callers

    public static RequestSpecification anonymous() {
        return given().contentType(ContentType.JSON);
    }

    public static RequestSpecification as(String user) {
        return anonymous().header("X-User", user);
    }

    public static RequestSpecification asAdmin() {
        return as("admin");
    }

    public static RequestSpecification asOperator() {
        return as("operator");
    }

    public static RequestSpecification bearing(String token) {
        return anonymous().header("Authorization", "Bearer " + token);
    }

    public static RequestSpecification asServiceFor(String user) {
        return bearing(token("storefront", "service")).header("X-User", user);
    }

    public static String token(String subject, String role) {
        return Jwt.subject(subject).groups(role).sign();
    }

    // Catalogue

    /** A product that is on sale, ready for changes. */
    public static Map<String, Object> product() {
        return new HashMap<>(
                Map.of("name", "Game console", "priceMinor", 49_900, "currency", "EUR", "status", "ON_SALE"));
    }

    public static Map<String, Object> productWith(String field, Object value) {
        Map<String, Object> product = product();
        product.put(field, value);
        return product;
    }

    public static Response put(String sku, Map<String, Object> product) {
        return asAdmin().body(product).put("/products/{sku}", sku);
    }

    public static Response get(String sku) {
        return anonymous().get("/products/{sku}", sku);
    }

    /** Creates a product and tells its SKU. */
    public static String newProduct(Map<String, Object> product) {
        String sku = newSku();
        put(sku, product).then().statusCode(201);
        return sku;
    }

    /** Creates a product of 10 shards and tells its SKU. */
    public static String newProduct() {
        return newProduct(product());
    }

    public static String newProductWithStock(long units) {
        return newProductWithStock(units, 10);
    }

    public static String newProductWithStock(long units, int shards) {
        String sku = newProduct(productWith("shards", shards));
        adjust(sku, units).then().statusCode(201);
        return sku;
    }

    // Stock

    public static Response adjust(String sku, long delta) {
        return adjust(sku, newKey(), delta);
    }

    public static Response adjust(String sku, String key, long delta) {
        return asAdmin()
                .header("Idempotency-Key", key)
                .body(Map.of("delta", delta, "reason", delta > 0 ? "DELIVERY" : "DAMAGE"))
                .post("/products/{sku}/adjustments", sku);
    }

    /** The total as anybody reads it, perhaps 10 seconds old. */
    public static Response stock(String sku) {
        return anonymous().get("/products/{sku}/stock", sku);
    }

    /** The total as the shards tell it now. */
    public static long available(String sku) {
        return anonymous()
                .queryParam("consistency", "strong")
                .get("/products/{sku}/stock", sku)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getLong("available");
    }

    /** What each shard has now. */
    public static List<Integer> shards(String sku) {
        return anonymous()
                .get("/products/{sku}/stock/shards", sku)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("shards.available", Integer.class);
    }

    // Reservations

    /** Asks for units and waits for the outcome: the direct path. */
    public static Response reserve(String user, String sku, String key, int quantity) {
        return asking(user, key, quantity).header("Prefer", "wait=10").post(RESERVATIONS, sku);
    }

    public static Response reserve(String user, String sku, int quantity) {
        return reserve(user, sku, newKey(), quantity);
    }

    /** Asks for units and does not wait: the buffered path. */
    public static Response enqueue(String user, String sku, String key, int quantity) {
        return asking(user, key, quantity).post(RESERVATIONS, sku);
    }

    /** Somebody new who is about to ask for units. */
    public static RequestSpecification reserving() {
        return as(newUser()).header("Idempotency-Key", newKey());
    }

    public static RequestSpecification asking(String user, String key, int quantity) {
        return as(user).header("Idempotency-Key", key).body(Map.of("quantity", quantity));
    }

    /** Takes units and tells where the hold is. */
    public static String hold(String user, String sku, int quantity) {
        return reserve(user, sku, quantity).then().statusCode(201).extract().header("Location");
    }

    /** Waits until a reservation is decided, and reads it. */
    public static Response awaitOutcome(String user, String location) {
        return await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> as(user).get(location),
                        it -> it.statusCode() != 200
                                || !"QUEUED".equals(it.jsonPath().getString("status")));
    }

    public static Response confirm(String user, String location) {
        return asServiceFor(user).post(location + "/confirmation");
    }

    public static Response confirm(String user, String location, String paymentReference) {
        return asServiceFor(user)
                .body(Map.of("paymentReference", paymentReference))
                .post(location + "/confirmation");
    }

    public static Response extend(String user, String location) {
        return as(user).post(location + "/extension");
    }

    /** Takes units, sells them, and tells where the reservation is. */
    public static String buy(String user, String sku, int quantity) {
        String location = hold(user, sku, quantity);
        confirm(user, location).then().statusCode(200);
        return location;
    }

    /** The id of what is at a location. */
    public static String idOf(String location) {
        return location.substring(location.lastIndexOf('/') + 1);
    }

    /** Sold units come back. */
    public static Response takeBack(String sku, String key, long units, String user, String location) {
        return asAdmin()
                .header("Idempotency-Key", key)
                .body(Map.of("delta", units, "reason", "RETURN", "user", user, "reservation", idOf(location)))
                .post("/products/{sku}/adjustments", sku);
    }

    public static Response takeBack(String sku, long units, String user, String location) {
        return takeBack(sku, newKey(), units, user, location);
    }

    public static Response release(String user, String location) {
        return as(user).delete(location);
    }

    // Crowds

    /** Makes calls side by side, as many threads as calls, and tells their results in the calls' order. */
    public static <T> List<T> together(int calls, IntFunction<T> call) {
        ExecutorService threads = Executors.newFixedThreadPool(calls);
        CountDownLatch ready = new CountDownLatch(calls);
        try {
            List<CompletableFuture<T>> results = IntStream.range(0, calls)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> afterAllAreReady(ready, call, i), threads))
                    .toList();
            return results.stream().map(CompletableFuture::join).toList();
        } finally {
            threads.shutdown();
        }
    }

    private static <T> T afterAllAreReady(CountDownLatch ready, IntFunction<T> call, int number) {
        ready.countDown();
        try {
            ready.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return call.apply(number);
    }
}
