package dev.flashstock.stock;

import java.time.Instant;

/**
 * How often something was done with a product.
 *
 * @param sku the product's SKU
 * @param count how often, not negative
 * @param asOf when it was counted
 */
public record Counted(Sku sku, long count, Instant asOf) {}
