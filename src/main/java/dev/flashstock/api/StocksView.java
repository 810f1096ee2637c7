package dev.flashstock.api;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * How many units are left of some SKUs.
 *
 * @param items those that there are, in the order in which they were asked for
 * @param unknown the others
 */
@RegisterForReflection
@Schema(name = "Stocks")
public record StocksView(List<StockView> items, List<String> unknown) {}
