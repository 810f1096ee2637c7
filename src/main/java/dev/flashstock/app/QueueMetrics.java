package dev.flashstock.app;

import dev.flashstock.sqs.ReservationConsumer;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationRequest;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
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
        // All are there from the start: alarms are for the first one.
        for (Reservation.Status decided : EnumSet.complementOf(EnumSet.of(Reservation.Status.QUEUED))) {
            count(decided.name(), 0);
        }
        count(ReservationConsumer.FAILED, 0);
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
        Counter.builder("flashstock.queued.requests")
                .description("Queued requests whose turn came, by what became of them; one that FAILED comes again")
                .tag("outcome", outcome)
                .register(metrics)
                .increment(requests);
    }
}
