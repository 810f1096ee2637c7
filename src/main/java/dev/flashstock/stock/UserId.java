package dev.flashstock.stock;

/**
 * Whom a reservation is for: the subject of a token.
 *
 * @param value 1 to {@value #MAX_LENGTH} characters, none of them a control character, not blank
 */
public record UserId(String value) {
    /** The longest user id, in characters. */
    public static final int MAX_LENGTH = 128;

    /**
     * Checks the shape of the id.
     *
     * @throws IllegalArgumentException when the value is blank, too long or has control characters
     */
    public UserId {
        if (value.isBlank() || value.length() > MAX_LENGTH || value.codePoints().anyMatch(UserId::unwanted)) {
            throw new IllegalArgumentException(
                    "A user is 1 to " + MAX_LENGTH + " characters, not blank and without control characters");
        }
    }

    private static boolean unwanted(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }

    @Override
    public String toString() {
        return value;
    }
}
