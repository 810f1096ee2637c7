package dev.flashstock.api;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Hangs up on who does not send a body to its end in time: one who sends a byte now and then is never idle. An upload of
 * adjustments may take as long as it goes on; it is read no faster than its lines are carried out.
 */
@Singleton
class SlowBodies {
    private static final int BEFORE_THE_LIMITS = 10_001;

    private final long millis;

    SlowBodies(HttpConfig config) {
        this.millis = config.bodyTimeout().toMillis();
    }

    void register(@Observes Filters filters) {
        filters.register(this::watch, BEFORE_THE_LIMITS);
    }

    private void watch(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (hasBody(request) && !context.normalizedPath().equals(AdjustmentsResource.PATH)) {
            long timer = context.vertx().setTimer(millis, over -> hangUpUnlessEnded(request));
            context.addEndHandler(answered -> {
                if (request.isEnded()) { // who was refused early may still be sending
                    context.vertx().cancelTimer(timer);
                }
            });
        }
        context.next();
    }

    private static boolean hasBody(HttpServerRequest request) {
        return !request.isEnded()
                && (request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
                        || request.headers().contains(HttpHeaders.CONTENT_LENGTH));
    }

    private static void hangUpUnlessEnded(HttpServerRequest request) {
        if (request.isEnded()) {
            return;
        }
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().reset();
        } else {
            request.connection().close();
        }
    }
}
