package dev.flashstock.api;

/**
 * The line of a file to begin with.
 *
 * @param number its number, {@value #MIN} or more
 */
record FirstLine(long number) {
    static final int MIN = 1;

    /** Where to begin unless it is said. */
    static final String DEFAULT = "1";

    FirstLine {
        if (number < MIN) {
            throw new IllegalArgumentException("must be at least " + MIN);
        }
    }

    static FirstLine parse(String text) {
        try {
            return new FirstLine(Long.parseLong(text));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("must be a whole number, at least " + MIN, e);
        }
    }
}
