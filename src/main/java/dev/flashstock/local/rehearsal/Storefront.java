package dev.flashstock.local.rehearsal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flashstock.local.faults.Wire;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;

/**
 * flashstock as a shop sees it: over HTTP, as users whose names it believes.
 *
 * @param base the API's address
 */
public record Storefront(URI base) {
    /** How long a shopper waits for an outcome. */
    public static final int WAIT_SECONDS = 10;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();

    /** A product; empty if there is none. */
    public CompletionStage<Optional<ObjectNode>> product(String sku) {
        return send(request("/products/" + sku, "admin").GET())
                .thenApply(answer -> answer.statusCode() == 404 ? Optional.empty() : Optional.of(json(answer, 200)));
    }

    /**
     * Puts a copy of a product on sale, with stock.
     *
     * @param product the product
     * @param sku the copy's SKU, not in use yet
     * @param shards its number of shards
     * @param units its stock
     */
    public CompletionStage<Void> stockCopy(ObjectNode product, String sku, int shards, int units) {
        String delivery = "{\"delta\":" + units + ",\"reason\":\"DELIVERY\"}";
        return send(request("/products/" + sku, "admin").PUT(body(copy(product, shards, "ON_SALE"))))
                .thenApply(answer -> json(answer, 201))
                .thenCompose(made -> send(request("/products/" + sku + "/adjustments", "admin")
                        .header("Idempotency-Key", "rehearsal")
                        .POST(body(delivery))))
                .thenAccept(answer -> json(answer, 201));
    }

    /**
     * Asks for one unit, and waits up to {@value #WAIT_SECONDS} seconds for the outcome: the direct path.
     *
     * @param sku what is wanted
     */
    public IntFunction<CompletionStage<Answer>> waitingShoppers(String sku) {
        return shopper -> reserve(sku, shopper, "wait=" + WAIT_SECONDS);
    }

    /**
     * Asks for one unit, and is promised an outcome: the buffered path.
     *
     * @param sku what is wanted
     */
    public IntFunction<CompletionStage<Answer>> shoppers(String sku) {
        return shopper -> reserve(sku, shopper, "respond-async");
    }

    private CompletionStage<Answer> reserve(String sku, int shopper, String preference) {
        return send(request("/products/" + sku + "/reservations", "shopper-" + shopper)
                        .header("Idempotency-Key", sku)
                        .header("Prefer", preference)
                        .POST(body("{\"quantity\":1}")))
                .thenApply(Storefront::outcome);
    }

    /** Ends the sale of a copy: what is still queued for it is rejected. */
    public CompletionStage<Void> endCopy(ObjectNode product, String sku, int shards) {
        return send(request("/products/" + sku, "admin").PUT(body(copy(product, shards, "ENDED"))))
                .thenAccept(answer -> json(answer, 200));
    }

    private static String copy(ObjectNode product, int shards, String status) {
        ObjectNode copy = product.deepCopy();
        copy.remove("sku");
        copy.putNull("startsAt").putNull("endsAt");
        return copy.put("status", status).put("shards", shards).toString();
    }

    /** How many units are left, counted now. */
    public CompletionStage<Long> left(String sku) {
        return send(request("/products/" + sku + "/stock?consistency=strong", "admin")
                        .GET())
                .thenApply(answer -> json(answer, 200).path("available").asLong());
    }

    /** Reads how many units are left, from the fastest layer that knows. */
    public IntFunction<CompletionStage<Answer>> readers(String sku) {
        return reader -> send(request("/products/" + sku + "/stock", "reader").GET())
                .thenApply(answer -> answer.statusCode() == 200 ? Answer.Right.ACCEPTED : failed(answer));
    }

    private static Answer outcome(HttpResponse<String> answer) {
        return switch (answer.statusCode()) {
            case 201 -> Answer.Right.ACCEPTED;
            case 202 -> Answer.Right.QUEUED;
            case 409 -> answer.body().contains("/problems/sold-out") ? Answer.Right.SOLD_OUT : failed(answer);
            default -> failed(answer);
        };
    }

    private static Answer failed(HttpResponse<String> answer) {
        return new Answer.Failed("HTTP " + answer.statusCode());
    }

    private HttpRequest.Builder request(String path, String user) {
        return HttpRequest.newBuilder(base.resolve(path))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .header("X-User", user);
    }

    private static HttpRequest.BodyPublisher body(String json) {
        return HttpRequest.BodyPublishers.ofString(json);
    }

    private static CompletableFuture<HttpResponse<String>> send(HttpRequest.Builder request) {
        return CLIENT.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static ObjectNode json(HttpResponse<String> answer, int expected) {
        try {
            JsonNode body = Wire.MAPPER.readTree(answer.body());
            if (answer.statusCode() == expected && body instanceof ObjectNode object) {
                return object;
            }
            throw new IllegalStateException("The rehearsal was answered " + answer.statusCode() + ": "
                    + body.path("detail").asText());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Not JSON: " + answer.body(), e);
        }
    }
}
