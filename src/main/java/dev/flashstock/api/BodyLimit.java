package dev.flashstock.api;

import io.quarkus.vertx.http.runtime.RouteConstants;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a body over {@value #MAX_BYTES} bytes: before it is sent if it tells its length, while it is read if it does
 * not. An upload of adjustments has a limit of its own.
 */
@Provider
@Singleton
public class BodyLimit implements ReaderInterceptor {
    /** The largest body, in bytes. */
    static final int MAX_BYTES = 16 * 1024;

    private static final Problem PROBLEM =
            Problem.of(ProblemType.BODY_TOO_LARGE, "A body has at most " + MAX_BYTES + " bytes.");
    private static final int BEFORE_ALL_OTHERS = 10_000;

    /** Quarkus sets its own limit for bodies that do not tell their length, and one for all, just before this. */
    private static final int AFTER_QUARKUS = -RouteConstants.ROUTE_ORDER_UPLOAD_LIMIT - 1;

    /** The wall behind the limit, in bytes. */
    private static final long WALL_BYTES = 64 * 1024;

    private static final int DIGITS_OF_A_SANE_LENGTH = 18;

    private final EarlyAnswers answers;
    private final Instance<AdjustmentsConfig> uploads;

    /** Providers are made before there are settings. */
    BodyLimit(EarlyAnswers answers, Instance<AdjustmentsConfig> uploads) {
        this.answers = answers;
        this.uploads = uploads;
    }

    void register(@Observes Filters filters) {
        long maxUploadBytes = uploads.get().maxBytes().asLongValue();
        filters.register(context -> beforeItIsSent(context, maxUploadBytes), BEFORE_ALL_OTHERS);
        filters.register(BodyLimit::whileItIsSent, AFTER_QUARKUS);
    }

    private void beforeItIsSent(RoutingContext context, long maxUploadBytes) {
        boolean upload = isUpload(context);
        String length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        if (isOver(upload ? maxUploadBytes : MAX_BYTES, length)) {
            answers.refuse(context, upload ? uploadTooLarge(maxUploadBytes) : PROBLEM);
        } else {
            context.next();
        }
    }

    private static void whileItIsSent(RoutingContext context) {
        if (!isUpload(context)) {
            context.put(VertxHttpRecorder.MAX_REQUEST_SIZE_KEY, WALL_BYTES);
        }
        context.next();
    }

    private static boolean isUpload(RoutingContext context) {
        return context.normalizedPath().equals(AdjustmentsResource.PATH);
    }

    private static boolean isOver(long maxBytes, @Nullable String length) {
        return length != null && (length.length() > DIGITS_OF_A_SANE_LENGTH || Long.parseLong(length) > maxBytes);
    }

    /** What an upload is told that is over its limit. */
    static Problem uploadTooLarge(long maxBytes) {
        return Problem.of(ProblemType.BODY_TOO_LARGE, "An upload has at most " + maxBytes + " bytes.");
    }

    @Override
    public Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
        byte[] body = context.getInputStream().readNBytes(MAX_BYTES + 1);
        if (body.length > MAX_BYTES) {
            throw new WebApplicationException(PROBLEM.response());
        }
        context.setInputStream(new ByteArrayInputStream(body));
        return context.proceed();
    }
}
