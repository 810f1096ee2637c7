package dev.flashstock.api;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Says in a problem document what Vert.x refuses before a resource is looked for: a path that cannot be decoded, a request
 * without a host. Without it Quarkus answers with the status alone, or with what its developers need.
 */
@Singleton
class Unroutable {
    private static final int BEFORE_ALL_OTHERS = Integer.MIN_VALUE;

    private static final Problem PROBLEM =
            Problem.of(ProblemType.INVALID_REQUEST, "The request's line or headers cannot be read.");

    private final EarlyAnswers answers;

    Unroutable(EarlyAnswers answers) {
        this.answers = answers;
    }

    void register(@Observes Router router) {
        router.route().order(BEFORE_ALL_OTHERS).failureHandler(this::tell);
    }

    private void tell(RoutingContext context) {
        if (context.statusCode() == PROBLEM.status() && !context.response().headWritten()) {
            answers.refuse(context, PROBLEM);
        } else {
            context.next();
        }
    }
}
