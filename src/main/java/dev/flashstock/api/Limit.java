package dev.flashstock.api;

/**
 * How many items a page has at most.
 *
 * @param items {@value #MIN} to {@value #MAX}
 */
record Limit(int items) {
    static final int MIN = 1;
    static final int MAX = 100;

    /** How many items a page has unless it is said. */
    static final String DEFAULT = "20";

    Limit {
        if (items < MIN || items > MAX) {
            throw new IllegalArgumentException("must be " + MIN + " to " + MAX);
        }
    }

    static Limit parse(String text) {
        try {
            return new Limit(Integer.parseInt(text));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("must be a whole number, " + MIN + " to " + MAX, e);
        }
    }

    /** One more than fits tells whether there is a next page. */
    int andOneMore() {
        return items + 1;
    }
}
