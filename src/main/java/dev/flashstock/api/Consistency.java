package dev.flashstock.api;

/** Whether what is told is read from the table now, or may be remembered. */
enum Consistency {
    /** Read now. */
    STRONG;

    /** How it is asked for. */
    static final String ASKED_FOR = "strong";

    /**
     * Reads the parameter.
     *
     * @throws IllegalArgumentException when it is anything else
     */
    static Consistency parse(String text) {
        if (!text.equals(ASKED_FOR)) {
            throw new IllegalArgumentException("must be " + ASKED_FOR + ", or left out");
        }
        return STRONG;
    }
}
