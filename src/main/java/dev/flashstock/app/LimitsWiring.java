package dev.flashstock.app;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.flashstock.api.ConcurrencyLimit;
import dev.flashstock.api.LimitsConfig;
import dev.flashstock.inventory.PodRateLimits;
import dev.flashstock.inventory.RateLimits;
import dev.flashstock.redis.BoundedRedis;
import dev.flashstock.redis.RedisConfig;
import dev.flashstock.redis.RedisRateLimits;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;

/** How much is taken on, put together: from one caller, in all processes; from all callers, in this one. */
final class LimitsWiring {
    @Produces
    @Singleton
    @Typed(RateLimits.class)
    RedisRateLimits rateLimits(BoundedRedis redis, RedisConfig config) {
        return new RedisRateLimits(redis, config, new PodRateLimits(Ticker.systemTicker()), Ticker.systemTicker());
    }

    @Produces
    @Singleton
    ConcurrencyLimit concurrencyLimit(LimitsConfig config) {
        return new ConcurrencyLimit(config.requests(), config.behind(), System.nanoTime());
    }
}
