package dev.flashstock.app;

import dev.flashstock.api.LimitsConfig;
import dev.flashstock.api.ReservationsConfig;
import dev.flashstock.dynamodb.DaxCluster;
import dev.flashstock.inventory.Freshness;
import dev.flashstock.inventory.LayoutKeeper;
import dev.flashstock.inventory.ReservationIds;
import dev.flashstock.inventory.Sweeper;
import io.quarkus.runtime.ImageMode;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Looks at the settings before anything begins. What cannot work is named in one line, with the setting to change. */
@Singleton
class SettingsCheck {
    private final IdentityCheck identity;
    private final BoundsCheck bounds;
    private final DaxConfig daxConfig;
    private final ExpiryConfig expiryConfig;
    private final LayoutConfig layoutConfig;
    private final LimitsConfig limitsConfig;
    private final StockConfig stockConfig;
    private final ReservationsConfig reservationsConfig;
    private final Optional<String> redisHosts;

    SettingsCheck(
            IdentityCheck identity,
            BoundsCheck bounds,
            DaxConfig daxConfig,
            ExpiryConfig expiryConfig,
            LayoutConfig layoutConfig,
            LimitsConfig limitsConfig,
            StockConfig stockConfig,
            ReservationsConfig reservationsConfig,
            @ConfigProperty(name = "quarkus.redis.hosts") Optional<String> redisHosts) {
        this.identity = identity;
        this.bounds = bounds;
        this.daxConfig = daxConfig;
        this.expiryConfig = expiryConfig;
        this.layoutConfig = layoutConfig;
        this.limitsConfig = limitsConfig;
        this.stockConfig = stockConfig;
        this.reservationsConfig = reservationsConfig;
        this.redisHosts = redisHosts;
    }

    /**
     * Looks at all of them.
     *
     * @throws ConfigurationException when the process cannot do its work with them
     */
    void check() {
        identity.check(LaunchMode.current());
        bounds.check();
        checkSecrets();
        checkRedis();
        checkExpiry();
        checkLayout();
        checkLimits();
        checkFreshness();
        checkDax();
    }

    private void checkSecrets() {
        try {
            new ReservationIds(reservationsConfig.idSecrets().orElseThrow(IllegalArgumentException::new));
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("No secret to seal reservation ids with: set"
                    + " flashstock.reservations.id-secrets to at least " + ReservationIds.MIN_SECRET_BYTES
                    + " random bytes (openssl rand -base64 48), the same for all processes.");
        }
    }

    private void checkRedis() {
        if (redisHosts.isEmpty()) {
            throw new ConfigurationException(
                    "No Redis to remember totals in: set quarkus.redis.hosts, for example to redis://redis:6379.");
        }
    }

    private void checkExpiry() {
        try {
            new Sweeper.Setting(expiryConfig.interval(), expiryConfig.lookBack());
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("Holds cannot come back when their time is over: " + e.getMessage()
                    + ". Set flashstock.expiry.interval and flashstock.expiry.look-back.");
        }
    }

    private void checkLayout() {
        try {
            new LayoutKeeper.Setting(layoutConfig.automatic(), layoutConfig.mostShards(), layoutConfig.coolDown());
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("Layouts cannot be kept: " + e.getMessage()
                    + ". Set flashstock.layout.most-shards and flashstock.layout.cool-down.");
        }
    }

    private void checkLimits() {
        try {
            limitsConfig.check();
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("Callers cannot be limited: " + e.getMessage()
                    + ". Set flashstock.limits.user and flashstock.limits.address.");
        }
    }

    private void checkFreshness() {
        try {
            new Freshness(stockConfig.podTtl(), stockConfig.ttl(), stockConfig.stale());
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("Stock cannot be told: " + e.getMessage()
                    + ". Set flashstock.stock.pod-ttl, flashstock.stock.ttl and flashstock.stock.stale.");
        }
    }

    private void checkDax() {
        daxConfig.endpoint().ifPresent(endpoint -> {
            if (ImageMode.current().isNativeImage()) {
                throw new ConfigurationException(
                        "DAX cannot be used by the native executable, because its client is not"
                                + " made for it: leave flashstock.dax.endpoint unset, or run the jar.");
            }
            try {
                DaxCluster.endpoint(endpoint);
            } catch (IllegalArgumentException e) {
                throw new ConfigurationException(
                        "DAX cannot be used: " + e.getMessage() + ". Set flashstock.dax.endpoint, or leave it unset.");
            }
        });
    }
}
