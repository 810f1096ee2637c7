package dev.flashstock.heat;

import java.util.regex.Pattern;

/**
 * A table's name.
 *
 * @param value 3 to 255 letters, digits and {@code _.-}
 */
public record TableName(String value) {
    private static final Pattern SHAPE = Pattern.compile("[a-zA-Z0-9_.-]{3,255}");

    /**
     * Checks the shape.
     *
     * @throws IllegalArgumentException when DynamoDB has no such names
     */
    public TableName {
        if (!SHAPE.matcher(value).matches()) {
            throw new IllegalArgumentException("A table's name has 3 to 255 letters, digits, _, . and -");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
