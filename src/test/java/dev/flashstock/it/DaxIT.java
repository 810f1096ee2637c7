package dev.flashstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.flashstock.dynamodb.FakeDax;
import dev.flashstock.dynamodb.FakeDax.Mood;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What is packaged has all that the client of DAX needs, starts without a cluster, and ends in order with one. */
class DaxIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int ENDED_BY_SIGTERM = 128 + 15;
    private static final String SKU = "console";

    private final OwnBackends backends = new OwnBackends("dax");
    private final Instance instance = new Instance("dax", backends.settings());
    private final Storefront storefront = new Storefront();

    @AfterEach
    void end() throws InterruptedException {
        instance.close();
        backends.close();
    }

    @Test
    void a_cluster_tells_about_products() throws Exception {
        assumeFalse(Packaged.isNative(), "it does not start with a cluster");
        try (FakeDax dax = new FakeDax(Mood.FINE, this::item)) {
            // Given
            backends.settings().put("flashstock.dax.endpoint", dax.endpoint().toString());
            instance.start();
            storefront.stockUp(instance, SKU, 1, 1);

            // When
            await().atMost(PATIENCE).until(() -> {
                int before = dax.itemsAskedFor();
                return storefront.look(instance, SKU).status() == 200 && dax.itemsAskedFor() > before;
            });
            instance.terminate();

            // Then
            assertThat(instance.exitCode(PATIENCE)).isEqualTo(ENDED_BY_SIGTERM);
        }
    }

    @Test
    void a_cluster_that_is_not_there_is_done_without() throws Exception {
        assumeFalse(Packaged.isNative(), "it does not start with a cluster");
        // Given
        backends.settings().put("flashstock.dax.endpoint", "dax://nowhere.invalid");
        instance.start();
        storefront.stockUp(instance, SKU, 1, 1);

        // When
        Answer looked = storefront.look(instance, SKU);
        instance.terminate();

        // Then
        assertThat(looked.status()).isEqualTo(200);
        assertThat(instance.exitCode(PATIENCE)).isEqualTo(ENDED_BY_SIGTERM);
    }

    private Map<String, AttributeValue> item(Map<String, AttributeValue> key) {
        return backends.items().stream()
                .filter(item -> item.entrySet().containsAll(key.entrySet()))
                .findFirst()
                .orElse(Map.of());
    }
}
