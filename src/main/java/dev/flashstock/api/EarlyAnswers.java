package dev.flashstock.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/** Problem documents for requests that are refused before a resource is looked for, and before their body is read. */
@Singleton
class EarlyAnswers {
    private final ObjectMapper mapper;

    EarlyAnswers(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /** Ends the connection too, of which nothing more is wanted. */
    void refuse(RoutingContext context, Problem problem) {
        if (context.request().version() != HttpVersion.HTTP_2) {
            // What is not read of this request would be taken for the next one.
            context.response().putHeader(HttpHeaders.CONNECTION, "close");
        }
        answer(context, problem);
    }

    /** Keeps the connection: who comes back soon need not make a new one. Reads the body, within its limit, and forgets it. */
    void putOff(RoutingContext context, Problem problem) {
        context.request().handler(ignored -> {});
        context.request().resume();
        context.request().end().onSuccess(read -> answer(context, problem));
    }

    private void answer(RoutingContext context, Problem problem) {
        HttpServerResponse response = context.response();
        problem.retryAfter().ifPresent(seconds -> response.putHeader(HttpHeaders.RETRY_AFTER, String.valueOf(seconds)));
        try {
            response.setStatusCode(problem.status())
                    .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                    .putHeader(
                            RequestIdFilter.HEADER,
                            RequestIdFilter.idFor(context.request().getHeader(RequestIdFilter.HEADER)))
                    .end(mapper.writeValueAsString(problem));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A problem is always JSON", e);
        }
    }
}
