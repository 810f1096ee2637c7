package dev.flashstock.stock;

import java.util.regex.Pattern;

/**
 * The stock-keeping unit: what is sold.
 *
 * @param value 1 to {@value #MAX_LENGTH} letters, digits and {@code . _ ~ : -}, the first a letter or digit
 */
public record Sku(String value) implements Comparable<Sku> {
    /** The longest SKU, in characters. */
    public static final int MAX_LENGTH = 64;

    /** What a SKU looks like, as a regular expression. */
    public static final String PATTERN = "[A-Za-z0-9][A-Za-z0-9._~:-]{0,63}";

    private static final Pattern SHAPE = Pattern.compile(PATTERN);

    /**
     * Checks the shape of the SKU.
     *
     * @throws IllegalArgumentException when the value is not a SKU; its message says what one looks like
     */
    public Sku {
        if (!SHAPE.matcher(value).matches()) {
            throw new IllegalArgumentException("A SKU is 1 to " + MAX_LENGTH
                    + " letters, digits and the characters . _ ~ : -, beginning with a letter or a digit");
        }
    }

    @Override
    public int compareTo(Sku other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
