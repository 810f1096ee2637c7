package dev.flashstock.it;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A storefront's backend: it asks instances in the name of its shoppers, and stocks what it sells. */
final class Storefront {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String ADMIN = EmbeddedBackends.token("boss", "admin");
    private static final String SERVICE = EmbeddedBackends.token("storefront", "service");

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();

    /** Puts units of a new product on sale; holds of it outlive the test. */
    void stockUp(Instance at, String sku, int shards, int units) {
        stockUp(at, sku, shards, units, Duration.ofHours(1));
    }

    /** Puts units of a new product on sale. */
    void stockUp(Instance at, String sku, int shards, int units, Duration holdTime) {
        must(
                201,
                send(
                        at,
                        "product",
                        asAdmin(at, "/products/" + sku)
                                .PUT(body(
                                        "{\"name\":\"n\",\"priceMinor\":1,\"currency\":\"EUR\",\"status\":\"ON_SALE\",\"shards\":"
                                                + shards + ",\"holdSeconds\":" + holdTime.toSeconds() + "}"))));
        must(
                201,
                send(
                        at,
                        "delivery",
                        asAdmin(at, "/products/" + sku + "/adjustments")
                                .header("Idempotency-Key", "delivery")
                                .POST(body("{\"delta\":" + units + ",\"reason\":\"DELIVERY\"}"))));
    }

    /** A shopper looks a product up. */
    Answer look(Instance at, String sku) {
        return send(
                at,
                "product",
                HttpRequest.newBuilder(at.base().resolve("/products/" + sku)).GET());
    }

    /** A shopper has seen a product. */
    void view(Instance at, String sku) {
        must(
                204,
                send(
                        at,
                        "view",
                        HttpRequest.newBuilder(at.base().resolve("/products/" + sku + "/views"))
                                .POST(body(""))));
    }

    private static void must(int status, Answer answer) {
        if (answer.status() != status) {
            throw new IllegalStateException(answer + " " + answer.body());
        }
    }

    /** Asks for a purchase's units, under its key. */
    Answer reserve(Instance at, Purchase.Way way, Purchase purchase) {
        Answer answer = send(at, way.name(), reservation(at, way, purchase));
        purchase.was(answer);
        return answer;
    }

    /** The same, and does not wait for the answer. */
    CompletableFuture<Answer> reserveSoon(Instance at, Purchase.Way way, Purchase purchase) {
        return client.sendAsync(reservation(at, way, purchase).build(), HttpResponse.BodyHandlers.ofString())
                .thenApply(response -> answer(at, way.name(), response));
    }

    private static HttpRequest.Builder reservation(Instance at, Purchase.Way way, Purchase purchase) {
        HttpRequest.Builder request = inTheNameOf(purchase.user, at, "/products/" + purchase.sku + "/reservations")
                .header("Idempotency-Key", "cart-1")
                .POST(body("{\"quantity\":" + purchase.quantity + "}"));
        return way == Purchase.Way.DIRECT ? request.header("Prefer", "wait=5") : request;
    }

    /** Confirms or releases what a purchase has. */
    Answer end(Instance at, Purchase purchase) {
        String location = purchase.location();
        Answer answer = purchase.ending() == Purchase.Ending.CONFIRM
                ? send(
                        at,
                        "CONFIRM",
                        inTheNameOf(purchase.user, at, location + "/confirmation")
                                .POST(body("")))
                : send(at, "RELEASE", inTheNameOf(purchase.user, at, location).DELETE());
        purchase.ended(answer);
        return answer;
    }

    /** What stands at a purchase's location: a reservation's status, or what there is instead. */
    String status(Instance at, Purchase purchase) {
        Answer answer = send(
                at, "GET", inTheNameOf(purchase.user, at, purchase.location()).GET());
        return answer.status() == 200 ? answer.text("status") : answer.toString();
    }

    /** How many units are left, as anybody is told. */
    Answer stock(Instance at, String sku) {
        return send(at, "STOCK", anonymous(at, "/products/" + sku + "/stock").GET());
    }

    /** The same for a listing page. */
    Answer stock(Instance at, List<String> skus) {
        return send(
                at,
                "STOCKS",
                anonymous(at, "/stock?sku=" + String.join("&sku=", skus)).GET());
    }

    /** The same, from the shards. */
    Answer exactStock(Instance at, String sku) {
        return send(
                at,
                "STOCK",
                anonymous(at, "/products/" + sku + "/stock?consistency=strong").GET());
    }

    /** How many shards a product has. */
    Answer layout(Instance at, String sku) {
        return send(at, "LAYOUT", asAdmin(at, "/products/" + sku + "/layout").GET());
    }

    /** Begins to count a product's books. */
    Answer startAudit(Instance at, String sku) {
        return send(at, "AUDIT", asAdmin(at, "/products/" + sku + "/audit").POST(body("")));
    }

    /** The last audit of a product. */
    Answer audit(Instance at, String sku) {
        return send(at, "AUDIT", asAdmin(at, "/products/" + sku + "/audit").GET());
    }

    private static HttpRequest.Builder asAdmin(Instance at, String path) {
        return request(at, path, ADMIN);
    }

    private static HttpRequest.Builder inTheNameOf(String user, Instance at, String path) {
        return request(at, path, SERVICE).header("X-User", user);
    }

    private static HttpRequest.Builder request(Instance at, String path, String token) {
        return anonymous(at, path)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token);
    }

    private static HttpRequest.Builder anonymous(Instance at, String path) {
        return HttpRequest.newBuilder(at.base().resolve(path)).timeout(PATIENCE);
    }

    private static HttpRequest.BodyPublisher body(String json) {
        return HttpRequest.BodyPublishers.ofString(json);
    }

    private Answer send(Instance at, String what, HttpRequest.Builder request) {
        HttpResponse<String> response;
        try {
            response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (ConnectException e) {
            return Answer.none(at, what, Answer.REFUSED);
        } catch (IOException e) {
            return Answer.none(at, what, Answer.NONE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The test has ended", e);
        }
        return answer(at, what, response);
    }

    private static Answer answer(Instance at, String what, HttpResponse<String> response) {
        at.hasAnswered();
        String location = response.headers().firstValue("Location").orElse("");
        return new Answer(at, what, response.statusCode(), location, json(response.body()), System.nanoTime());
    }

    private static JsonNode json(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Not JSON: " + body, e);
        }
    }
}
