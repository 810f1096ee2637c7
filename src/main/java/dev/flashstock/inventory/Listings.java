package dev.flashstock.inventory;

import static java.util.stream.Collectors.toMap;

import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Where listings are looked up. */
@FunctionalInterface
public interface Listings {
    /** How many are looked up at a time, where one question is about one of them. */
    int AT_ONCE = 16;

    /**
     * Looks a listing up.
     *
     * @param sku the SKU
     * @return its listing, or nothing when no product has this SKU; fails with {@link Unavailable}
     */
    Uni<Optional<Listing>> find(Sku sku);

    /**
     * Looks listings up.
     *
     * @param skus the SKUs
     * @return the listings of those that are products; fails with {@link Unavailable}
     */
    default Uni<Map<Sku, Listing>> findAll(Set<Sku> skus) {
        if (skus.isEmpty()) {
            return Uni.createFrom().item(Map.of());
        }
        return Uni.join()
                .all(skus.stream().map(this::find).toList())
                .usingConcurrencyOf(AT_ONCE)
                .andFailFast()
                .map(found -> found.stream()
                        .flatMap(Optional::stream)
                        .collect(toMap(it -> it.product().sku(), it -> it)));
    }

    /**
     * Does something with a product.
     *
     * @param sku its SKU
     * @param doing what is done when there is such a product
     * @param <T> what is had when it was done
     * @return what came of it, or {@link Refusal.UnknownSku}; fails with {@link Unavailable}
     */
    default <T> Uni<Outcome<T>> ofProduct(Sku sku, Function<Listing, Uni<T>> doing) {
        return find(sku)
                .chain(listing -> listing.map(it -> doing.apply(it).map(Outcome::done))
                        .orElseGet(() -> Uni.createFrom().item(Outcome.refused(new Refusal.UnknownSku(sku)))));
    }
}
