package dev.flashstock.app;

import dev.flashstock.api.ConcurrencyLimit;
import dev.flashstock.inventory.Counts;
import dev.flashstock.inventory.Freshness;
import dev.flashstock.inventory.GatheredStockLevels;
import dev.flashstock.inventory.GroupCommits;
import dev.flashstock.inventory.LiveStock;
import dev.flashstock.inventory.Pauses;
import dev.flashstock.inventory.PodStockLevels;
import dev.flashstock.inventory.ProductTable;
import dev.flashstock.inventory.RememberedListings;
import dev.flashstock.inventory.ReservationTable;
import dev.flashstock.inventory.SoldOut;
import dev.flashstock.inventory.Stock;
import dev.flashstock.inventory.StockLevels;
import dev.flashstock.inventory.StockTable;
import dev.flashstock.inventory.Totals;
import dev.flashstock.redis.BoundedRedis;
import dev.flashstock.redis.RedisConfig;
import dev.flashstock.redis.RedisStockLevels;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/** The layers of which stock is read, put together: this process's memory, Redis, the shards or summaries ({@link SummaryWiring}). */
final class StockWiring {
    @Produces
    @Singleton
    Freshness freshness(StockConfig config) {
        return new Freshness(config.podTtl(), config.ttl(), config.stale());
    }

    /** Redis is got when it is needed: Quarkus would refuse to start without its address before Startup can say why. */
    @Produces
    @Singleton
    BoundedRedis boundedRedis(Instance<ReactiveRedisDataSource> redis, RedisConfig config, MeterRegistry metrics) {
        BoundedRedis bounded = new BoundedRedis(redis.get(), config.timeout());
        Wiring.measureAway("redis", bounded, BoundedRedis::isAway, metrics);
        return bounded;
    }

    @Produces
    @Singleton
    @Typed({RedisStockLevels.class, Totals.class})
    RedisStockLevels remembered(
            BoundedRedis redis, Counts counts, RedisConfig config, Freshness freshness, InstantSource clock) {
        return new RedisStockLevels(redis, config, freshness, counts, clock, Pauses.real(), Wiring::chance);
    }

    @Produces
    @Singleton
    PodStockLevels levels(RedisStockLevels remembered, Freshness freshness, ConcurrencyLimit limit) {
        return new PodStockLevels(remembered, freshness, limit::oldTotalsWillDo);
    }

    @Produces
    @Singleton
    Stock stock(
            RememberedListings remembered,
            ProductTable products,
            StockTable table,
            ReservationTable reservations,
            GroupCommits commits,
            PodStockLevels levels,
            SoldOut soldOut,
            InstantSource clock) {
        StockLevels exact = new GatheredStockLevels(table, clock);
        return new Stock(remembered, products, table, reservations, commits, levels, exact, soldOut, Wiring.RETRIES);
    }

    @Produces
    @Singleton
    LiveStock liveStock(RememberedListings remembered, PodStockLevels levels) {
        return new LiveStock(remembered, levels, Pauses.real());
    }
}
