package dev.flashstock.dashboard;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.flashstock.inventory.Stock;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** What each shard has: read once a second for all who look at a SKU. */
@Singleton
class Levels {
    /** The most SKUs that are remembered for their second. */
    private static final int SKUS = 50;

    private static final Logger LOG = Logger.getLogger(Levels.class);

    private final Stock stock;
    private final Cache<Sku, Uni<Optional<List<Long>>>> read = Caffeine.newBuilder()
            .maximumSize(SKUS)
            .expireAfterWrite(Moments.INTERVAL)
            .build();

    Levels(Stock stock) {
        this.stock = stock;
    }

    /**
     * Tells a SKU's levels.
     *
     * @param sku the SKU
     * @return by the shards' numbers; nothing when there is no such product, or they could not be read within a second
     */
    Uni<Optional<List<Long>>> of(Sku sku) {
        return read.get(sku, this::read);
    }

    private Uni<Optional<List<Long>>> read(Sku sku) {
        return stock.shards(sku)
                .map(outcome -> outcome.fold(Levels::levels, unknown -> Optional.<List<Long>>empty()))
                .ifNoItem()
                .after(Moments.INTERVAL)
                .recoverWithItem(Optional.empty())
                .onFailure()
                .recoverWithItem(failure -> unreadable(sku, failure))
                .memoize()
                .indefinitely();
    }

    private static Optional<List<Long>> levels(List<ShardLevel> shards) {
        return Optional.of(shards.stream().map(ShardLevel::available).toList());
    }

    private static Optional<List<Long>> unreadable(Sku sku, Throwable failure) {
        LOG.debugf("The page does not show the shards for now sku=%s error=%s", sku, failure);
        return Optional.empty();
    }
}
