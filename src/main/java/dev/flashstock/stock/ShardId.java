package dev.flashstock.stock;

/**
 * One of a SKU's counters.
 *
 * @param sku whose units it counts
 * @param number its number, from 0
 */
public record ShardId(Sku sku, int number) {}
