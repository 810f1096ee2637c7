package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertProblem;
import static dev.flashstock.api.Shop.adjust;
import static dev.flashstock.api.Shop.as;
import static dev.flashstock.api.Shop.asAdmin;
import static dev.flashstock.api.Shop.bearing;
import static dev.flashstock.api.Shop.hold;
import static dev.flashstock.api.Shop.newProductWithStock;
import static dev.flashstock.api.Shop.newSku;
import static dev.flashstock.api.Shop.newUser;
import static dev.flashstock.api.Shop.release;
import static dev.flashstock.api.Shop.token;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class LedgerTest {
    private static Response ledger(String sku, Object... query) {
        var request = asAdmin();
        for (int i = 0; i < query.length; i += 2) {
            Object value = query[i + 1];
            request.queryParam((String) query[i], value instanceof List<?> several ? several : List.of(value));
        }
        return request.get("/products/{sku}/ledger", sku);
    }

    @Test
    void everyChangeOfStockIsInTheLedger() {
        // Given
        String sku = newProductWithStock(5, 1);
        String user = newUser();
        String location = hold(user, sku, 2);
        release(user, location);

        // When
        Response response = ledger(sku);

        // Then
        JsonPath json = response.jsonPath();
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.contentType()).startsWith("application/json");
        assertThat(json.getList("items.lines.flatten().kind")).containsExactly("ADJUSTMENT", "HOLD", "RELEASE");
        assertThat(json.getList("items.change")).containsExactly(5, -2, 2);
        assertThat(json.getList("items.sku")).containsOnly(sku);
        assertThat(json.<Map<String, Object>>getList("items[1].shards"))
                .containsExactly(Map.of("shard", 0, "units", -2));
        assertThat(json.<Map<String, Object>>getList("items[1].lines"))
                .containsExactly(Map.of(
                        "kind",
                        "HOLD",
                        "units",
                        -2,
                        "user",
                        user,
                        "reservation",
                        location.substring("/reservations/".length())));
        assertThat(json.<Map<String, Object>>getList("items[0].lines"))
                .containsExactly(Map.of("kind", "ADJUSTMENT", "units", 5, "by", "admin", "reason", "DELIVERY"));
        assertThat(Instant.parse(json.getString("items[0].at"))).isBeforeOrEqualTo(Instant.now());
        assertThat(json.getString("next")).isNull();
        assertThat(response.header("Link")).isNull();
    }

    @Test
    void pagesFollowEachOtherByCursorAndByLink() {
        // Given
        String sku = newProductWithStock(5);
        adjust(sku, 1);
        adjust(sku, 2);

        // When
        List<Integer> changes = new ArrayList<>();
        Response page = ledger(sku, "limit", 1, "kind", "ADJUSTMENT");
        List<Response> pages = new ArrayList<>(List.of(page));
        while (page.header("Link") != null) {
            assertThat(page.header("Link"))
                    .endsWith("; rel=\"next\"")
                    .contains("cursor=" + page.jsonPath().getString("next"));
            String next = page.header("Link").replaceAll("^<(.*)>.*$", "$1");
            page = asAdmin().with().urlEncodingEnabled(false).get(next);
            pages.add(page);
        }
        pages.forEach(it -> changes.addAll(it.jsonPath().getList("items.change")));

        // Then
        assertThat(changes).containsExactly(5, 1, 2);
        assertThat(pages).hasSize(3);
    }

    @Test
    void theKindsAndTheTimeAreFiltered() {
        // Given
        String sku = newProductWithStock(5, 1);
        String user = newUser();
        release(user, hold(user, sku, 2));
        String last = ledger(sku).jsonPath().getString("items[2].at");

        // When
        Response kinds = ledger(sku, "kind", List.of("HOLD", "RELEASE"));
        Response before = ledger(sku, "until", last);
        Response after = ledger(sku, "from", last, "until", "2999-01-01T00:00:00Z");

        // Then
        assertThat(kinds.jsonPath().getList("items.change")).containsExactly(-2, 2);
        assertThat(before.jsonPath().getList("items.change")).containsExactly(5, -2);
        assertThat(after.jsonPath().getList("items.change")).containsExactly(2);
    }

    @Test
    void theSameAsCsvWithNoFormulas() throws IOException {
        // Given
        String sku = newProductWithStock(5, 1);
        String user = "=cmd|' /C calc'!A1,\"" + UUID.randomUUID();
        String location = hold(user, sku, 2);

        // When
        Response response = asAdmin().accept("text/csv").queryParam("limit", 1).get("/products/{sku}/ledger", sku);
        Response second = asAdmin()
                .accept("text/csv")
                .urlEncodingEnabled(false)
                .get(response.header("Link").replaceAll("^<(.*)>.*$", "$1"));

        // Then
        assertThat(response.contentType()).startsWith("text/csv");
        assertThat(response.asString())
                .startsWith("id,at,sku,change,shards,kind,units,user,reservation,by,reason\r\n")
                .contains(",5,0:5,ADJUSTMENT,5,,,admin,DELIVERY\r\n");
        Map<String, String> row = rows(second.asString()).get(0);
        assertThat(row)
                .containsEntry("change", "-2")
                .containsEntry("shards", "0:-2")
                .containsEntry("user", "'" + user)
                .containsEntry("reservation", location.substring("/reservations/".length()));
        assertThat(second.header("Link")).isNull();
    }

    private static List<Map<String, String>> rows(String csv) throws IOException {
        try (MappingIterator<Map<String, String>> rows = new CsvMapper()
                .readerForMapOf(String.class)
                .with(CsvSchema.emptySchema().withHeader())
                .readValues(csv)) {
            return rows.readAll();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "from, yesterday, Time",
        "until, 1764234000, Time",
        "from, +12345-01-01T00:00:00Z, Range",
        "until, 1969-12-31T23:59:59Z, Range",
        "kind, SALE, Enum",
        "kind, hold, Enum",
        "limit, 0, Range",
        "limit, 101, Range",
        "cursor, bm9uZQ, Shape",
        "cursor, !!, Shape"
    })
    void badInputIsNamed(String parameter, String value, String rule) {
        // Given
        String sku = newSku();

        // When
        Response response = ledger(sku, parameter, value);

        // Then
        assertProblem(response, 400, "invalid-request");
        assertThat(response.jsonPath().getString("errors[0].field")).isEqualTo(parameter);
        assertThat(response.jsonPath().getString("errors[0].rule")).isEqualTo(rule);
    }

    @Test
    void aCursorThatIsTooLongIsBadInput() {
        // Given
        String sku = newProductWithStock(5);
        String place = "2026-11-27T09:00:00Z#" + "x".repeat(2_000);
        String cursor = Base64.getUrlEncoder().encodeToString(place.getBytes(StandardCharsets.UTF_8));

        // When
        Response response = ledger(sku, "cursor", cursor);

        // Then
        assertProblem(response, 400, "invalid-request");
        assertThat(response.jsonPath().getString("errors[0].field")).isEqualTo("cursor");
    }

    @Test
    void aTimeThatEndsBeforeItBeginsIsBadInput() {
        // When
        Response response = ledger(newSku(), "from", "2026-11-27T09:00:00Z", "until", "2026-11-27T08:00:00Z");

        // Then
        assertProblem(response, 400, "invalid-request");
        assertThat(response.jsonPath().getString("errors[0].field")).isEqualTo("until");
    }

    @Test
    void anUnknownSkuHasNoLedger() {
        // When
        Response response = ledger(newSku());

        // Then
        assertProblem(response, 404, "unknown-sku");
    }

    @Test
    void operatorsReadItAndShoppersDoNot() {
        // Given
        String sku = newProductWithStock(5);

        // When
        Response operator = bearing(token("olga", "operator")).get("/products/{sku}/ledger", sku);
        Response shopper = as(newUser()).get("/products/{sku}/ledger", sku);
        Response nobody = RestAssured.get("/products/{sku}/ledger", sku);

        // Then
        assertThat(operator.statusCode()).isEqualTo(200);
        assertProblem(shopper, 403, "forbidden");
        assertProblem(nobody, 401, "unauthenticated");
    }
}
