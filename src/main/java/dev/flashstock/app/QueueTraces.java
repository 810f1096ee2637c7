package dev.flashstock.app;

import dev.flashstock.dynamodb.TraceInterceptor;
import dev.flashstock.inventory.ReservationQueue;
import dev.flashstock.sqs.SqsConfig;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.TraceParent;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.smallrye.mutiny.Uni;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Spans of requests on their way through the queue, with the names of OpenTelemetry's conventions for messaging. Many
 * requests are packed in a message, so each has spans of its own, from its sending to its decision, whatever they are
 * packed in. A request that belongs to no recorded trace costs a comparison.
 */
final class QueueTraces {
    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
    private static final AttributeKey<String> DESTINATION = AttributeKey.stringKey("messaging.destination.name");
    private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("messaging.operation.type");
    private static final AttributeKey<String> SKU = AttributeKey.stringKey("flashstock.sku");
    private static final AttributeKey<String> STATUS = AttributeKey.stringKey("flashstock.reservation.status");
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

    private final Tracer tracer;
    private final String queue;

    QueueTraces(Tracer tracer, SqsConfig config) {
        this.tracer = tracer;
        this.queue = config.queue();
    }

    /** A request carries the span of its sending, in which it has waited for its message too. */
    ReservationQueue sending(ReservationQueue requests) {
        return request -> {
            TraceParent trace = request.trace();
            return trace == null
                    ? requests.send(request)
                    : within("send", SpanKind.PRODUCER, trace, request, (span, traced) -> requests.send(traced));
        };
    }

    /** Deciding it is part of the trace in which it was sent. */
    Function<ReservationRequest, Uni<Reservation>> deciding(Function<ReservationRequest, Uni<Reservation>> decide) {
        return request -> {
            TraceParent trace = request.trace();
            return trace == null
                    ? decide.apply(request)
                    : within(
                            "process",
                            SpanKind.CONSUMER,
                            trace,
                            request,
                            (span, traced) -> decide.apply(traced)
                                    .invoke(decided -> span.setAttribute(
                                            STATUS, decided.status().name())));
        };
    }

    private interface Work<T> {
        Uni<T> of(Span span, ReservationRequest traced);
    }

    private <T> Uni<T> within(
            String operation, SpanKind kind, TraceParent trace, ReservationRequest request, Work<T> work) {
        return Uni.createFrom().deferred(() -> {
            Span span = tracer.spanBuilder(operation + " " + queue)
                    .setSpanKind(kind)
                    .setParent(TraceInterceptor.below(trace))
                    .setAttribute(SYSTEM, "aws_sqs")
                    .setAttribute(DESTINATION, queue)
                    .setAttribute(OPERATION, operation)
                    .setAttribute(SKU, request.sku().value())
                    .startSpan();
            SpanContext context = span.getSpanContext();
            return work.of(span, request.tracedBy(TraceParent.of(context.getTraceId(), context.getSpanId())))
                    .onTermination()
                    .invoke((result, failure, cancelled) -> end(span, failure, cancelled));
        });
    }

    /** What a failure says may name a user. */
    private static void end(Span span, @Nullable Throwable failure, boolean cancelled) {
        if (failure != null || cancelled) {
            span.setAttribute(
                            ERROR,
                            failure == null ? "cancelled" : failure.getClass().getSimpleName())
                    .setStatus(StatusCode.ERROR);
        }
        span.end();
    }
}
