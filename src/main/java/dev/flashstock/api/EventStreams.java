package dev.flashstock.api;

import dev.flashstock.inventory.Unavailable;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Streams of server-sent events: so many at a time, each with a comment from time to time that keeps the connection alive.
 * One whose reader takes nothing from one comment to the next is ended, and all are when the process is about to end:
 * readers connect again, to another one.
 */
@Singleton
public class EventStreams {
    /** After how many milliseconds a reader whose stream has ended comes again. */
    public static final long RECONNECT = 1_000;

    private final EventsConfig config;
    private final Set<Stream> open = ConcurrentHashMap.newKeySet();
    private @Nullable Cancellable heart;
    private volatile boolean closed;

    EventStreams(EventsConfig config, MeterRegistry metrics) {
        this.config = config;
        Gauge.builder("flashstock.events.streams", open, Set::size)
                .description("Streams of events that are open")
                .register(metrics);
    }

    /** A stream ends: not for a fault. */
    private static final class Ended extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Ended() {
            super("The stream ends", null, false, false);
        }
    }

    /** One that is open: its events are one part, each comment is another. At most one comment waits to be taken. */
    private record Stream(MultiEmitter<? super Multi<OutboundSseEvent>> parts, Sse sse) {
        void beat() {
            if (parts.requested() == 0) { // the last comment has not been taken yet
                end();
            } else {
                parts.emit(Multi.createFrom()
                        .item(sse.newEventBuilder().comment("alive").build()));
            }
        }

        void end() {
            parts.fail(new Ended());
        }
    }

    void start(@Observes StartupEvent event) {
        heart = Multi.createFrom()
                .ticks()
                .startingAfter(config.heartbeat())
                .every(config.heartbeat())
                .onOverflow()
                .drop()
                .subscribe()
                .with(tick -> open.forEach(Stream::beat));
    }

    /** Comes before Quarkus waits for the requests under way, which streams are. */
    void close(@Observes ShutdownDelayInitiatedEvent event) {
        closed = true;
        open.forEach(Stream::end);
    }

    void stop(@Observes ShutdownEvent event) {
        if (heart != null) {
            heart.cancel();
        }
    }

    /**
     * Makes a stream of events; of a HEAD request, whose answer has no end else, one without any.
     *
     * @param request the request
     * @param events the events
     * @param sse makes comments
     * @return them, with what else a stream needs
     * @throws Unavailable at once when there are too many: a stream that has begun has sent its 200
     */
    public Multi<OutboundSseEvent> of(Request request, Multi<OutboundSseEvent> events, Sse sse) {
        return request.getMethod().equals(HttpMethod.HEAD) ? Multi.createFrom().empty() : of(events, sse);
    }

    Multi<OutboundSseEvent> of(Multi<OutboundSseEvent> events, Sse sse) {
        if (closed || open.size() >= config.maxStreams()) {
            throw new Unavailable("This process has too many streams open");
        }
        return Multi.createFrom()
                .<Multi<OutboundSseEvent>>emitter(parts -> enter(parts, events, sse), BackPressureStrategy.ERROR)
                .onItem()
                .transformToMulti(part -> part)
                .withRequests(1)
                .merge(2)
                .onFailure(Ended.class)
                .recoverWithCompletion();
    }

    private void enter(MultiEmitter<? super Multi<OutboundSseEvent>> parts, Multi<OutboundSseEvent> events, Sse sse) {
        Stream stream = new Stream(parts, sse);
        open.add(stream);
        parts.onTermination(() -> open.remove(stream));
        parts.emit(events.onCompletion().invoke(parts::complete));
        if (closed) {
            stream.end();
        }
    }
}
