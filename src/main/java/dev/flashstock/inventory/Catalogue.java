package dev.flashstock.inventory;

import dev.flashstock.sharding.Layout;
import dev.flashstock.sharding.Spread;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Product;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Use cases: the products. */
public final class Catalogue {
    private final ProductTable products;
    private final StockTable stock;
    private final RememberedListings remembered;
    private final Retries retries;

    /**
     * Wires the use cases.
     *
     * @param products the products' table
     * @param stock the shards, asked before a product is deleted
     * @param remembered what this process remembers of products
     * @param retries for what other writers get in the way of
     */
    public Catalogue(ProductTable products, StockTable stock, RememberedListings remembered, Retries retries) {
        this.products = products;
        this.stock = stock;
        this.remembered = remembered;
        this.retries = retries;
    }

    /**
     * A product that was written.
     *
     * @param listing what is there now
     * @param created whether it is new
     */
    public record Saved(Listing listing, boolean created) {}

    /**
     * Looks a product up, as it was at most a moment ago.
     *
     * @param sku its SKU
     * @return its listing, or {@link Refusal.UnknownSku}
     */
    public Uni<Outcome<Listing>> find(Sku sku) {
        return remembered
                .find(sku)
                .map(listing ->
                        listing.map(Outcome::done).orElseGet(() -> Outcome.refused(new Refusal.UnknownSku(sku))));
    }

    /**
     * Lists products by status, in the order of their SKUs.
     *
     * @param status the status
     * @param after the SKU to go on after; null: from the beginning
     * @param limit the most products
     * @return up to {@code limit} products
     */
    public Uni<List<Product>> list(Product.Status status, @Nullable Sku after, int limit) {
        return products.list(status, after, limit);
    }

    /**
     * Creates a product or replaces it. Saying the same twice changes nothing the second time.
     *
     * @param product the entry, with a revision that was never used
     * @param shards how many shards a new one gets; an existing one keeps its layout
     * @param precondition what must be true of the product before
     * @return what is there now, or {@link Refusal.PreconditionFailed}
     */
    public Uni<Outcome<Saved>> put(Product product, int shards, Precondition precondition) {
        return retries.until(() -> tryToPut(product, shards, precondition))
                .invoke(outcome -> remembered.forget(product.sku()));
    }

    private Uni<Optional<Outcome<Saved>>> tryToPut(Product product, int shards, Precondition precondition) {
        return products.find(product.sku()).chain(current -> {
            if (current.isPresent() && current.get().product().revision().equals(product.revision())) {
                // An earlier try came through, and its answer was lost.
                return Retries.settled(Outcome.done(new Saved(current.get(), false)));
            }
            if (!precondition.holds(current.map(Listing::product))) {
                return Retries.settled(Outcome.refused(new Refusal.PreconditionFailed()));
            }
            return current.map(it -> replace(it, product)).orElseGet(() -> create(product, shards));
        });
    }

    private Uni<Optional<Outcome<Saved>>> create(Product product, int shards) {
        Listing listing = new Listing(product, Layout.of(shards));
        return products.create(listing).map(attempt -> savedIf(attempt, new Saved(listing, true)));
    }

    private Uni<Optional<Outcome<Saved>>> replace(Listing current, Product product) {
        if (product.saysTheSameAs(current.product())) {
            return Retries.settled(Outcome.done(new Saved(current, false)));
        }
        Saved saved = new Saved(new Listing(product, current.layout()), false);
        return products.replace(product, current.product().revision()).map(attempt -> savedIf(attempt, saved));
    }

    private static Optional<Outcome<Saved>> savedIf(Attempt attempt, Saved saved) {
        return attempt == Attempt.DONE ? Optional.of(Outcome.done(saved)) : Optional.empty();
    }

    /**
     * Deletes a product that has no units in stock, held or sold.
     *
     * @param sku its SKU
     * @param precondition what must be true of the product before
     * @return the SKU, or {@link Refusal.UnknownSku}, {@link Refusal.PreconditionFailed}, {@link Refusal.ProductInUse}
     */
    public Uni<Outcome<Sku>> delete(Sku sku, Precondition precondition) {
        return retries.until(() -> tryToDelete(sku, precondition)).invoke(outcome -> remembered.forget(sku));
    }

    private Uni<Optional<Outcome<Sku>>> tryToDelete(Sku sku, Precondition precondition) {
        return products.find(sku).chain(current -> {
            if (current.isEmpty()) {
                return Retries.settled(Outcome.refused(new Refusal.UnknownSku(sku)));
            }
            if (!precondition.holds(current.map(Listing::product))) {
                return Retries.settled(Outcome.refused(new Refusal.PreconditionFailed()));
            }
            return deleteIfUnused(current.get());
        });
    }

    /**
     * Units that are neither in stock nor held nor sold are those that never came. An adjustment between this look and
     * the removal raises the layout's version, and the removal finds it changed.
     */
    private Uni<Optional<Outcome<Sku>>> deleteIfUnused(Listing listing) {
        Sku sku = listing.product().sku();
        return Uni.combine()
                .all()
                .unis(stock.gather(sku, listing.layout().readShards()).map(Spread::total), stock.stocked(sku))
                .asTuple()
                .chain(counts -> {
                    long available = counts.getItem1();
                    long reserved = counts.getItem2() - available;
                    if (available != 0 || reserved != 0) {
                        return inUse(listing, new Refusal.ProductInUse(sku, available, reserved));
                    }
                    return products.remove(listing)
                            .map(attempt -> attempt == Attempt.DONE
                                    ? Optional.of(Outcome.done(sku))
                                    : Optional.<Outcome<Sku>>empty());
                });
    }

    /** An adjustment meanwhile may be counted by half; it has raised the layout's version, and is counted anew. */
    private Uni<Optional<Outcome<Sku>>> inUse(Listing counted, Refusal.ProductInUse refusal) {
        return products.find(refusal.sku())
                .map(now -> now.map(Listing::layout)
                        .filter(counted.layout()::equals)
                        .map(unchanged -> Outcome.refused(refusal)));
    }
}
