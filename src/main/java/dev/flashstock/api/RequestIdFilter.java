package dev.flashstock.api;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jboss.logging.MDC;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jspecify.annotations.Nullable;

/** Gives every request an id, the caller's own where it sends one, and tells it in the response and with what its own thread logs. */
final class RequestIdFilter {
    static final String HEADER = "X-Request-Id";
    private static final String KEY = "requestId";
    private static final int BEFORE_ALL_OTHERS = 0;
    private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9._:/+=-]{1,64}");

    @ServerRequestFilter(preMatching = true, priority = BEFORE_ALL_OTHERS)
    void identify(ContainerRequestContext request) {
        String id = idFor(request.getHeaderString(HEADER));
        request.setProperty(KEY, id);
        MDC.put(KEY, id);
    }

    /** The id of the request that this thread has just begun to answer. */
    static String current() {
        return String.valueOf(MDC.get(KEY));
    }

    /** The caller's own id if it is a sane one, else a new one. */
    static String idFor(@Nullable String sent) {
        return sent != null && SHAPE.matcher(sent).matches()
                ? sent
                : UUID.randomUUID().toString();
    }

    @ServerResponseFilter
    void tell(ContainerRequestContext request, ContainerResponseContext response) {
        Object id = request.getProperty(KEY);
        if (id != null) {
            response.getHeaders().putSingle(HEADER, id);
        }
        MDC.remove(KEY);
    }
}
