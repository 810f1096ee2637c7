package dev.flashstock.stock;

/**
 * How many units one reservation takes.
 *
 * @param units {@value #MIN} to {@value #MAX}
 */
public record Quantity(int units) {
    /** The fewest units of a reservation. */
    public static final int MIN = 1;

    /** The most units of a reservation. */
    public static final int MAX = 100;

    /**
     * Checks the bounds.
     *
     * @throws IllegalArgumentException when the units are out of bounds
     */
    public Quantity {
        if (units < MIN || units > MAX) {
            throw new IllegalArgumentException("A quantity is " + MIN + " to " + MAX);
        }
    }
}
