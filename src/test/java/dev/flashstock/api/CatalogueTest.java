package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertProblem;
import static dev.flashstock.api.Shop.STALE;
import static dev.flashstock.api.Shop.anonymous;
import static dev.flashstock.api.Shop.asAdmin;
import static dev.flashstock.api.Shop.get;
import static dev.flashstock.api.Shop.newProduct;
import static dev.flashstock.api.Shop.newSku;
import static dev.flashstock.api.Shop.product;
import static dev.flashstock.api.Shop.productWith;
import static dev.flashstock.api.Shop.put;
import static dev.flashstock.api.Shop.together;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class CatalogueTest {
    @Test
    void aNewProductIsCreatedAsItWasWritten() {
        // Given
        String sku = newSku();
        Map<String, Object> product = product();
        product.put("startsAt", "2026-11-27T09:00:00Z");
        product.put("endsAt", "2026-11-27T10:00:00Z");
        product.put("shards", 3);
        product.put("holdSeconds", 60);

        // When
        Response response = put(sku, product);

        // Then
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.header("ETag")).matches("\"[^\"]+\"");
        assertThat(response.jsonPath().<String, Object>getMap(""))
                .containsAllEntriesOf(product)
                .containsEntry("sku", sku)
                .containsEntry("perUserLimit", null);
    }

    @Test
    void whatIsNotSaidHasADefault() {
        // When
        Response response = put(newSku(), product());

        // Then
        assertThat(response.jsonPath().<String, Object>getMap(""))
                .containsEntry("shards", 10)
                .containsEntry("holdSeconds", 600)
                .containsEntry("startsAt", null)
                .containsEntry("endsAt", null);
    }

    @Test
    void anExistingProductIsReplaced() {
        // Given
        String sku = newSku();
        String before = put(sku, product()).header("ETag");

        // When
        Response response = put(sku, productWith("priceMinor", 39_900));

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.header("ETag")).isNotEqualTo(before);
        assertThat(read(sku).getInt("priceMinor")).isEqualTo(39_900);
    }

    @Test
    void sayingTheSameAgainChangesNothing() {
        // Given
        String sku = newSku();
        String before = put(sku, product()).header("ETag");

        // When
        Response response = put(sku, product());

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.header("ETag")).isEqualTo(before);
    }

    @Test
    void aProductKeepsTheShardsThatItWasCreatedWith() {
        // Given
        String sku = newProduct(productWith("shards", 3));

        // When
        Response response = put(sku, productWith("shards", 7));

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.jsonPath().getInt("shards")).isEqualTo(3);
        assertThat(Shop.shards(sku)).hasSize(3);
    }

    @Test
    void ofManyThatCreateAtOnceOneDoes() {
        // Given
        String sku = newSku();

        // When
        List<Response> responses = together(8, i -> put(sku, product()));

        // Then
        assertThat(responses).extracting(Response::statusCode).containsOnlyOnce(201);
        assertThat(responses).extracting(Response::statusCode).containsOnly(200, 201);
        assertThat(responses).extracting(it -> it.header("ETag")).containsOnly(get(sku).header("ETag"));
    }

    @Test
    void aReaderGetsTheProductWithItsETag() {
        // Given
        String sku = newSku();
        String etag = put(sku, product()).header("ETag");

        // When
        Response response = get(sku);

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.header("ETag")).isEqualTo(etag);
        assertThat(response.jsonPath().<String, Object>getMap(""))
                .containsAllEntriesOf(product())
                .containsEntry("sku", sku);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "W/%s", "\"another\", %s", "*"})
    void aReaderThatHasTheRevisionGetsNothingNew(String ifNoneMatch) {
        // Given
        String sku = newSku();
        String etag = put(sku, product()).header("ETag");

        // When
        Response response =
                anonymous().header("If-None-Match", ifNoneMatch.formatted(etag)).get("/products/{sku}", sku);

        // Then
        assertThat(response.statusCode()).isEqualTo(304);
        assertThat(response.header("ETag")).isEqualTo(etag);
        assertThat(response.asString()).isEmpty();
    }

    @Test
    void aReaderWithAnOldRevisionGetsTheNewOne() {
        // Given
        String sku = newProduct();

        // When
        Response response = anonymous().header("If-None-Match", STALE).get("/products/{sku}", sku);

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
    }

    @Test
    void aProductThatIsNotThereIsNotFound() {
        // When
        Response response = get(newSku());

        // Then
        assertProblem(response, 404, "unknown-sku");
    }

    @Test
    void theRevisionThatTheWriterHasSeenIsReplaced() {
        // Given
        String sku = newSku();
        String etag = put(sku, product()).header("ETag");

        // When
        Response response = rename(asAdmin().header("If-Match", etag), sku, "Renamed");

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(read(sku).getString("name")).isEqualTo("Renamed");
    }

    @Test
    void aRevisionThatTheWriterHasNotSeenIsNotReplaced() {
        // Given
        String sku = newProduct();

        // When
        Response response = rename(asAdmin().header("If-Match", STALE), sku, "Renamed");

        // Then
        assertProblem(response, 412, "precondition-failed");
        assertThat(read(sku).getString("name")).isEqualTo("Game console");
    }

    @Test
    void whoOnlyCreatesDoesNotReplace() {
        // Given
        String sku = newProduct();

        // When
        Response response = rename(asAdmin().header("If-None-Match", "*"), sku, "Renamed");

        // Then
        assertProblem(response, 412, "precondition-failed");
        assertThat(read(sku).getString("name")).isEqualTo("Game console");
    }

    @Test
    void whoOnlyReplacesDoesNotCreate() {
        // Given
        String sku = newSku();

        // When
        Response response = rename(asAdmin().header("If-Match", "*"), sku, "New");

        // Then
        assertProblem(response, 412, "precondition-failed");
        assertThat(get(sku).statusCode()).isEqualTo(404);
    }

    @Test
    void ofManyThatReplaceTheSameRevisionOneDoes() {
        // Given
        String sku = newSku();
        String etag = put(sku, product()).header("ETag");

        // When
        List<Response> responses = together(8, i -> rename(asAdmin().header("If-Match", etag), sku, "Name " + i));

        // Then
        assertThat(responses).extracting(Response::statusCode).containsOnlyOnce(200);
        assertThat(responses).extracting(Response::statusCode).containsOnly(200, 412);
    }

    @Test
    void theListOfAStatusIsMergedOverTheIndexInTheOrderOfSkus() {
        // Given
        List<String> skus = together(30, i -> newProduct(productWith("status", "PAUSED"))).stream()
                .sorted()
                .toList();
        String onSale = newProduct();

        // When
        List<JsonPath> pages = pages("PAUSED", 7);

        // Then
        List<String> listed = pages.stream()
                .flatMap(page -> page.getList("items.sku", String.class).stream())
                .toList();
        assertThat(listed).isSorted().doesNotHaveDuplicates().containsSubsequence(skus);
        assertThat(listed).doesNotContain(onSale);
        assertThat(pages.subList(0, pages.size() - 1))
                .hasSizeGreaterThanOrEqualTo(4)
                .allSatisfy(page -> assertThat(page.getList("items")).hasSize(7));
    }

    @Test
    void aProductOfAnotherStatusLeavesTheList() {
        // Given
        String sku = newProduct(productWith("status", "DRAFT"));
        put(sku, productWith("status", "ENDED"));

        // When
        List<JsonPath> drafts = pages("DRAFT", 100);

        // Then
        assertThat(drafts)
                .allSatisfy(page ->
                        assertThat(page.getList("items.sku", String.class)).doesNotContain(sku));
        assertThat(pages("ENDED", 100))
                .anySatisfy(page ->
                        assertThat(page.getList("items.sku", String.class)).contains(sku));
    }

    private static Response rename(RequestSpecification writer, String sku, String name) {
        return writer.body(productWith("name", name)).put("/products/{sku}", sku);
    }

    private static JsonPath read(String sku) {
        return get(sku).jsonPath();
    }

    private static List<JsonPath> pages(String status, int limit) {
        List<JsonPath> pages = new ArrayList<>();
        String cursor = null;
        do {
            RequestSpecification reader =
                    anonymous().queryParam("status", status).queryParam("limit", limit);
            JsonPath page = (cursor == null ? reader : reader.queryParam("cursor", cursor))
                    .get("/products")
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            pages.add(page);
            cursor = page.getString("next");
        } while (cursor != null);
        return pages;
    }
}
