package dev.flashstock.inventory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.local.LocalBucket;
import io.github.bucket4j.local.LocalBucketBuilder;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Buckets of this process alone: what is left where the processes do not hear of each other. Of a caller who asks several
 * processes each knows its part only.
 */
public final class PodRateLimits implements RateLimits {
    /** The most buckets; beyond that the least used are forgotten, and are full again. */
    static final int MAX_BUCKETS = 100_000;

    private final TimeMeter meter;
    private final Cache<Bucket, LocalBucket> buckets;

    /**
     * Full buckets.
     *
     * @param ticker tells the time
     */
    public PodRateLimits(Ticker ticker) {
        this.meter = new Meter(ticker);
        this.buckets = Caffeine.newBuilder()
                .maximumSize(MAX_BUCKETS)
                .expireAfter(Expiry.<Bucket, LocalBucket>accessing(
                        (bucket, tokens) -> bucket.limit().refill()))
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    private record Meter(Ticker ticker) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            return ticker.read();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }

    @Override
    public Uni<Duration> take(List<Bucket> wanted) {
        return Uni.createFrom().item(() -> takeNow(wanted));
    }

    private Duration takeNow(List<Bucket> wanted) {
        List<LocalBucket> taken = new ArrayList<>();
        long nanos = 0;
        for (Bucket bucket : wanted) {
            LocalBucket tokens = buckets.get(bucket, this::full);
            ConsumptionProbe probe = tokens.tryConsumeAndReturnRemaining(1);
            if (probe.isConsumed()) {
                taken.add(tokens);
            }
            nanos = Math.max(nanos, probe.getNanosToWaitForRefill());
        }
        if (nanos > 0) {
            taken.forEach(it -> it.addTokens(1));
        }
        return Duration.ofNanos(nanos);
    }

    private LocalBucket full(Bucket bucket) {
        return new LocalBucketBuilder()
                .addLimit(limit -> limit.capacity(bucket.limit().burst())
                        .refillGreedy(1, bucket.limit().every()))
                .withCustomTimePrecision(meter)
                .build();
    }
}
