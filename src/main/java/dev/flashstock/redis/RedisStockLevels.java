package dev.flashstock.redis;

import dev.flashstock.inventory.Listing;
import dev.flashstock.inventory.StockLevels;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.StockLevel;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.quarkus.redis.datasource.keys.ReactiveKeyCommands;
import io.quarkus.redis.datasource.value.ReactiveValueCommands;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Remembers levels in Redis for a while. Without Redis it asks the layer below every time: slower, and right all the
 * same.
 */
public final class RedisStockLevels implements StockLevels {
    private static final Logger LOG = Logger.getLogger(RedisStockLevels.class);

    /** Units, and the milliseconds since the epoch at which they were counted. */
    private static final Pattern ENTRY = Pattern.compile("(\\d{1,18})@(\\d{1,15})");

    private final ReactiveValueCommands<String, String> values;
    private final ReactiveKeyCommands<String> keys;
    private final RedisConfig config;
    private final StockLevels levels;
    private final AtomicBoolean answers = new AtomicBoolean(true);

    /**
     * Remembers another layer's levels.
     *
     * @param redis where
     * @param config for how long, and how long Redis is waited for
     * @param levels the layer below
     */
    public RedisStockLevels(ReactiveRedisDataSource redis, RedisConfig config, StockLevels levels) {
        this.values = redis.value(String.class);
        this.keys = redis.key();
        this.config = config;
        this.levels = levels;
    }

    @Override
    public Uni<StockLevel> level(Listing listing) {
        Sku sku = listing.product().sku();
        return inTime(values.get(key(sku)))
                .map(entry -> read(sku, entry))
                .onItemOrFailure()
                .transformToUni((known, failure) -> failure == null
                        ? known.map(it -> Uni.createFrom().item(it)).orElseGet(() -> lookUpAndRemember(listing))
                        : withoutAnswer(listing, failure));
    }

    /** Who has waited for Redis in vain does not wait for it a second time. */
    private Uni<StockLevel> withoutAnswer(Listing listing, Throwable failure) {
        failed(failure);
        return failure instanceof TimeoutException ? levels.level(listing) : lookUpAndRemember(listing);
    }

    private Uni<StockLevel> lookUpAndRemember(Listing listing) {
        return levels.level(listing).call(this::remember);
    }

    @Override
    public Uni<Void> forget(Sku sku) {
        return levels.forget(sku).chain(() -> bounded(keys.del(key(sku)))).replaceWithVoid();
    }

    private Uni<Optional<Void>> remember(StockLevel level) {
        String entry = level.available() + "@" + level.asOf().toEpochMilli();
        return bounded(values.psetex(key(level.sku()), config.stockTtl().toMillis(), entry));
    }

    /** Redis is a help, not a need: what it does not do in time is done without. */
    private <T> Uni<Optional<T>> bounded(Uni<T> command) {
        return inTime(command).map(Optional::ofNullable).onFailure().recoverWithItem(this::failed);
    }

    private <T> Uni<T> inTime(Uni<T> command) {
        return command.ifNoItem().after(config.timeout()).fail().invoke(this::answered);
    }

    private void answered() {
        if (!answers.getAndSet(true)) {
            LOG.info("Redis answers again");
        }
    }

    private <T> Optional<T> failed(Throwable failure) {
        if (answers.getAndSet(false)) {
            LOG.warnf("Redis does not answer, reading from the shards error=%s", failure.getMessage());
        }
        return Optional.empty();
    }

    private static Optional<StockLevel> read(Sku sku, @Nullable String entry) {
        Matcher matcher = ENTRY.matcher(entry == null ? "" : entry);
        return matcher.matches()
                ? Optional.of(new StockLevel(
                        sku,
                        Long.parseLong(matcher.group(1)),
                        Instant.ofEpochMilli(Long.parseLong(matcher.group(2))),
                        StockLevel.Source.REDIS))
                : Optional.empty();
    }

    private String key(Sku sku) {
        return config.keyPrefix() + "stock:" + sku;
    }
}
