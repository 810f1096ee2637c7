package dev.flashstock.api;

import dev.flashstock.stock.TraceParent;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import org.jspecify.annotations.Nullable;

/** The trace of the request that this thread has just begun to answer. */
final class CurrentTrace {
    private CurrentTrace() {}

    /** Its span, if it is recorded. */
    static @Nullable TraceParent get() {
        SpanContext span = Span.current().getSpanContext();
        return span.isValid() && span.isSampled() ? TraceParent.of(span.getTraceId(), span.getSpanId()) : null;
    }
}
