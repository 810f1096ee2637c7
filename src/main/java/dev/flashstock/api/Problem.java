package dev.flashstock.api;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A problem document as RFC 9457 describes it.
 *
 * @param type what kind of problem, for programs
 * @param title what kind of problem, for people
 * @param status the HTTP status
 * @param detail what happened this time and what to do about it
 * @param errors for an invalid request, what is wrong with it; else empty
 * @param members further facts, each a member of the document
 */
@RegisterForReflection
@Schema(description = "A problem document (RFC 9457)")
public record Problem(
        @Schema(examples = "https://flashstock.dev/problems/sold-out")
        URI type,

        @Schema(examples = "Sold out") String title,
        @Schema(examples = "409") int status,
        @Schema(examples = "Of console 0 units are left.") String detail,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<FieldError> errors,
        @JsonIgnore @Schema(hidden = true) Map<String, Object> members) {

    /** The media type of problem documents. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /** The challenge of RFC 6750, which has one parameter at least. */
    static final String BEARER = "Bearer realm=\"flashstock\"";

    /** The member that tells how long a caller should wait before it tries again. */
    static final String RETRY_AFTER_SECONDS = "retryAfterSeconds";

    /** How long it is where nothing else is known. */
    private static final long RETRY_AFTER = 2;

    /**
     * What is wrong with one part of a request.
     *
     * @param field the field, parameter or header
     * @param rule the rule that it breaks
     * @param message the rule in words
     */
    @RegisterForReflection
    public record FieldError(
            @Schema(examples = "quantity") String field,
            @Schema(examples = "Max") String rule,

            @Schema(examples = "must be less than or equal to 100")
            String message) {}

    static Problem of(ProblemType type, String detail) {
        return of(type, detail, Map.of());
    }

    static Problem of(ProblemType type, String detail, Map<String, Object> members) {
        return new Problem(type.uri(), type.title(), type.status(), detail, List.of(), new TreeMap<>(members));
    }

    static Problem invalid(List<FieldError> errors) {
        FieldError first = errors.get(0);
        ProblemType type = ProblemType.INVALID_REQUEST;
        String more = errors.size() > 1 ? " (and " + (errors.size() - 1) + " more)" : "";
        return new Problem(
                type.uri(),
                type.title(),
                type.status(),
                first.field() + " " + first.message() + more,
                errors,
                Map.of());
    }

    /**
     * The further facts.
     *
     * @return facts by the name of their member
     */
    @JsonAnyGetter
    public Map<String, Object> any() {
        return members;
    }

    /** After how many seconds it is worth trying again, if it is at all. */
    OptionalLong retryAfter() {
        if (members.get(RETRY_AFTER_SECONDS) instanceof Long seconds) {
            return OptionalLong.of(seconds);
        }
        return status == ProblemType.UNAVAILABLE.status() ? OptionalLong.of(RETRY_AFTER) : OptionalLong.empty();
    }

    Response response() {
        Response.ResponseBuilder response =
                Response.status(status).type(MEDIA_TYPE).entity(this);
        retryAfter().ifPresent(seconds -> response.header(HttpHeaders.RETRY_AFTER, seconds));
        if (status == ProblemType.UNAUTHENTICATED.status()) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, BEARER);
        }
        return response.build();
    }
}
