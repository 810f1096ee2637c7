package dev.flashstock.redis;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.flashstock.inventory.RateLimits;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Buckets that all processes share. Of each there is a number in Redis, the moment at which it will be full again, by
 * Redis's own clock: the generic cell rate algorithm (ITU-T I.371, annex A), which is a token bucket.
 *
 * <p>Who has asked too often is remembered here until it may ask again, so that a flood of its requests is none for Redis.
 * While Redis does not answer, this process's own buckets count.
 */
public final class RedisRateLimits implements RateLimits {
    /** The most callers remembered who may not ask yet. */
    static final int MAX_REFUSED = 100_000;

    /**
     * Takes from all buckets or from none. Arguments: for each bucket the time in which a token comes back and the time in
     * which all but one do, in microseconds. Answers for each with the microseconds until it has one: zero for all, and they
     * were taken.
     */
    private static final String TAKE = """
            local time = redis.call('TIME')
            local now = time[1] * 1000000 + time[2]
            local full, waits, longest = {}, {}, 0
            for i, key in ipairs(KEYS) do
                local all = tonumber(ARGV[2 * i])
                local known = redis.pcall('GET', key)
                full[i] = type(known) == 'string' and tonumber(known) or now
                if full[i] < now or full[i] > now + all + tonumber(ARGV[2 * i - 1]) then
                    full[i] = now
                end
                waits[i] = math.max(0, full[i] - now - all)
                longest = math.max(longest, waits[i])
            end
            if longest > 0 then
                return waits
            end
            for i, key in ipairs(KEYS) do
                full[i] = full[i] + ARGV[2 * i - 1]
                redis.call('SET', key, string.format('%.0f', full[i]), 'PX', math.ceil((full[i] - now) / 1000))
            end
            return waits
            """;

    private final BoundedRedis redis;
    private final String keyPrefix;
    private final RateLimits without;
    private final Ticker ticker;
    private final Cache<Bucket, Long> refused;

    /**
     * Shares buckets.
     *
     * @param redis where
     * @param config what keys begin with
     * @param without counts while Redis does not answer
     * @param ticker tells until when somebody is refused
     */
    public RedisRateLimits(BoundedRedis redis, RedisConfig config, RateLimits without, Ticker ticker) {
        this.redis = redis;
        this.keyPrefix = config.keyPrefix() + "limit:";
        this.without = without;
        this.ticker = ticker;
        this.refused = Caffeine.newBuilder()
                .maximumSize(MAX_REFUSED)
                .expireAfter(Expiry.<Bucket, Long>writing((bucket, until) -> Duration.ofNanos(until - ticker.read())))
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    @Override
    public Uni<Duration> take(List<Bucket> buckets) {
        return buckets.isEmpty()
                ? Uni.createFrom().item(Duration.ZERO)
                : Uni.createFrom()
                        .deferred(() ->
                                remembered(buckets).map(Uni.createFrom()::item).orElseGet(() -> ask(buckets)));
    }

    private Optional<Duration> remembered(List<Bucket> buckets) {
        long now = ticker.read();
        return buckets.stream()
                .flatMap(it -> Optional.ofNullable(refused.getIfPresent(it)).stream())
                .map(until -> Duration.ofNanos(Math.max(1, until - now)))
                .max(Duration::compareTo);
    }

    private Uni<Duration> ask(List<Bucket> buckets) {
        return redis.execute("EVAL", words(buckets))
                .map(waits -> longest(buckets, waits))
                .onFailure()
                .recoverWithUni(() -> without.take(buckets));
    }

    private Duration longest(List<Bucket> buckets, Response waits) {
        Duration longest = Duration.ZERO;
        for (int i = 0; i < buckets.size(); i++) {
            Duration wait = Duration.ofNanos(1_000 * waits.get(i).toLong());
            if (!wait.isZero()) {
                refused.put(buckets.get(i), ticker.read() + wait.toNanos());
                longest = wait.compareTo(longest) > 0 ? wait : longest;
            }
        }
        return longest;
    }

    private String[] words(List<Bucket> buckets) {
        List<String> words = new ArrayList<>(List.of(TAKE, String.valueOf(buckets.size())));
        buckets.forEach(it -> words.add(keyPrefix + it.name()));
        for (Bucket bucket : buckets) {
            long micros = TimeUnit.NANOSECONDS.toMicros(bucket.limit().every().toNanos());
            words.add(String.valueOf(micros));
            words.add(String.valueOf(micros * (bucket.limit().burst() - 1)));
        }
        return words.toArray(String[]::new);
    }
}
