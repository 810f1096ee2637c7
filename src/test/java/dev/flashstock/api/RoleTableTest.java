package dev.flashstock.api;

import static dev.flashstock.api.RoleTableTest.Who.ADMIN;
import static dev.flashstock.api.RoleTableTest.Who.ANOTHER_SHOPPER;
import static dev.flashstock.api.RoleTableTest.Who.ANYBODY;
import static dev.flashstock.api.RoleTableTest.Who.KEEPERS;
import static dev.flashstock.api.RoleTableTest.Who.OPERATOR;
import static dev.flashstock.api.RoleTableTest.Who.SERVICE;
import static dev.flashstock.api.RoleTableTest.Who.SHOPPER;
import static dev.flashstock.api.RoleTableTest.Who.SHOPPERS;
import static dev.flashstock.api.Shop.hold;
import static dev.flashstock.api.Shop.idOf;
import static dev.flashstock.api.Shop.newKey;
import static dev.flashstock.api.Shop.newProduct;
import static dev.flashstock.api.Shop.newProductWithStock;
import static dev.flashstock.api.Shop.newUser;
import static dev.flashstock.api.Shop.productWith;
import static dev.flashstock.api.Shop.token;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Who may do what. The rights are stated here, every operation of the contract is asked as everybody, and docs/security.md
 * has what came of it; {@code -Dsecurity.table.write=true} writes it there.
 */
@Tag("long")
@QuarkusTest
class RoleTableTest {
    private static final Path DOCUMENT = Path.of("docs", "security.md");
    private static final String BEGIN = "<!-- The table is written by RoleTableTest: begin -->\n";
    private static final String END = "<!-- end -->";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String JSON = "application/json";
    private static final String PRODUCT =
            "{\"name\":\"n\",\"priceMinor\":1,\"currency\":\"EUR\",\"status\":\"ON_SALE\"}";

    /** Who asks. */
    enum Who {
        ANONYMOUS("nobody"),
        SHOPPER("shopper"),
        ANOTHER_SHOPPER("another shopper"),
        SERVICE("service"),
        OPERATOR("operator"),
        ADMIN("admin");

        static final Set<Who> ANYBODY = EnumSet.allOf(Who.class);
        static final Set<Who> SHOPPERS = EnumSet.of(SHOPPER, ANOTHER_SHOPPER, SERVICE);
        static final Set<Who> KEEPERS = EnumSet.of(OPERATOR, ADMIN);

        private final String title;

        Who(String title) {
            this.title = title;
        }
    }

    /**
     * One operation and its rights.
     *
     * @param method of HTTP
     * @param path as the contract has it
     * @param allowed who may do it
     * @param status what they are answered
     * @param query what is asked, with the same places as the path
     * @param type of the body
     * @param body with the same places
     */
    private record Right(
            String method, String path, Set<Who> allowed, int status, String query, String type, String body) {
        static Right of(String operation, int status, Set<Who> allowed) {
            String[] words = operation.split(" ");
            return new Right(words[0], words[1], allowed, status, "", JSON, "");
        }

        Right asking(String query) {
            return new Right(method, path, allowed, status, "?" + query, type, body);
        }

        Right sending(String body) {
            return sending(JSON, body);
        }

        Right sending(String type, String body) {
            return new Right(method, path, allowed, status, query, type, body);
        }

        String operation() {
            return method + " " + path;
        }

        /** What is somebody's own is not there for another. */
        boolean isOwn() {
            return path.startsWith("/reservations/");
        }

        int expected(Who who) {
            if (allowed.contains(who)) {
                return who == ANOTHER_SHOPPER && isOwn() ? 404 : status;
            }
            return who == Who.ANONYMOUS ? 401 : 403;
        }
    }

