package dev.flashstock.api;

import static dev.flashstock.api.Shop.adjust;
import static dev.flashstock.api.Shop.anonymous;
import static dev.flashstock.api.Shop.get;
import static dev.flashstock.api.Shop.newProduct;
import static dev.flashstock.api.Shop.newUser;
import static dev.flashstock.api.Shop.productWith;
import static dev.flashstock.api.Shop.put;
import static dev.flashstock.api.Shop.reserve;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flashstock.dynamodb.FakeDax;
import dev.flashstock.local.Backend;
import dev.flashstock.local.LocalBackends;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** A cluster that remembers products for good: who looks is told what it remembers, and nothing is decided by it. */
@QuarkusTest
@WithTestResource(DaxTest.Cluster.class)
class DaxTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Before the tests' table. */
    public static class Cluster implements QuarkusTestResourceLifecycleManager {
        private FakeDax dax;
        private DynamoDbAsyncClient table;

        @Override
        public Map<String, String> start() {
            table = DynamoDbAsyncClient.builder()
                    .endpointOverride(LocalBackends.server(Backend.DYNAMODB))
                    .region(Region.EU_CENTRAL_1)
                    .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                    .build();
            try {
                dax = new FakeDax(
                        FakeDax.Mood.FINE,
                        key -> table.getItem(request ->
                                        request.tableName("flashstock-test").key(key))
                                .join()
                                .item());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return Map.of("flashstock.dax.endpoint", dax.endpoint().toString(), "flashstock.dax.timeout", "5s");
        }

        @Override
        public void inject(TestInjector injector) {
            injector.injectIntoFields(dax, new TestInjector.MatchesType(FakeDax.class));
        }

        @Override
        public void stop() {
            try {
                dax.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            table.close();
        }
    }

    FakeDax dax;

    /** A product that the cluster remembers, on sale. */
    private String remembered() {
        String sku = newProduct();
        await().atMost(PATIENCE).until(() -> {
            int before = dax.itemsAskedFor();
            get(sku).then().statusCode(200);
            return dax.itemsAskedFor() >= before + 2;
        });
        return sku;
    }

    @Test
    void whoLooksIsToldWhatTheClusterRemembersAndWhoAsksForMoreWhatIsThere() {
        // Given
        String sku = remembered();

        // When
        put(sku, productWith("name", "Another name")).then().statusCode(200);
        Response shown = get(sku);
        Response there = anonymous().queryParam("consistency", "strong").get("/products/{sku}", sku);

        // Then
        assertThat(shown.jsonPath().getString("name")).isEqualTo("Game console");
        assertThat(there.jsonPath().getString("name")).isEqualTo("Another name");
    }

    @Test
    void aChangeByTheTagOfWhatIsThereSucceedsAndByWhatIsRememberedItIsRefused() {
        // Given
        String sku = remembered();
        put(sku, productWith("name", "Another name")).then().statusCode(200);
        String old = get(sku).header("ETag");
        String there = anonymous()
                .queryParam("consistency", "strong")
                .get("/products/{sku}", sku)
                .header("ETag");

        // When
        Response refused = Shop.asAdmin()
                .header("If-Match", old)
                .body(productWith("name", "A third name"))
                .put("/products/{sku}", sku);
        Response done = Shop.asAdmin()
                .header("If-Match", there)
                .body(productWith("name", "A third name"))
                .put("/products/{sku}", sku);

        // Then
        Problems.assertProblem(refused, 412, "precondition-failed");
        assertThat(done.statusCode()).isEqualTo(200);
    }

    @Test
    void noUnitIsSoldOfAProductThatTheClusterBelievesToBeOnSale() {
        // Given
        String sku = remembered();
        adjust(sku, 10).then().statusCode(201);

        // When
        put(sku, productWith("status", "PAUSED")).then().statusCode(200);
        Response reserved = reserve(newUser(), sku, 1);

        // Then
        assertThat(get(sku).jsonPath().getString("status")).isEqualTo("ON_SALE");
        Problems.assertProblem(reserved, 409, "not-on-sale");
    }
}
