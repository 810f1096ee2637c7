package dev.flashstock.redis;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.flashstock.inventory.Counts;
import dev.flashstock.inventory.Freshness;
import dev.flashstock.inventory.Listing;
import dev.flashstock.inventory.Pauses;
import dev.flashstock.inventory.StockLevels;
import dev.flashstock.inventory.Totals;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.StockLevel;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Response;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.DoubleSupplier;

/**
 * Remembers levels in Redis, for all processes. However many read, one of them counts: who finds that a level is old, or
 * not there, takes a lease and counts; meanwhile the others get the old one, or wait a moment for the new one. Somebody
 * begins a little before a level is old, at random and the sooner the longer a count takes, so that nobody has to wait
 * (XFetch: Vattani, Chierichetti, Lowenstein, "Optimal Probabilistic Cache Stampede Prevention", VLDB 2015); in the last
 * fifth of its time at the earliest, so that slow counts do not make more of them.
 *
 * <p>Between counts the total is kept up to date ({@link Totals}). Without Redis every process counts for itself: slower,
 * and right all the same. What is in Redis and cannot be a level is removed; a wrong one that could be is believed for as
 * long as any other.
 */
public final class RedisStockLevels implements StockLevels, Totals {
    /** For how long one process has the lease; a count that takes longer is not remembered. */
    static final Duration LEASE = Duration.ofSeconds(2);

    /** How long a count by another process is waited for: who has died meanwhile has lost the lease to somebody else. */
    static final Duration WAIT = LEASE;

    /** What part of its time a level is let be at least, however long a count takes. */
    static final double LET_BE = 0.8;

    private static final Duration BEFORE_LOOKING_AGAIN = Duration.ofMillis(20);
    private static final int MOST_COUNTS_KNOWN = 10_000;

    private final BoundedRedis redis;
    private final String keyPrefix;
    private final Freshness freshness;
    private final Counts below;
    private final InstantSource clock;
    private final Pauses pauses;
    private final DoubleSupplier random;
    private final Cache<Sku, String> counts;

    /**
     * Remembers another layer's levels.
     *
     * @param redis where
     * @param config what keys begin with
     * @param freshness for how long
     * @param below the layer below
     * @param clock tells how long a count takes, and what cannot be
     * @param pauses waits
     * @param random a number from 0 to less than 1
     */
    public RedisStockLevels(
            BoundedRedis redis,
            RedisConfig config,
            Freshness freshness,
            Counts below,
            InstantSource clock,
            Pauses pauses,
            DoubleSupplier random) {
        this.redis = redis;
        this.keyPrefix = config.keyPrefix();
        this.freshness = freshness;
        this.below = below;
        this.clock = clock;
        this.pauses = pauses;
        this.random = random;
        this.counts = Caffeine.newBuilder()
                .maximumSize(MOST_COUNTS_KNOWN)
                .executor(Runnable::run)
                .build();
    }

    /** Those that are there, those that this process is to count, and of these the ones of which units have come lately. */
    private record Found(Map<Sku, StockLevel> levels, Set<Sku> toCount, Set<Sku> grown) {}

    @Override
    public Uni<Map<Sku, StockLevel>> levels(Collection<Listing> listings) {
        Map<Sku, Listing> bySku = new HashMap<>();
        listings.forEach(it -> bySku.put(it.product().sku(), it));
        return levels(bySku, new HashMap<>(), WAIT);
    }

    private Uni<Map<Sku, StockLevel>> levels(Map<Sku, Listing> missing, Map<Sku, StockLevel> known, Duration patience) {
        String name = UUID.randomUUID().toString();
        return find(List.copyOf(missing.keySet()), name)
                .onItemOrFailure()
                .transformToUni((found, failure) -> found == null
                        ? below.exact().levels(missing.values()).map(counted -> union(known, counted))
                        : goOn(missing, union(known, found.levels()), found, name, patience));
    }

    /** What is there and old is counted in the background; what is not there is counted, or waited for. */
    private Uni<Map<Sku, StockLevel>> goOn(
            Map<Sku, Listing> asked, Map<Sku, StockLevel> known, Found found, String name, Duration patience) {
        Set<Sku> unknown = new HashSet<>(asked.keySet());
        unknown.removeAll(known.keySet());
        Set<Sku> old = new HashSet<>(found.toCount());
        old.removeAll(unknown);
        if (!old.isEmpty()) {
            count(only(old, asked), found.grown(), name).subscribe().with(counted -> {}, failure -> {});
        }
        if (unknown.isEmpty()) {
            return Uni.createFrom().item(known);
        }
        Set<Sku> mine = new HashSet<>(unknown);
        mine.retainAll(found.toCount());
        Uni<Map<Sku, StockLevel>> counted =
                mine.isEmpty() ? Uni.createFrom().item(Map.of()) : count(only(mine, asked), found.grown(), name);
        unknown.removeAll(mine);
        return counted.map(some -> union(known, some))
                .chain(all -> unknown.isEmpty()
                        ? Uni.createFrom().item(all)
                        : waitForOthers(only(unknown, asked), all, patience));
    }

    private Uni<Map<Sku, StockLevel>> waitForOthers(
            Map<Sku, Listing> missing, Map<Sku, StockLevel> known, Duration patience) {
        return patience.isNegative()
                ? below.exact().levels(missing.values()).map(counted -> union(known, counted))
                : pauses.of(BEFORE_LOOKING_AGAIN)
                        .chain(() -> levels(missing, known, patience.minus(BEFORE_LOOKING_AGAIN)));
    }

