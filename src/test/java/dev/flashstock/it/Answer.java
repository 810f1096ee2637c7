package dev.flashstock.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.function.Predicate;

/**
 * An answer, or that there was none.
 *
 * @param instance who gave it
 * @param what the request in a word
 * @param status the HTTP status; {@value #NONE}: the connection broke
 * @param location the header, or an empty string
 * @param body the document, or why there is none
 * @param at when, by this JVM's nanosecond clock
 */
record Answer(Instance instance, String what, int status, String location, JsonNode body, long at) {
    static final int NONE = 0;
    /** A connection that was never made: the request was not sent. */
    static final int REFUSED = -1;

    static Answer none(Instance instance, String what, int status) {
        return new Answer(instance, what, status, "", MissingNode.getInstance(), System.nanoTime());
    }

    static Predicate<Answer> of(int status) {
        return it -> it.status == status;
    }

    /** Whether it says what became of a reservation. */
    boolean isDecision() {
        return status == 201 || status == 409;
    }

    /** Whether sending the request again is what its caller should do. */
    boolean asksForAnother() {
        return status == NONE || status == REFUSED || status == 503;
    }

    /** The last word of a problem's type; empty when it is none. */
    String problem() {
        String type = body.path("type").asText();
        return type.substring(type.lastIndexOf('/') + 1);
    }

    String text(String field) {
        return body.path(field).asText();
    }

    @Override
    public String toString() {
        String said = switch (status) {
            case NONE -> "connection broken";
            case REFUSED -> "connection refused";
            default -> status + (problem().isEmpty() ? "" : " " + problem());
        };
        return what + "@" + instance + " -> " + said;
    }
}
