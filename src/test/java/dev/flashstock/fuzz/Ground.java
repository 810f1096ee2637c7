package dev.flashstock.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flashstock.fuzz.ApiContract.Operation;
import dev.flashstock.fuzz.Wire.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What one operation is tried on: a product with stock and a user with a hold, for nothing else, so that whatever changes
 * there was changed by it.
 */
final class Ground {
    static final long UNITS = 100_000;

    private static final long MOST_OF_A_REQUEST = 100;

    /** Where it shows whether an operation has changed anything that it should not; what is queued shows in the end. */
    private static final Map<String, String> SHOWN_AT = Map.of(
            "putProduct", "/products/{sku}?consistency=strong",
            "deleteProduct", "/products/{sku}?consistency=strong",
            "putLayout", "/products/{sku}/layout",
            "adjustStock", "/products/{sku}/stock/shards",
            "adjustStockInBulk", "/products/{sku}/stock/shards",
            "confirmReservation", "/users/{user}/reservations/{id}",
            "extendReservation", "/users/{user}/reservations/{id}",
            "releaseReservation", "/users/{user}/reservations/{id}",
            "forceRelease", "/users/{user}/reservations/{id}");

    /** What is done there cannot be done again. */
    private static final Set<String> USES_UP = Set.of(
            "putProduct",
            "deleteProduct",
            "confirmReservation",
            "extendReservation",
            "releaseReservation",
            "forceRelease");

    /** A layout goes on changing after it was chosen. */
    private static final Pattern BY_ITSELF = Pattern.compile("\"(writeShards|readShards)\":\\d+,|\"state\":\"[A-Z]+\"");

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Operation operation;
    private final Wire wire;
    private final Tokens tokens;
    private final Map<String, String> known = new HashMap<>();
    /** What reservations were asked for, by their ids. */
    private final Map<String, LongSummaryStatistics> reserved = new HashMap<>();

    private long unanswered;
    private String shown = "";

    Ground(Operation operation, Wire wire, Tokens tokens, String table) {
        this.operation = operation;
        this.wire = wire;
        this.tokens = tokens;
        known.put("table", table);
        known.put("user", "fuzz-" + UUID.randomUUID());
        renew();
    }

    /** The values that parameters and fields of these names need: sku, user, id, reservation, table. */
    Map<String, String> known() {
        return known;
    }

    /** What an accepted request has used up, made anew. */
    private void renew() {
        String sku = "fuzz-" + UUID.randomUUID();
        known.put("sku", sku);
        if (!operation.id().equals("putProduct")) {
            String status = operation.id().equals("deleteProduct") ? "ENDED" : "ON_SALE";
            does(
                    201,
                    admin("PUT", "/products/" + sku)
                            .body("{\"name\":\"n\",\"priceMinor\":1,\"currency\":\"EUR\",\"shards\":4,\"status\":\""
                                    + status + "\"}"));
            does(
                    201,
                    admin("POST", "/products/" + sku + "/adjustments")
                            .header("Idempotency-Key", "delivery")
                            .body("{\"delta\":" + UNITS + ",\"reason\":\"DELIVERY\"}"));
        }
        known.put("id", operation.path().contains("{id}") ? hold(sku) : "none");
        known.put("reservation", known.get("id"));
        shown = show();
    }

    private String hold(String sku) {
        JsonNode held = does(
                201,
                as(known.get("user"), "shopper", "POST", "/products/" + sku + "/reservations")
                        .header("Idempotency-Key", "hold")
                        .header("Prefer", "wait=10")
                        .body("{\"quantity\":1}"));
        return held.path("id").asText();
    }

    /** Comes after each answer, and tells what a refused request has done. */
    Optional<String> changedBy(Draft request, Optional<Reply> reply) {
        // What was closed without an answer may have been done.
        boolean accepted = reply.isEmpty() || reply.get().status() < 300;
        count(reply);
        if (!SHOWN_AT.containsKey(operation.id())) {
            return Optional.empty();
        }
        if (accepted && USES_UP.contains(operation.id()) && !request.isHead()) {
            renew();
            return Optional.empty();
        }
        String before = shown;
        shown = show();
        return accepted || shown.equals(before)
                ? Optional.empty()
                : Optional.of("It was refused and has changed " + before + " to " + shown);
    }

    /**
     * The units of reservations that were accepted. Of one that was asked for twice, with another quantity before it was
     * decided, either may count; what was closed without an answer may have been done.
     */
    private void count(Optional<Reply> reply) {
        if (!operation.id().equals("reserve")) {
            return;
        }
        if (reply.isEmpty()) {
            unanswered++;
        }
        reply.filter(it -> it.status() == 201 || it.status() == 202)
                .map(Ground::json)
                // Other operations may have made other products.
                .filter(it -> it.path("sku").asText().equals(known.get("sku")))
                .ifPresent(it -> reserved.computeIfAbsent(it.path("id").asText(), id -> new LongSummaryStatistics())
                        .accept(it.path("quantity").asLong()));
    }

    private String show() {
        String path = SHOWN_AT.get(operation.id());
        if (path == null) {
            return "";
        }
        for (Map.Entry<String, String> value : known.entrySet()) {
            path = path.replace('{' + value.getKey() + '}', value.getValue());
        }
        Reply reply = sent(as("boss", "admin", "GET", path));
        return reply.status() + " " + BY_ITSELF.matcher(reply.text()).replaceAll("");
    }

    /** The most units that should be in stock, once nothing is queued any more. */
    long mostLeft() {
        return UNITS
                - reserved.values().stream()
                        .mapToLong(LongSummaryStatistics::getMin)
                        .sum();
    }

    /** The fewest. */
    long fewestLeft() {
        return UNITS
                - reserved.values().stream()
                        .mapToLong(LongSummaryStatistics::getMax)
                        .sum()
                - MOST_OF_A_REQUEST * unanswered;
    }

    /** Units that are in stock now. */
    long available() {
        return does(200, admin("GET", "/products/" + known.get("sku") + "/stock?consistency=strong"))
                .path("available")
                .asLong();
    }

    /** The state of the books: of a product that is not there, none. */
    Optional<JsonNode> audit() {
        Reply reply = sent(admin("GET", "/products/" + known.get("sku") + "/audit"));
        return reply.status() == 404 ? Optional.empty() : Optional.of(json(reply));
    }

    /** Whether it has begun: a process has few under way at once. */
    boolean startsAudit() {
        Draft request =
                admin("POST", "/products/" + known.get("sku") + "/audit").body("");
        return sent(request).status() == 202;
    }

    private Draft admin(String method, String path) {
        return as("boss", "admin", method, path);
    }

    private Draft as(String subject, String role, String method, String path) {
        return new Draft(method, path)
                .header("Host", "shop")
                .header("Authorization", "Bearer " + tokens.of(subject, role))
                .header("Content-Type", "application/json");
    }

    private JsonNode does(int status, Draft request) {
        Reply reply = sent(request);
        if (reply.status() != status) {
            throw new IllegalStateException(
                    "Not prepared: " + request + " was answered " + reply.status() + " " + reply.text());
        }
        return json(reply);
    }

    private Reply sent(Draft request) {
        try {
            return wire.send(request).orElseThrow(() -> new IllegalStateException("No answer to " + request));
        } catch (IOException e) {
            throw new UncheckedIOException(request.toString(), e);
        }
    }

    private static JsonNode json(Reply reply) {
        try {
            return MAPPER.readTree(reply.body());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(reply.text(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
