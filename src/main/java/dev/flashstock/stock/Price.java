package dev.flashstock.stock;

import java.util.Currency;

/**
 * What a unit costs.
 *
 * @param minorUnits the amount in the currency's minor unit (cents), 0 to {@value #MAX_MINOR_UNITS}
 * @param currency an ISO 4217 currency
 */
public record Price(long minorUnits, Currency currency) {
    /** The highest price, in minor units. */
    public static final long MAX_MINOR_UNITS = 1_000_000_000_000L;

    /**
     * Checks the bounds.
     *
     * @throws IllegalArgumentException when the amount is out of bounds
     */
    public Price {
        if (minorUnits < 0 || minorUnits > MAX_MINOR_UNITS) {
            throw new IllegalArgumentException("A price is 0 to " + MAX_MINOR_UNITS + " minor units");
        }
    }
}
