package dev.flashstock.app;

import static java.util.stream.Collectors.toSet;

import dev.flashstock.dynamodb.DynamoDbConfig;
import dev.flashstock.dynamodb.DynamoDbLayouts;
import dev.flashstock.heat.ClusterHeat;
import dev.flashstock.heat.ShardHeat;
import dev.flashstock.inventory.GroupCommits;
import dev.flashstock.inventory.LayoutKeeper;
import dev.flashstock.inventory.Layouts;
import dev.flashstock.inventory.Neighbours;
import dev.flashstock.inventory.Pauses;
import dev.flashstock.inventory.ProductTable;
import dev.flashstock.inventory.RememberedListings;
import dev.flashstock.inventory.StockTable;
import dev.flashstock.stock.Sku;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** How many shards SKUs have, put together. */
final class LayoutWiring {
    /** A listing comes sooner, and a count that takes longer than two of them is not remembered. */
    private static final Duration READING = Duration.ofSeconds(5);

    @Produces
    @Singleton
    Layouts layouts(
            ProductTable products,
            RememberedListings remembered,
            DynamoDbAsyncClient client,
            DynamoDbConfig config,
            InventoryConfig inventoryConfig,
            StockTable stock,
            GroupCommits commits) {
        return new Layouts(
                products,
                remembered::forget,
                new DynamoDbLayouts(client, config.table()),
                stock,
                commits,
                Wiring.RETRIES,
                Pauses.real(),
                inventoryConfig.listingTtl().plus(READING));
    }

    @Produces
    @Singleton
    LayoutKeeper layoutKeeper(
            Layouts layouts,
            RememberedListings remembered,
            Neighbours neighbours,
            ClusterHeat heat,
            LayoutConfig config,
            InstantSource clock,
            MeterRegistry metrics) {
        return new LayoutKeeper(
                layouts,
                remembered::known,
                () -> skus(heat),
                neighbours,
                new LayoutKeeper.Setting(config.automatic(), config.mostShards(), config.coolDown()),
                clock,
                Pauses.real(),
                new LayoutNews(metrics));
    }

    private static Set<Sku> skus(ClusterHeat heat) {
        return heat.hotShards().stream().map(ShardHeat::sku).collect(toSet());
    }
}
