package dev.flashstock.api;

import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;

/** What a cache has to know of something that was counted (RFC 9111). */
final class Aged {
    private Aged() {}

    /** {@code max-age} counts from when it was counted, hence the {@code Age}. */
    static Response.ResponseBuilder since(
            Instant asOf, Instant now, String cacheControl, Response.ResponseBuilder answer) {
        long age = Math.max(0, Duration.between(asOf, now).toSeconds());
        return answer.header("Cache-Control", cacheControl).header("Age", age);
    }
}
