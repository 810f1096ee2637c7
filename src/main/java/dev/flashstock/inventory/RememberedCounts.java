package dev.flashstock.inventory;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.flashstock.stock.Counted;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Function;

/** The sums of a counter's shards, remembered in this process for a short while; who asks meanwhile shares one reading. */
final class RememberedCounts {
    /** The most sums remembered. */
    private static final int MAX_ENTRIES = 10_000;

    private final Function<Sku, Uni<Long>> sum;
    private final InstantSource clock;
    private final AsyncCache<Sku, Counted> remembered;

    RememberedCounts(Function<Sku, Uni<Long>> sum, Duration forHowLong, InstantSource clock) {
        this.sum = sum;
        this.clock = clock;
        this.remembered = Caffeine.newBuilder()
                .maximumSize(MAX_ENTRIES)
                .expireAfterWrite(forHowLong)
                .buildAsync();
    }

    Uni<Counted> count(Sku sku) {
        // A copy, because a caller that gives up cancels its future, and this one is everybody's.
        return Uni.createFrom()
                .completionStage(() -> remembered
                        .get(sku, (key, executor) -> counted(key).subscribeAsCompletionStage())
                        .copy());
    }

    private Uni<Counted> counted(Sku sku) {
        Instant asOf = clock.instant(); // before reading: the answer is at least this fresh
        return sum.apply(sku).map(count -> new Counted(sku, count, asOf));
    }
}
