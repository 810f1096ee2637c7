package dev.flashstock.api;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Refuses media types that cannot be read before anything is done. JAX-RS meets some of them only when it writes the
 * answer: then the request has been carried out, and is told to have failed.
 */
final class ReadableMediaTypes {
    private static final Problem PROBLEM =
            Problem.of(ProblemType.INVALID_REQUEST, "Content-Type or Accept cannot be read.");

    @ServerRequestFilter(preMatching = true)
    @Nullable
    Response refuse(ContainerRequestContext request) {
        String type = request.getHeaderString(HttpHeaders.CONTENT_TYPE);
        String accepted = request.getHeaderString(HttpHeaders.ACCEPT);
        boolean readable = Stream.concat(
                        Stream.ofNullable(type),
                        Stream.ofNullable(accepted).flatMap(list -> Arrays.stream(list.split(",", -1))))
                .allMatch(ReadableMediaTypes::isReadable);
        return readable ? null : PROBLEM.response();
    }

    private static boolean isReadable(String type) {
        try {
            return MediaType.valueOf(type.trim()) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
