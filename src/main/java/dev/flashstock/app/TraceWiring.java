package dev.flashstock.app;

import dev.flashstock.sqs.SqsConfig;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.quarkus.opentelemetry.runtime.propagation.TextMapPropagatorCustomizer;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Traces, put together. Quarkus records HTTP requests and sends spans to the collector. */
final class TraceWiring {
    private static final Logger LOG = Logger.getLogger(TraceWiring.class);

    /** What records flashstock's own spans; nothing does while traces are off. */
    record Recorder(Optional<Tracer> tracer, Optional<QueueTraces> queue) {}

    @Produces
    @Singleton
    Recorder recorder(
            OpenTelemetry telemetry,
            SqsConfig config,
            @ConfigProperty(name = "quarkus.otel.sdk.disabled", defaultValue = "true") boolean off,
            @ConfigProperty(name = "quarkus.otel.traces.sampler.arg", defaultValue = "1") double share) {
        if (!off) {
            LOG.infof("Traces are recorded share=%s", share);
        }
        Optional<Tracer> tracer = off ? Optional.empty() : Optional.of(telemetry.getTracer("dev.flashstock"));
        return new Recorder(tracer, tracer.map(it -> new QueueTraces(it, config)));
    }

    /** Who asks neither chooses a trace's id nor that it is recorded, and whom it is told to. */
    @Produces
    @Singleton
    TextMapPropagatorCustomizer callers(TracesConfig config) {
        return context -> config.trustCallers() ? context.propagator() : TextMapPropagator.noop();
    }

    @Produces
    @Singleton
    SpanProcessor unidentified() {
        return new Unidentified();
    }
}
