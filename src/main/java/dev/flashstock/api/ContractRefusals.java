package dev.flashstock.api;

import jakarta.ws.rs.core.HttpHeaders;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.headers.Header;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

/** How operations may be refused, and which: told by what they take. */
enum ContractRefusals {
    INVALID(400, "A parameter, header or field is not valid"),
    UNAUTHENTICATED(401, "There is no valid bearer token"),
    FORBIDDEN(403, "The caller's role does not allow it"),
    NOT_FOUND(404, "There is no such thing"),
    NOT_ACCEPTABLE(406, "There is nothing in a form that Accept names"),
    PRECONDITION_FAILED(412, "It is not as If-Match or If-None-Match says"),
    BODY_TOO_LARGE(413, "The body is too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "The body has another media type"),
    KEY_REUSED(422, "The Idempotency-Key was used for something else"),
    TOO_MANY_REQUESTS(429, "The caller asks too often: try again after Retry-After"),
    INTERNAL_ERROR(500, "Something is broken"),
    UNAVAILABLE(503, "Not available for the moment: try again after Retry-After");

    private static final Pattern OF_ONE = Pattern.compile("\\{(sku|id|table)}");

    private final int status;
    private final String description;

    ContractRefusals(int status, String description) {
        this.status = status;
        this.description = description;
    }

    private boolean concerns(String path, Operation operation) {
        return switch (this) {
            case UNAUTHENTICATED, FORBIDDEN -> operation.getSecurity() != null;
            case NOT_FOUND -> OF_ONE.matcher(path).find();
            case PRECONDITION_FAILED -> takes(operation, HttpHeaders.IF_MATCH, false);
            case UNSUPPORTED_MEDIA_TYPE -> operation.getRequestBody() != null;
            case KEY_REUSED -> takes(operation, "Idempotency-Key", true);
            case INVALID, NOT_ACCEPTABLE, BODY_TOO_LARGE, TOO_MANY_REQUESTS, INTERNAL_ERROR, UNAVAILABLE -> true;
        };
    }

    private static boolean takes(Operation operation, String header, boolean required) {
        return operation.getParameters() != null
                && operation.getParameters().stream()
                        .filter(it -> header.equals(it.getName()))
                        .anyMatch(it -> !required || Boolean.TRUE.equals(it.getRequired()));
    }

    /** How an operation may be refused that has not said so itself: by status, a reference. */
    static Map<String, APIResponse> of(String path, Operation operation) {
        Map<String, APIResponse> refusals = new LinkedHashMap<>();
        for (ContractRefusals refusal : values()) {
            String status = String.valueOf(refusal.status);
            APIResponse own = operation.getResponses().getAPIResponse(status);
            boolean saysNothing = own == null || refusal.isSaidByQuarkus();
            if (saysNothing && refusal.concerns(path, operation)) {
                refusals.put(status, OASFactory.createAPIResponse().ref(refusal.name()));
            }
        }
        return refusals;
    }

    /** Without a document. */
    private boolean isSaidByQuarkus() {
        return this == INVALID || this == UNAUTHENTICATED || this == FORBIDDEN;
    }

    /** Adds what is referred to. */
    static void describe(Components components) {
        for (ContractRefusals refusal : values()) {
            components.addResponse(refusal.name(), refusal.response());
        }
    }

    private APIResponse response() {
        APIResponse response = OASFactory.createAPIResponse()
                .description(description)
                .content(problem())
                .addHeader(RequestIdFilter.HEADER, OASFactory.createHeader().ref(RequestIdFilter.HEADER));
        return switch (this) {
            case UNAUTHENTICATED ->
                response.addHeader(HttpHeaders.WWW_AUTHENTICATE, header("How to authenticate", SchemaType.STRING));
            case TOO_MANY_REQUESTS, UNAVAILABLE ->
                response.addHeader(
                        HttpHeaders.RETRY_AFTER, header("After how many seconds to try again", SchemaType.INTEGER));
            default -> response;
        };
    }

    private static Header header(String description, SchemaType type) {
        return OASFactory.createHeader()
                .description(description)
                .required(true)
                .schema(OASFactory.createSchema().addType(type));
    }

    /** A problem document. */
    static Content problem() {
        return OASFactory.createContent()
                .addMediaType(
                        Problem.MEDIA_TYPE, OASFactory.createMediaType().schema(ContractSchemas.reference("Problem")));
    }
}
