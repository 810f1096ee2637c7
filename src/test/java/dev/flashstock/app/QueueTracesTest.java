package dev.flashstock.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.Samples;
import dev.flashstock.sqs.SqsConfig;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.TraceParent;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the spans of the queue say of an end that is none. */
class QueueTracesTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

    private final List<SpanData> ended = new ArrayList<>();
    private final ReservationRequest request =
            Samples.request(new Sku("ps5"), 1).tracedBy(TraceParent.of(TRACE, "b7ad6b7169203331"));
    private final QueueTraces traces = new QueueTraces(
            SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(new Kept()))
                    .build()
                    .get("test"),
            new SmallRyeConfigBuilder()
                    .withConverter(Duration.class, 200, new DurationConverter())
                    .withMapping(SqsConfig.class)
                    .build()
                    .getConfigMapping(SqsConfig.class));

    private final class Kept implements SpanExporter {
        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            ended.addAll(spans);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }

    @Test
    void aDecisionThatIsGivenUpIsNoSuccess() {
        // When
        traces.deciding(undecided -> Uni.createFrom().nothing())
                .apply(request)
                .subscribe()
                .with(decided -> {})
                .cancel();

        // Then
        assertThat(ended).singleElement().satisfies(span -> {
            assertThat(span.getTraceId()).isEqualTo(TRACE);
            assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
            assertThat(span.getAttributes().get(ERROR)).isEqualTo("cancelled");
        });
    }

    @Test
    void aFailureIsNamedByItsClassAlone() {
        // When
        traces.deciding(refused -> Uni.createFrom().failure(new IllegalStateException("of alice")))
                .apply(request)
                .subscribe()
                .with(decided -> {}, failure -> {});

        // Then
        assertThat(ended).singleElement().satisfies(span -> {
            assertThat(span.getAttributes().get(ERROR)).isEqualTo("IllegalStateException");
            assertThat(span.toString()).doesNotContain("alice");
        });
    }
}
