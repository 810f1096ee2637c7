package dev.flashstock.inventory;

import dev.flashstock.stock.Product;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Port: the catalogue's items. Reads are strongly consistent but for {@link #list}; all fail with {@link Unavailable}. */
public interface ProductTable extends Listings {
    /**
     * Writes a new product and its layout, if neither is there.
     *
     * @param listing both
     * @return {@code CHANGED} when the SKU is taken
     */
    Uni<Attempt> create(Listing listing);

    /**
     * Writes a product over the one that is there.
     *
     * @param product the new entry
     * @param expectedRevision the revision of the entry that it replaces
     * @return {@code CHANGED} when another entry is there
     */
    Uni<Attempt> replace(Product product, String expectedRevision);

    /**
     * Removes a product and its layout.
     *
     * @param listing both as they were read
     * @return {@code CHANGED} when either has changed since, or the SKU's stock was adjusted
     */
    Uni<Attempt> remove(Listing listing);

    /**
     * Lists products by status, in the order of their SKUs, as they were a moment ago.
     *
     * @param status the status
     * @param after the SKU to go on after; null: from the beginning
     * @param limit the most products
     * @return up to {@code limit} products
     */
    Uni<List<Product>> list(Product.Status status, @Nullable Sku after, int limit);
}
