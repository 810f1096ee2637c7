package dev.flashstock.api;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Lets nobody in any more from the moment that the process is asked to end. Quarkus by itself goes on serving whoever
 * comes until no request is under way for a moment, and when that moment does not come in time, or somebody comes just
 * after it, it closes connections whose requests are accepted and not answered.
 */
@Singleton
class Doors {
    /** One more than the limit of bodies. */
    private static final int BEFORE_ALL_OTHERS = 10_001;

    /** Health and metrics are asked for to the end. */
    private static final String OPERATIONS = "/q/";

    private static final Problem PROBLEM = Problem.of(
            ProblemType.UNAVAILABLE, "This process is about to end and has done nothing: send the request again.");

    private final EarlyAnswers answers;
    private volatile boolean closed;

    Doors(EarlyAnswers answers) {
        this.answers = answers;
    }

    void register(@Observes Filters filters) {
        filters.register(this::letIn, BEFORE_ALL_OTHERS);
    }

    /** Comes before Quarkus waits for the requests under way: whoever is let in is waited for. */
    void close(@Observes ShutdownDelayInitiatedEvent event) {
        closed = true;
    }

    boolean areClosed() {
        return closed;
    }

    private void letIn(RoutingContext context) {
        if (closed && !context.normalizedPath().startsWith(OPERATIONS)) {
            answers.refuse(context, PROBLEM);
        } else {
            context.next();
        }
    }
}