    private static final List<Right> RIGHTS = List.of(
            Right.of("GET /products", 200, ANYBODY),
            Right.of("GET /products/{sku}", 200, ANYBODY),
            Right.of("PUT /products/{sku}", 200, Set.of(ADMIN)).sending(PRODUCT),
            Right.of("DELETE /products/{sku}", 204, Set.of(ADMIN)),
            Right.of("POST /products/{sku}/adjustments", 201, Set.of(ADMIN))
                    .sending("{\"delta\":1,\"reason\":\"DELIVERY\"}"),
            Right.of("POST /adjustments", 200, Set.of(ADMIN))
                    .sending("application/x-ndjson", "{\"sku\":\"{sku}\",\"delta\":1,\"reason\":\"DELIVERY\"}\n"),
            Right.of("GET /products/{sku}/ledger", 200, KEEPERS),
            Right.of("GET /products/{sku}/audit", 200, KEEPERS),
            Right.of("POST /products/{sku}/audit", 202, KEEPERS),
            Right.of("POST /products/{sku}/audit/repair", 409, Set.of(ADMIN)), // without an audit
            Right.of("GET /products/{sku}/stock", 200, ANYBODY),
            Right.of("GET /stock", 200, ANYBODY).asking("sku={sku}"),
            Right.of("GET /products/{sku}/stock/events", 200, ANYBODY),
            Right.of("GET /products/{sku}/stock/shards", 200, ANYBODY),
            Right.of("GET /products/{sku}/layout", 200, KEEPERS),
            Right.of("PUT /products/{sku}/layout", 200, Set.of(ADMIN)).sending("{\"shards\":10}"),
            Right.of("GET /dashboard", 200, ANYBODY),
            Right.of("GET /dashboard/events", 200, KEEPERS),
            Right.of("GET /diagnosis", 200, KEEPERS),
            Right.of("GET /diagnosis/tables/{table}", 200, KEEPERS),
            Right.of("POST /diagnosis/tables/{table}/on-demand", 200, Set.of(ADMIN)),
            Right.of("POST /diagnosis/tables/{table}/warm-throughput", 422, Set.of(ADMIN)) // DynamoDB Local has none
                    .sending("{\"writeUnitsPerSecond\":8000}"),
            Right.of("POST /diagnosis/tables/{table}/contributor-insights", 422, Set.of(ADMIN)), // nor these
            Right.of("GET /advice/shards", 200, ANYBODY).asking("peakWritesPerSecond=8000"),
            Right.of("GET /preflight", 200, KEEPERS).asking("sku={sku}&peak=50"),
            Right.of("POST /products/{sku}/views", 204, ANYBODY),
            Right.of("GET /products/{sku}/views", 200, ANYBODY),
            Right.of("PUT /products/{sku}/likes", 204, SHOPPERS),
            Right.of("DELETE /products/{sku}/likes", 204, SHOPPERS),
            Right.of("GET /products/{sku}/likes", 200, ANYBODY),
            Right.of("GET /products/{sku}/likes/mine", 200, SHOPPERS),
            Right.of("POST /products/{sku}/reservations", 202, SHOPPERS).sending("{\"quantity\":1}"),
            Right.of("GET /reservations", 200, SHOPPERS),
            Right.of("GET /reservations/{id}", 200, SHOPPERS),
            Right.of("GET /reservations/{id}/events", 200, SHOPPERS),
            Right.of("POST /reservations/{id}/confirmation", 200, Set.of(SERVICE)),
            Right.of("POST /reservations/{id}/extension", 200, SHOPPERS),
            Right.of("DELETE /reservations/{id}", 200, SHOPPERS),
            Right.of("GET /users/{user}/reservations", 200, KEEPERS),
            Right.of("GET /users/{user}/reservations/{id}", 200, KEEPERS),
            Right.of("POST /users/{user}/reservations/{id}/release", 200, Set.of(ADMIN))
                    .sending("{\"reason\":\"fraud\"}"));

    @TestHTTPResource("/")
    URI base;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void everyOperationOfTheContractHasItsRights() {
        // When
        Map<String, Map<String, Object>> paths = given().queryParam("format", "json")
                .get("/q/openapi")
                .jsonPath()
                .getMap("paths");

        // Then
        Set<String> operations = paths.entrySet().stream()
                .flatMap(path -> path.getValue().keySet().stream()
                        .filter(key -> key.matches("get|put|post|delete|patch|head|options"))
                        .map(method -> method.toUpperCase(Locale.ROOT) + " " + path.getKey()))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(RIGHTS).extracting(Right::operation).containsExactlyInAnyOrderElementsOf(operations);
    }

    @Test
    void everybodyMayWhatIsStatedAndTheDocumentSaysSo() throws Exception {
        // When
        SoftAssertions rights = new SoftAssertions();
        StringBuilder table = new StringBuilder(row("", Stream.of(Who.values()).map(who -> who.title)))
                .append(row("---", Stream.of(Who.values()).map(who -> "---")));
        for (Right right : RIGHTS) {
            Map<Who, Integer> statuses = new EnumMap<>(Who.class);
            for (Who who : Who.values()) {
                int status = ask(right, who);
                statuses.put(who, status);
                rights.assertThat(status).as(right.operation() + " as " + who).isEqualTo(right.expected(who));
            }
            table.append(row(
                    "`" + right.operation() + "`", statuses.values().stream().map(String::valueOf)));
        }

        // Then
        rights.assertAll();
        String document = Files.readString(DOCUMENT);
        String written = document.substring(0, document.indexOf(BEGIN) + BEGIN.length())
                + table
                + document.substring(document.indexOf(END));
        if (Boolean.getBoolean("security.table.write")) {
            Files.writeString(DOCUMENT, written);
        }
        assertThat(Files.readString(DOCUMENT)).isEqualTo(written);
    }

    private static String row(String first, Stream<String> cells) {
        return Stream.concat(Stream.of(first), cells).collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    /** Asks for what is new each time, in a way that is in order, and tells the status. */
    private int ask(Right right, Who who) throws IOException, InterruptedException {
        String user = newUser();
        String sku = right.method().equals("DELETE") && right.path().equals("/products/{sku}")
                ? newProduct(productWith("status", "ENDED"))
                : newProductWithStock(2);
        String id = right.path().contains("{id}") ? idOf(hold(user, sku, 1)) : "";
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        base.resolve(filled(right.path() + right.query(), sku, user, id)))
                .timeout(PATIENCE)
                .header("Content-Type", right.type())
                .header("Idempotency-Key", newKey())
                .method(right.method(), HttpRequest.BodyPublishers.ofString(filled(right.body(), sku, user, id)));
        switch (who) {
            case ANONYMOUS -> {}
            case SHOPPER -> bear(request, user, "shopper");
            case ANOTHER_SHOPPER -> bear(request, newUser(), "shopper");
            case SERVICE -> bear(request, "storefront", "service").header("X-User", user);
            case OPERATOR -> bear(request, "olga", "operator");
            case ADMIN -> bear(request, "boss", "admin");
        }
        // A stream of events has no end.
        HttpResponse<InputStream> response = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        response.body().close();
        return response.statusCode();
    }

    private static HttpRequest.Builder bear(HttpRequest.Builder request, String subject, String role) {
        return request.header("Authorization", "Bearer " + token(subject, role));
    }

    private static String filled(String text, String sku, String user, String id) {
        return text.replace("{sku}", sku)
                .replace("{user}", user)
                .replace("{id}", id)
                .replace("{table}", "flashstock-test");
    }
}
