package dev.flashstock.inventory;

import dev.flashstock.stock.Product;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Port: the catalogue's items. Reads are strongly consistent but for {@link #list}; all fail with {@link Unavailable}. */
public interface ProductTable extends Listings {
    /**
     * Writes a new product and its layout. When there was one with this SKU that was removed, its layout comes back as it
     * was, with the units that its shards have.
     *
     * @param listing both; the layout is that of a SKU that is new
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
     * Removes a product. Its layout, its shards and its books stay, and its stock is not adjusted any more.
     *
     * @param product as it was read
     * @return {@code CHANGED} when it has changed since
     */
    Uni<Attempt> remove(Product product);

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
