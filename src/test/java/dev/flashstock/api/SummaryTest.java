package dev.flashstock.api;

import static dev.flashstock.api.Shop.anonymous;
import static dev.flashstock.api.Shop.hold;
import static dev.flashstock.api.Shop.newProductWithStock;
import static dev.flashstock.api.Shop.newUser;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Totals from summaries, over HTTP. */
@Tag("long")
@QuarkusTest
@TestProfile(SummaryTest.Summaries.class)
class SummaryTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** With a table of its own, which others do not follow, and memories that are short. */
    public static class Summaries implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> settings = new HashMap<>();
            settings.put("flashstock.totals.source", "summary");
            settings.put("flashstock.totals.max-behind", "10s");
            settings.put("flashstock.dynamodb.table", "flashstock-summaries");
            settings.put("flashstock.redis.key-prefix", "flashstock-summaries:");
            settings.put("flashstock.stock.ttl", "100ms");
            settings.put("flashstock.stock.stale", "0s");
            settings.put("flashstock.stock.pod-ttl", "10ms");
            return settings;
        }
    }

    @Test
    void aTotalComesFromTheSummaryAndIsNeverTooLow() {
        // Given
        String sku = newProductWithStock(10);

        // When
        Response right = stock(sku);
        await().atMost(PATIENCE).until(() -> {
            Response any = stock(sku);
            assertThat(any.<Integer>path("available")).isEqualTo(10);
            return any.path("source").equals("summary");
        });
        Response summary = stock(sku);
        hold(newUser(), sku, 3);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(stock(sku).asString()).contains("\"available\":7", "\"source\":\"summary\""));
        Response exact = anonymous().get("/products/{sku}/stock?consistency=strong", sku);

        // Then
        assertThat(right.<String>path("source")).isEqualTo("shards");
        assertThat(Instant.parse(summary.path("asOf"))).isBefore(Instant.now().minusSeconds(2));
        assertThat(exact.<String>path("source")).isEqualTo("shards");
        assertThat(exact.<Integer>path("available")).isEqualTo(7);
        assertThat(anonymous().get("/q/metrics").asString())
                .contains("flashstock_summary_leads 1.0")
                .containsPattern("flashstock_summary_records_total [1-9]")
                .containsPattern("flashstock_summary_behind_seconds \\d");
    }

    private static Response stock(String sku) {
        return anonymous().get("/products/{sku}/stock", sku);
    }
}
