package dev.flashstock.dynamodb;

import dev.flashstock.stock.TraceParent;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/**
 * Spans of calls to DynamoDB, with the names of OpenTelemetry's conventions. A call that belongs to no recorded trace has
 * none: nothing begins a trace here.
 *
 * <p>A group commit is one call for many. Its span is in the trace of the first of them and links to the others, and in
 * the trace of each of those is one beside it, which links to it: whichever trace is looked at shows the transaction.
 */
public final class TraceInterceptor implements ExecutionInterceptor {
    /** The SDK takes each name once, and outlives this class where dev mode loads it anew. */
    private static final String LOADED = "flashstock." + System.nanoTime();

    private static final ExecutionAttribute<List<TraceParent>> TRACES = new ExecutionAttribute<>(LOADED + ".traces");
    private static final ExecutionAttribute<List<Span>> SPANS = new ExecutionAttribute<>(LOADED + ".spans");

    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("db.system.name");
    private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("db.operation.name");
    private static final AttributeKey<String> TABLE = AttributeKey.stringKey("db.collection.name");
    private static final AttributeKey<Long> ITEMS = AttributeKey.longKey("db.operation.batch.size");
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

    private final Tracer tracer;
    private final String table;

    /**
     * Records.
     *
     * @param tracer where
     * @param table the table that is asked
     */
    public TraceInterceptor(Tracer tracer, String table) {
        this.tracer = tracer;
        this.table = table;
    }

    /** Whose call it is; null: nobody's whose trace is recorded. */
    static @Nullable AwsRequestOverrideConfiguration of(List<TraceParent> traces) {
        return traces.isEmpty()
                ? null
                : AwsRequestOverrideConfiguration.builder()
                        .putExecutionAttribute(TRACES, traces)
                        .build();
    }

    @Override
    public void beforeExecution(
            software.amazon.awssdk.core.interceptor.Context.BeforeExecution context, ExecutionAttributes attributes) {
        List<Context> parents = parents(context.request(), attributes);
        if (!parents.isEmpty()) {
            attributes.putAttribute(SPANS, begin(context.request(), attributes, parents));
        }
    }

    private static List<Context> parents(SdkRequest request, ExecutionAttributes attributes) {
        List<TraceParent> traces = attributes.getAttribute(TRACES);
        if (traces != null) {
            return traces.stream().map(TraceInterceptor::below).toList();
        }
        Context current = Context.current();
        return Span.fromContext(current).getSpanContext().isSampled() && !isGroupCommit(request)
                ? List.of(current)
                : List.of();
    }

    /** It goes out with whoever comes next, and is nobody's in particular. */
    private static boolean isGroupCommit(SdkRequest request) {
        return request instanceof TransactWriteItemsRequest transaction && transaction.clientRequestToken() != null;
    }

    /**
     * Where a span begins that belongs to a recorded trace.
     *
     * @param trace the span above it
     * @return a context with nothing else in it
     */
    public static Context below(TraceParent trace) {
        return Context.root()
                .with(Span.wrap(SpanContext.createFromRemoteParent(
                        trace.traceId(), trace.spanId(), TraceFlags.getSampled(), TraceState.getDefault())));
    }

    private List<Span> begin(SdkRequest request, ExecutionAttributes attributes, List<Context> parents) {
        String operation = attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
        String name = operation + " " + table;
        List<Context> others = parents.subList(1, parents.size());
        SpanBuilder call = tracer.spanBuilder(name)
                .setSpanKind(SpanKind.CLIENT)
                .setParent(parents.get(0))
                .setAttribute(SYSTEM, "aws.dynamodb")
                .setAttribute(OPERATION, operation)
                .setAttribute(TABLE, table);
        others.forEach(it -> call.addLink(Span.fromContext(it).getSpanContext()));
        if (request instanceof TransactWriteItemsRequest transaction) {
            call.setAttribute(ITEMS, (long) transaction.transactItems().size());
        }
        List<Span> spans = new ArrayList<>(parents.size());
        spans.add(call.startSpan());
        for (Context other : others) {
            spans.add(tracer.spanBuilder("shared " + name)
                    .setParent(other)
                    .addLink(spans.get(0).getSpanContext())
                    .startSpan());
        }
        return spans;
    }

    @Override
    public void afterExecution(
            software.amazon.awssdk.core.interceptor.Context.AfterExecution context, ExecutionAttributes attributes) {
        end(attributes, null);
    }

    @Override
    public void onExecutionFailure(
            software.amazon.awssdk.core.interceptor.Context.FailedExecution context, ExecutionAttributes attributes) {
        end(attributes, context.exception());
    }

    /** Messages of exceptions name items, and so users: they are not recorded. */
    private void end(ExecutionAttributes attributes, @Nullable Throwable failure) {
        List<Span> spans = attributes.getAttribute(SPANS);
        if (spans == null) {
            return;
        }
        if (failure != null) {
            Span call = spans.get(0);
            Throwable cause =
                    failure.getCause() != null && failure instanceof CompletionException ? failure.getCause() : failure;
            call.setAttribute(ERROR, cause.getClass().getSimpleName());
            if (!Calls.isRefusal(cause)) {
                call.setStatus(StatusCode.ERROR);
            }
        }
        spans.forEach(Span::end);
    }
}
