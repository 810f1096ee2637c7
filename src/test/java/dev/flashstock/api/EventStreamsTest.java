package dev.flashstock.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.flashstock.inventory.Unavailable;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jboss.resteasy.reactive.server.jaxrs.SseImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventStreamsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Sse SSE = new SseImpl();
    private static final Multi<OutboundSseEvent> ENDLESS = Multi.createBy()
            .concatenating()
            .streams(
                    Multi.createFrom().item(() -> SSE.newEvent("first")),
                    Multi.createFrom().nothing());

    private final MeterRegistry metrics = new SimpleMeterRegistry();
    private final EventStreams streams = new EventStreams(new Config(2, Duration.ofMillis(50)), metrics);

    private record Config(int maxStreams, Duration heartbeat) implements EventsConfig {}

    @BeforeEach
    void start() {
        streams.start(new StartupEvent());
    }

    @AfterEach
    void stop() {
        streams.stop(new ShutdownEvent());
    }

    private AssertSubscriber<OutboundSseEvent> read(Multi<OutboundSseEvent> events, long requests) {
        return streams.of(events, SSE).subscribe().withSubscriber(AssertSubscriber.create(requests));
    }

    @Test
    void whenNothingHappensThereAreComments() {
        // When
        AssertSubscriber<OutboundSseEvent> reader = read(ENDLESS, 3);

        // Then
        reader.awaitItems(3, PATIENCE);
        assertThat(reader.getItems().get(0).getData()).isEqualTo("first");
        assertThat(reader.getItems().get(2).getComment()).isEqualTo("alive");
        reader.cancel();
    }

    @Test
    void aStreamEndsWithItsEvents() {
        // When
        AssertSubscriber<OutboundSseEvent> reader = read(Multi.createFrom().item(SSE.newEvent("last")), 10);

        // Then
        reader.awaitCompletion(PATIENCE);
        assertThat(reader.getItems()).hasSize(1);
    }

    @Test
    void whoIsSlowIsToldTheLastEventToo() {
        // Given
        AssertSubscriber<OutboundSseEvent> reader = read(Multi.createFrom().item(SSE.newEvent("last")), 0);

        // When
        reader.request(1);

        // Then
        reader.awaitCompletion(PATIENCE);
        assertThat(reader.getItems()).hasSize(1);
    }

    @Test
    void aStreamThatEndsWhileItsReaderAsksForMoreDoesNotFail() {
        // Given
        Executor elsewhere = Infrastructure.getDefaultExecutor();

        for (int i = 0; i < 2_000; i++) {
            // When
            AssertSubscriber<OutboundSseEvent> reader =
                    read(Multi.createFrom().item(SSE.newEvent("last")).emitOn(elsewhere), 1);
            for (int j = 0; j < 10; j++) {
                reader.request(1);
            }

            // Then
            reader.awaitCompletion(PATIENCE);
            assertThat(reader.getItems()).extracting(OutboundSseEvent::getData).contains("last");
        }
    }

    @Test
    void aFailureIsPassedOn() {
        // When
        AssertSubscriber<OutboundSseEvent> reader = read(Multi.createFrom().failure(new Unavailable("away")), 10);

        // Then
        reader.awaitFailure(PATIENCE).assertFailedWith(Unavailable.class);
    }

    @Test
    void whoReadsNothingIsLetGo() {
        // When
        AssertSubscriber<OutboundSseEvent> reader = read(ENDLESS, 0);

        // Then
        reader.awaitCompletion(PATIENCE);
    }

    @Test
    void thereAreOnlySoManyAndWhoLeavesMakesRoom() {
        // Given
        read(ENDLESS, Long.MAX_VALUE);
        AssertSubscriber<OutboundSseEvent> second = read(ENDLESS, Long.MAX_VALUE);

        // When
        Throwable third = catchThrowable(() -> read(ENDLESS, Long.MAX_VALUE));
        double open = metrics.get("flashstock.events.streams").gauge().value();
        second.cancel();
        AssertSubscriber<OutboundSseEvent> fourth = read(ENDLESS, Long.MAX_VALUE);

        // Then
        assertThat(third).isInstanceOf(Unavailable.class);
        assertThat(open).isEqualTo(2);
        fourth.awaitItems(1, PATIENCE).assertNotTerminated();
    }

    @Test
    void whenTheProcessIsToEndAllEndAndNoneBegins() {
        // Given
        AssertSubscriber<OutboundSseEvent> reader = read(ENDLESS, Long.MAX_VALUE);

        // When
        streams.close(new ShutdownDelayInitiatedEvent());

        // Then
        reader.awaitCompletion(PATIENCE);
        assertThat(catchThrowable(() -> read(ENDLESS, Long.MAX_VALUE))).isInstanceOf(Unavailable.class);
    }
}
