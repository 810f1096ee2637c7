package dev.flashstock.inventory;

import dev.failsafe.CircuitBreaker;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The way to a backend that is a help and not a need. An answer is waited for no longer than a timeout, and when
 * {@value #FAILURES} questions in a row have failed, the backend is left alone for a while: then whoever can do without it
 * does not wait for it either. After the while a single question tries whether it is back.
 */
public final class Aid {
    /** So many failures in a row, and the backend is left alone. */
    public static final int FAILURES = 3;

    /** For how long. */
    static final Duration LEFT_ALONE = Duration.ofSeconds(1);

    private final Duration timeout;
    private final Listener listener;
    private final CircuitBreaker<Object> circuit;
    private final AtomicBoolean away = new AtomicBoolean();

    /**
     * Bounds a backend.
     *
     * @param timeout how long an answer is waited for
     * @param listener is told when the backend goes away and comes back
     */
    public Aid(Duration timeout, Listener listener) {
        this.timeout = timeout;
        this.listener = listener;
        this.circuit = CircuitBreaker.builder()
                .withFailureThreshold(FAILURES)
                .withDelay(LEFT_ALONE)
                .build();
    }

    /** Is told when a backend goes away and comes back; each once. */
    public interface Listener {
        /**
         * It does not answer.
         *
         * @param failure the first failure
         */
        void away(Throwable failure);

        /** It answers again. */
        void back();
    }

    /** The backend has not answered lately, and is not asked. */
    public static final class LeftAlone extends RuntimeException {
        private static final long serialVersionUID = 1L;

        LeftAlone() {
            super("It has not answered lately", null, false, false);
        }
    }

    /**
     * Asks the backend.
     *
     * @param question what is asked
     * @param <T> the answer
     * @return the answer; fails with {@link LeftAlone}, at the timeout, and as the backend does
     */
    public <T> Uni<T> ask(Supplier<Uni<T>> question) {
        return Uni.createFrom().deferred(() -> {
            if (!circuit.tryAcquirePermit()) {
                return Uni.createFrom().failure(new LeftAlone());
            }
            return Uni.createFrom()
                    .deferred(question::get)
                    .ifNoItem()
                    .after(timeout)
                    .fail()
                    .onTermination()
                    .invoke((answer, failure, cancelled) -> record(failure, cancelled));
        });
    }

    /**
     * Whether the backend is done without.
     *
     * @return whether it has not answered the last time that it was asked
     */
    public boolean isAway() {
        return away.get();
    }

    private void record(@Nullable Throwable failure, boolean cancelled) {
        if (failure == null && !cancelled) {
            circuit.recordSuccess();
            if (away.getAndSet(false)) {
                listener.back();
            }
            return;
        }
        circuit.recordFailure();
        if (failure != null && !away.getAndSet(true)) {
            listener.away(failure);
        }
    }
}
