package dev.flashstock.inventory;

import dev.flashstock.sharding.Layout;
import dev.flashstock.stock.Product;

/**
 * All that selling a SKU needs to know of it.
 *
 * @param product its catalogue entry
 * @param layout its shards
 */
public record Listing(Product product, Layout layout) {}
