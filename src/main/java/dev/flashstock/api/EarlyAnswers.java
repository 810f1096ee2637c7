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

    void refuse(RoutingContext context, Problem problem) {
        HttpServerResponse response = context.response();
        if (context.request().version() != HttpVersion.HTTP_2) {
            // What is not read of this request would be taken for the next one.
            response.putHeader(HttpHeaders.CONNECTION, "close");
        }
        if (problem.status() == ProblemType.UNAVAILABLE.status()) {
            response.putHeader(HttpHeaders.RETRY_AFTER, String.valueOf(Problem.RETRY_AFTER_SECONDS));
        }
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
