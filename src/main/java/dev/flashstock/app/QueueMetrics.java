package dev.flashstock.app;

import dev.flashstock.sqs.ReservationConsumer;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationRequest;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Function;

/** Counts queued requests by what became of them, and how long they waited. */
final class QueueMetrics {
    private final MeterRegistry metrics;
    private final InstantSource clock;
    private final Timer wait;

    QueueMetrics(MeterRegistry metrics, InstantSource clock) {
        this.metrics = metrics;
        this.clock = clock;
        this.wait = Timer.builder("flashstock.queue.wait")
                .description("From the moment that a queued request was asked until it is decided")
                .serviceLevelObjectives(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofMinutes(1))
                .register(metrics);
        // Alarms are for the first one.
        count(Reservation.Reason.NOT_DECIDED.name(), 0);
        count(ReservationConsumer.FORGED, 0);
    }

    Function<ReservationRequest, Uni<Reservation>> timed(Function<ReservationRequest, Uni<Reservation>> decide) {
        return request -> decide.apply(request)
                .invoke(() -> wait.record(Duration.between(request.requestedAt(), clock.instant())));
    }

    void count(String outcome) {
        count(outcome, 1);
    }

    private void count(String outcome, int requests) {
        metrics.counter("flashstock.queued.requests", "outcome", outcome).increment(requests);
    }
}
