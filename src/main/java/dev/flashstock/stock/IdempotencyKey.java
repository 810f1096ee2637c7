package dev.flashstock.stock;

import java.util.regex.Pattern;

/**
 * The caller's own name for one request: however often it is sent, it happens once.
 *
 * @param value 1 to {@value #MAX_LENGTH} visible ASCII characters
 */
public record IdempotencyKey(String value) {
    /** The longest key, in characters. */
    public static final int MAX_LENGTH = 255;

    /** What a key looks like, as a regular expression. */
    public static final String PATTERN = "[\\x21-\\x7E]{1,255}";

    private static final Pattern SHAPE = Pattern.compile(PATTERN);

    /**
     * Checks the shape of the key.
     *
     * @throws IllegalArgumentException when the value is empty, too long, or not visible ASCII
     */
    public IdempotencyKey {
        if (!SHAPE.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "An idempotency key is 1 to " + MAX_LENGTH + " visible ASCII characters, without spaces");
        }
    }
}
