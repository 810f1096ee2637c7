package dev.flashstock.api;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
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
 * not.
 */
@Provider
@Singleton
public class BodyLimit implements ReaderInterceptor {
    /** The largest body, in bytes. */
    static final int MAX_BYTES = 16 * 1024;

    private static final Problem PROBLEM =
            Problem.of(ProblemType.BODY_TOO_LARGE, "A body has at most " + MAX_BYTES + " bytes.");
    private static final int BEFORE_ALL_OTHERS = 10_000;
    private static final int DIGITS_OF_A_SANE_LENGTH = 9;

    private final EarlyAnswers answers;

    BodyLimit(EarlyAnswers answers) {
        this.answers = answers;
    }

    void register(@Observes Filters filters) {
        filters.register(this::beforeItIsSent, BEFORE_ALL_OTHERS);
    }

    private void beforeItIsSent(RoutingContext context) {
        if (isTooLarge(context.request().getHeader(HttpHeaders.CONTENT_LENGTH))) {
            answers.refuse(context, PROBLEM);
        } else {
            context.next();
        }
    }

    private static boolean isTooLarge(@Nullable String length) {
        return length != null && (length.length() > DIGITS_OF_A_SANE_LENGTH || Integer.parseInt(length) > MAX_BYTES);
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
