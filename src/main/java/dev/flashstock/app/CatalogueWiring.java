package dev.flashstock.app;

import dev.flashstock.api.CountersConfig;
import dev.flashstock.dynamodb.DaxCluster;
import dev.flashstock.dynamodb.DaxListings;
import dev.flashstock.dynamodb.DynamoDbConfig;
import dev.flashstock.dynamodb.DynamoDbCounters;
import dev.flashstock.inventory.Audits;
import dev.flashstock.inventory.Catalogue;
import dev.flashstock.inventory.CounterTable;
import dev.flashstock.inventory.Likes;
import dev.flashstock.inventory.Listings;
import dev.flashstock.inventory.Pauses;
import dev.flashstock.inventory.ProductTable;
import dev.flashstock.inventory.RememberedListings;
import dev.flashstock.inventory.Views;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import software.amazon.awssdk.auth.credentials.CredentialUtils;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbServiceClientConfiguration;

/** Products, how often they are viewed, and who likes them, put together. */
final class CatalogueWiring {
    @Produces
    @Singleton
    RememberedListings rememberedListings(ProductTable products, InventoryConfig config) {
        return new RememberedListings(products, config.listingTtl());
    }

    @Produces
    @Singleton
    Catalogue catalogue(
            ProductTable products,
            Audits audits,
            RememberedListings remembered,
            Instance<DaxCluster> dax,
            DaxConfig daxConfig,
            DynamoDbConfig config,
            InventoryConfig inventoryConfig,
            MeterRegistry metrics) {
        Listings shown = remembered;
        if (daxConfig.endpoint().isPresent()) {
            DaxListings ofDax = new DaxListings(dax.get(), config.table(), products, daxConfig.timeout());
            Wiring.measureAway("dax", ofDax, DaxListings::isAway, metrics);
            shown = new RememberedListings(ofDax, inventoryConfig.listingTtl());
        }
        return new Catalogue(products, audits::held, remembered, shown, Wiring.RETRIES);
    }

    /** Got only where an endpoint is set: its client is not even loaded elsewhere. */
    @Produces
    @Singleton
    DaxCluster dax(DaxConfig config, DynamoDbAsyncClient client) {
        DynamoDbServiceClientConfiguration dynamoDb = client.serviceClientConfiguration();
        return new DaxCluster(
                DaxCluster.endpoint(config.endpoint().orElseThrow()),
                config.timeout(),
                dynamoDb.region(),
                CredentialUtils.toCredentialsProvider(dynamoDb.credentialsProvider()));
    }

    void close(@Disposes DaxCluster dax) {
        dax.close();
    }

    // Views and likes

    @Produces
    @Singleton
    CounterTable counterTable(DynamoDbAsyncClient client, DynamoDbConfig config) {
        return new DynamoDbCounters(client, config.table());
    }

    @Produces
    @Singleton
    Views views(
            RememberedListings listings,
            CounterTable table,
            CountersConfig config,
            InstantSource clock,
            MeterRegistry metrics) {
        return new Views(
                listings,
                table,
                config.flush(),
                config.ttl(),
                clock,
                Pauses.real(),
                Wiring::random,
                new ViewFailures(metrics));
    }

    @Produces
    @Singleton
    Likes likes(RememberedListings listings, CounterTable table, CountersConfig config, InstantSource clock) {
        return new Likes(listings, table, Wiring.RETRIES, Wiring::random, config.ttl(), clock);
    }
}
