package dev.flashstock.inventory;

import dev.flashstock.stock.Sku;
import java.time.Instant;

/**
 * That holds are due at a moment. Which ones, the movement says that took their units.
 *
 * @param dueAt from when on their units are given back
 * @param sku whose units
 * @param movedAt when they were taken
 * @param movement the id of the movement that took them
 */
public record Expiry(Instant dueAt, Sku sku, Instant movedAt, String movement) {}
