package dev.flashstock.inventory;

/** A backend does not answer, or asks to be left alone for a while: the same request may work later. */
public final class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Names the backend.
     *
     * @param backend what does not answer, in words for people
     * @param cause what it said
     */
    public Unavailable(String backend, Throwable cause) {
        super(backend + " cannot be reached or is overloaded: " + firstLine(cause), cause);
    }

    /** Some causes say a page. */
    private static String firstLine(Throwable cause) {
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    }

    /**
     * Says what was given up.
     *
     * @param message for people
     */
    public Unavailable(String message) {
        super(message);
    }
}
