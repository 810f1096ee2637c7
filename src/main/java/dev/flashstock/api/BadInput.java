package dev.flashstock.api;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A field, parameter or header breaks a rule. */
final class BadInput extends WebApplicationException {
    private static final long serialVersionUID = 1L;

    BadInput(String field, String rule, String message) {
        super(field + " " + message, response(field, rule, message));
    }

    /** What is wrong has a document already. */
    BadInput(Problem problem) {
        super(problem.detail(), problem.response());
    }

    Problem problem() {
        return (Problem) getResponse().getEntity();
    }

    private static Response response(String field, String rule, String message) {
        return Problem.invalid(List.of(new Problem.FieldError(field, rule, message)))
                .response();
    }

    /** What a field, parameter or header means; what means nothing is refused with the reason that the parser gives. */
    static <T> T parsed(String field, String rule, String value, Function<String, T> parse) {
        try {
            return parse.apply(value);
        } catch (IllegalArgumentException e) {
            throw new BadInput(field, rule, "is not valid: " + e.getMessage());
        }
    }

    /** What whole number a parameter means. */
    static int number(String field, String value, int least, int most) {
        return parsed(field, "Range", value, it -> {
            String rule = "must be a whole number, " + least + " to " + most;
            try {
                int number = Integer.parseInt(it);
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(rule, e);
            }
            throw new IllegalArgumentException(rule);
        });
    }

    /** Whether a parameter is true. */
    static boolean truth(String field, String value) {
        if (!value.equals("true") && !value.equals("false")) {
            throw new BadInput(field, "Enum", "must be true or false");
        }
        return value.equals("true");
    }

    /** A parameter or header that must be there. */
    static <T> T required(String field, @Nullable T value) {
        if (value == null) {
            throw new BadInput(field, "Required", "is required");
        }
        return value;
    }
}
