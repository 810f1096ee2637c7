package dev.flashstock.api;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.flashstock.inventory.Unavailable;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.Path;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/** Every exception as a problem document. */
final class ExceptionMappers {
    private static final Logger LOG = Logger.getLogger(ExceptionMappers.class);
    private static final Problem UNAVAILABLE =
            Problem.of(ProblemType.UNAVAILABLE, "A backend does not answer for the moment: try again.");
    private static final Problem UNAUTHENTICATED =
            Problem.of(ProblemType.UNAUTHENTICATED, "Send a valid bearer token in the Authorization header.");
    private static final Problem INTERNAL_ERROR =
            Problem.of(ProblemType.INTERNAL_ERROR, "The error is logged under this request's id.");

    @ServerExceptionMapper
    Response badInput(BadInput e) {
        return e.getResponse();
    }

    @ServerExceptionMapper
    Response violations(ConstraintViolationException e) {
        return invalid(e).response();
    }

    private static Problem invalid(ConstraintViolationException e) {
        return Problem.invalid(e.getConstraintViolations().stream()
                .map(ExceptionMappers::error)
                .sorted(Comparator.comparing(Problem.FieldError::field).thenComparing(Problem.FieldError::rule))
                .toList());
    }

    private static Problem.FieldError error(ConstraintViolation<?> violation) {
        return new Problem.FieldError(
                field(violation.getPropertyPath()),
                violation
                        .getConstraintDescriptor()
                        .getAnnotation()
                        .annotationType()
                        .getSimpleName(),
                violation.getMessage());
    }

    /** The path within the body: the method and the parameter that carry it mean nothing to a caller. */
    private static String field(Path path) {
        List<String> names = StreamSupport.stream(path.spliterator(), false)
                .map(Path.Node::getName)
                .toList();
        return names.size() > 2 ? String.join(".", names.subList(2, names.size())) : names.get(names.size() - 1);
    }

    @ServerExceptionMapper({MismatchedInputException.class, JsonProcessingException.class})
    Response json(JsonProcessingException e) {
        JsonLocation at = e.getLocation();
        return unreadable(
                        e,
                        "The body is not a JSON document",
                        at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")")
                .response();
    }

    private static Problem unreadable(JsonProcessingException e, String what, String where) {
        return e instanceof JsonMappingException field && !field.getPath().isEmpty()
                ? ofField(field).problem()
                : malformed(what, where);
    }

    private static Problem malformed(String what, String where) {
        return Problem.of(ProblemType.MALFORMED_BODY, what + " of the expected shape" + where + ".");
    }

    private static BadInput ofField(JsonMappingException e) {
        if (e instanceof UnrecognizedPropertyException) {
            return new BadInput(pathOf(e), "Unknown", "is not a field of this request");
        }
        if (e instanceof InvalidFormatException wrong && wrong.getTargetType().isEnum()) {
            return new BadInput(pathOf(e), "Enum", "must be one of " + names(wrong.getTargetType()));
        }
        if (e instanceof MismatchedInputException wrong) {
            return new BadInput(pathOf(e), "Type", "must be " + typeName(wrong.getTargetType()));
        }
        return new BadInput(pathOf(e), "Range", "is out of bounds");
    }

    private static String pathOf(JsonMappingException e) {
        return e.getPath().stream()
                .map(reference -> reference.getFieldName() == null ? "[]" : reference.getFieldName())
                .collect(Collectors.joining("."));
    }

    private static String names(Class<?> type) {
        return Arrays.stream(type.getEnumConstants()).map(Object::toString).collect(Collectors.joining(", "));
    }

    private static String typeName(@Nullable Class<?> type) {
        if (type == null) {
            return "of another type";
        }
        return switch (type.getSimpleName()) {
            case "Integer", "int", "Long", "long" -> "a whole number within its bounds";
            case "String" -> "a string";
            case "Instant" -> "a time like 2026-11-27T09:00:00Z";
            default -> "of another type";
        };
    }

    @ServerExceptionMapper
    Response unauthorized(UnauthorizedException e) {
        return UNAUTHENTICATED.response();
    }

    /** A token was sent and is not believed. Why, is nobody's business who has made it up. */
    @ServerExceptionMapper
    Response authenticationFailed(AuthenticationFailedException e) {
        return Response.fromResponse(UNAUTHENTICATED.response())
                .header(HttpHeaders.WWW_AUTHENTICATE, null)
                .header(HttpHeaders.WWW_AUTHENTICATE, Problem.BEARER + ", error=\"invalid_token\"")
                .build();
    }

    @ServerExceptionMapper
    Response forbidden(ForbiddenException e) {
        return Problem.of(ProblemType.FORBIDDEN, "Your role does not allow this.")
                .response();
    }

    @ServerExceptionMapper
    Response unavailable(Unavailable e) {
        LOG.warnf("Request not served error=%s", e.getMessage());
        return UNAVAILABLE.response();
    }

    /** What JAX-RS says itself: no such path, wrong method, wrong media type. */
    @ServerExceptionMapper
    Response jaxRs(WebApplicationException e, UriInfo uri) {
        if (e.getResponse().hasEntity()) {
            return e.getResponse();
        }
        if (e.getCause() instanceof JsonProcessingException json) {
            return json(json);
        }
        ProblemType type = typeOf(e.getResponse().getStatus());
        if (type == ProblemType.INTERNAL_ERROR) {
            return anything(e);
        }
        return Problem.of(type, detail(type, isUpload(uri))).response();
    }

    private static ProblemType typeOf(int status) {
        return Arrays.stream(ProblemType.values())
                .filter(it -> it.status() == status)
                .findFirst()
                .orElse(status < 500 ? ProblemType.INVALID_REQUEST : ProblemType.INTERNAL_ERROR);
    }

    private static boolean isUpload(UriInfo uri) {
        return uri.getPath().equals(AdjustmentsResource.PATH);
    }

    private static String detail(ProblemType type, boolean upload) {
        return switch (type) {
            case NOT_FOUND -> "There is nothing at this path.";
            case METHOD_NOT_ALLOWED -> "This path does not take this method.";
            case NOT_ACCEPTABLE ->
                "What is here is " + (upload ? AdjustmentsResource.NDJSON : MediaType.APPLICATION_JSON) + ".";
            case UNSUPPORTED_MEDIA_TYPE ->
                "Send the body as "
                        + (upload
                                ? AdjustmentsResource.NDJSON + " or " + AdjustmentsResource.CSV + ", in UTF-8"
                                : MediaType.APPLICATION_JSON)
                        + ".";
            case INVALID_REQUEST -> "A parameter or header cannot be read.";
            default -> type.title() + ".";
        };
    }

    /** The caller has gone before it was answered. */
    @ServerExceptionMapper
    Response gone(ClosedChannelException e) {
        LOG.debug("Nobody is there to be answered", e);
        return INTERNAL_ERROR.response();
    }

    @ServerExceptionMapper
    Response anything(Throwable e) {
        LOG.error("Request failed", e);
        return INTERNAL_ERROR.response();
    }

    /** The same for one line of many: the document that it would get if it were sent alone. Logs nothing. */
    static Problem ofLine(Throwable e) {
        if (e instanceof BadInput bad) {
            return bad.problem();
        }
        if (e instanceof ConstraintViolationException violations) {
            return invalid(violations);
        }
        if (e instanceof JsonProcessingException json) {
            JsonLocation at = json.getLocation();
            return unreadable(json, "The line is not", at == null ? "" : " (column " + at.getColumnNr() + ")");
        }
        return e instanceof Unavailable ? UNAVAILABLE : INTERNAL_ERROR;
    }
}
