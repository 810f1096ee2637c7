package dev.flashstock.inventory;

import dev.flashstock.sharding.Layout;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Product;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Use cases: the products. */
public final class Catalogue {
    private final ProductTable products;
    private final Function<Listing, Uni<Outcome<Long>>> held;
    private final RememberedListings remembered;
    private final Listings shown;
    private final Retries retries;

    /**
     * Wires the use cases.
     *
     * @param products the products' table
     * @param held tells how many units are held, or why that cannot be told ({@link Audits#held})
     * @param remembered what this process remembers of products
     * @param shown products for those who only look: perhaps minutes old
     * @param retries for what other writers get in the way of
     */
    public Catalogue(
            ProductTable products,
            Function<Listing, Uni<Outcome<Long>>> held,
            RememberedListings remembered,
            Listings shown,
            Retries retries) {
        this.products = products;
        this.held = held;
        this.remembered = remembered;
        this.shown = shown;
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
     * Looks a product up, for somebody who changes nothing by what it says.
     *
     * @param sku its SKU
     * @return its listing, as old as it may be shown; or {@link Refusal.UnknownSku}
     */
    public Uni<Outcome<Listing>> show(Sku sku) {
        return shown.ofProduct(sku, listing -> Uni.createFrom().item(listing));
    }

    /**
     * Looks a product up in the table.
     *
     * @param sku its SKU
     * @return its listing as it is now, or {@link Refusal.UnknownSku}
     */
    public Uni<Outcome<Listing>> find(Sku sku) {
        return products.ofProduct(sku, listing -> Uni.createFrom().item(listing));
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
     * @param shards how many shards a new one gets; an existing one keeps its layout, and one that was deleted has its own
     *     again
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
        return products.create(new Listing(product, Layout.of(shards)))
                .chain(attempt -> attempt == Attempt.DONE
                        ? products.find(product.sku()).map(found -> created(found, product))
                        : Uni.createFrom().item(Optional.empty()));
    }

    /** A SKU that was deleted comes back with the shards that it had. */
    private static Optional<Outcome<Saved>> created(Optional<Listing> found, Product product) {
        return found.map(it -> Outcome.done(new Saved(new Listing(product, it.layout()), true)));
    }

    private Uni<Optional<Outcome<Saved>>> replace(Listing current, Product product) {
        if (product.saysTheSameAs(current.product())) {
            return Retries.settled(Outcome.done(new Saved(current, false)));
        }
        Saved saved = new Saved(new Listing(product, current.layout()), false);
        return products.replace(product, current.product().revision()).map(attempt -> doneIf(attempt, saved));
    }

    /**
     * Deletes a product whose sale has ended and of which nothing is held. Its shards and its books stay, for when it is
     * put again, and for who looks into the past.
     *
     * @param sku its SKU
     * @param precondition what must be true of the product before
     * @return the SKU, or {@link Refusal.UnknownSku}, {@link Refusal.PreconditionFailed}, {@link Refusal.NotEnded}, {@link
     *     Refusal.ProductInUse}, {@link Refusal.AuditNeeded}
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
            Product.Status status = current.get().product().status();
            return status == Product.Status.ENDED
                    ? deleteIfNothingIsHeld(current.get())
                    : Retries.settled(Outcome.refused(new Refusal.NotEnded(sku, status)));
        });
    }

    /**
     * A process that remembers the product for a moment may make a hold after this look: it is confirmed, released or
     * expires like any other.
     */
    private Uni<Optional<Outcome<Sku>>> deleteIfNothingIsHeld(Listing listing) {
        Sku sku = listing.product().sku();
        return held.apply(listing)
                .chain(counted -> counted.fold(
                        units -> units == 0
                                ? products.remove(listing.product()).map(attempt -> doneIf(attempt, sku))
                                : Retries.settled(Outcome.refused(new Refusal.ProductInUse(sku, units))),
                        refusal -> Retries.settled(Outcome.refused(refusal))));
    }

    private static <T> Optional<Outcome<T>> doneIf(Attempt attempt, T done) {
        return attempt == Attempt.DONE ? Optional.of(Outcome.done(done)) : Optional.empty();
    }
}