    private static Map<Sku, Listing> only(Set<Sku> skus, Map<Sku, Listing> all) {
        Map<Sku, Listing> only = new HashMap<>(all);
        only.keySet().retainAll(skus);
        return only;
    }

    private static Map<Sku, StockLevel> union(Map<Sku, StockLevel> some, Map<Sku, StockLevel> more) {
        Map<Sku, StockLevel> all = new HashMap<>(some);
        all.putAll(more);
        return all;
    }

    /** With the lease in hand; what a summary may not know is counted exactly. */
    private Uni<Map<Sku, StockLevel>> count(Map<Sku, Listing> listings, Set<Sku> grown, String name) {
        Map<Sku, Listing> exactly = only(grown, listings);
        Map<Sku, Listing> quickly = new HashMap<>(listings);
        quickly.keySet().removeAll(exactly.keySet());
        Instant begun = clock.instant();
        return Uni.combine()
                .all()
                .unis(count(below.quick(), quickly), count(below.exact(), exactly))
                .with(RedisStockLevels::union)
                .call(counted -> remember(counted, name, Duration.between(begun, clock.instant()))
                        .onFailure()
                        .recoverWithNull());
    }

    private static Uni<Map<Sku, StockLevel>> count(StockLevels levels, Map<Sku, Listing> listings) {
        return listings.isEmpty() ? Uni.createFrom().item(Map.of()) : levels.levels(listings.values());
    }

    // What is asked of Redis

    private Uni<Found> find(List<Sku> skus, String name) {
        List<String> words = script(LevelScripts.FIND, skus);
        words.add(name);
        words.add(millis(LEASE));
        words.add(millis(freshness.whileCounting()));
        words.add(String.valueOf(clock.instant().toEpochMilli()));
        words.add(millis(freshness.remembered().plus(LevelScripts.CLOCKS_DIFFER)));
        words.add(String.valueOf(Math.round((1 - LET_BE) * freshness.counted().toMillis())));
        skus.forEach(sku -> words.add(String.valueOf(-Math.log(1 - random.getAsDouble()))));
        return eval(words).map(answer -> found(skus, answer));
    }

    private Found found(List<Sku> skus, Response answer) {
        Map<Sku, StockLevel> known = new HashMap<>();
        Set<Sku> toCount = new HashSet<>();
        Set<Sku> grown = new HashSet<>();
        for (int i = 0; i < skus.size(); i++) {
            Sku sku = skus.get(i);
            Response entry = answer.get(i);
            int leads = entry.get(0).toInteger();
            if (leads > 0) {
                toCount.add(sku);
            }
            if (leads > 1) {
                grown.add(sku);
            }
            if (entry.size() > 1) {
                Instant asOf = Instant.ofEpochMilli(entry.get(2).toLong());
                known.put(sku, new StockLevel(sku, entry.get(1).toLong(), asOf, StockLevel.Source.REDIS));
                counts.put(sku, entry.get(3).toString());
            }
        }
        return new Found(known, toCount, grown);
    }

    private Uni<Response> remember(Map<Sku, StockLevel> counted, String name, Duration took) {
        List<Sku> skus = List.copyOf(counted.keySet());
        List<String> words = script(LevelScripts.REMEMBER, skus);
        words.add(name);
        words.add(String.valueOf(Math.max(1, took.toMillis())));
        words.add(millis(freshness.remembered()));
        skus.forEach(sku -> {
            StockLevel level = Objects.requireNonNull(counted.get(sku));
            words.add(String.valueOf(level.available()));
            words.add(String.valueOf(level.asOf().toEpochMilli()));
        });
        return eval(words).invoke(() -> skus.forEach(sku -> counts.put(sku, name)));
    }

    @Override
    public Uni<Void> forget(Sku sku) {
        List<String> words = script(LevelScripts.FORGET, List.of(sku));
        words.add(millis(below.behind()));
        return below.forget(sku)
                .chain(() -> eval(words).replaceWithVoid().onFailure().recoverWithNull());
    }

    @Override
    public Optional<String> count(Sku sku) {
        return Optional.ofNullable(counts.getIfPresent(sku));
    }

    @Override
    public Uni<OptionalLong> change(Sku sku, long units, Optional<String> before) {
        List<String> words = script(LevelScripts.CHANGE, List.of(sku));
        words.add(String.valueOf(units));
        words.add(before.orElse(""));
        words.add(millis(below.behind()));
        return eval(words).map(answer -> {
            if (answer.size() == 0) {
                return OptionalLong.empty();
            }
            counts.put(sku, answer.get(1).toString());
            return OptionalLong.of(answer.get(0).toLong());
        });
    }

    private Uni<Response> eval(List<String> words) {
        return redis.execute("EVAL", words.toArray(String[]::new));
    }

    /** With the keys of the SKUs: of each its entry, its lease, and that units have come. */
    private List<String> script(String script, List<Sku> skus) {
        List<String> words = new ArrayList<>();
        words.add(script);
        words.add(String.valueOf(3 * skus.size()));
        skus.forEach(sku -> {
            words.add(entry(sku));
            words.add(lease(sku));
            words.add(grown(sku));
        });
        return words;
    }

    /** In braces, so that in a Redis cluster all keys of a SKU are in one place. */
    private String entry(Sku sku) {
        return keyPrefix + "stock:{" + sku + "}";
    }

    private String lease(Sku sku) {
        return entry(sku) + ":lease";
    }

    private String grown(Sku sku) {
        return entry(sku) + ":grown";
    }

    private static String millis(Duration duration) {
        return String.valueOf(duration.toMillis());
    }
}
