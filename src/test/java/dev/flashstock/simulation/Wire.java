package dev.flashstock.simulation;

import io.smallrye.mutiny.Uni;
import java.util.function.Consumer;

/** The way from a caller to a service and back. */
interface Wire {
    /**
     * Sends a request, once for each subscription.
     *
     * @param operation what the service does when the request arrives
     * @param <T> the answer
     * @return the answer; fails with {@code Unavailable} when none comes
     */
    <T> Uni<T> send(Operation<T> operation);

    /**
     * What a service does with a request.
     *
     * @param <T> the answer
     */
    @FunctionalInterface
    interface Operation<T> {
        void arrive(Service service, Answer<T> answer);
    }

    /** What the service's inside gives to an operation. */
    interface Service {
        /** Goes on when the service has worked for a while. */
        void later(Runnable step);

        /** Whether an item's partition is at its limit just now. */
        boolean throttles(Key key);
    }

    /**
     * Where the answer goes.
     *
     * @param <T> the answer
     */
    interface Answer<T> {
        void complete(T item);

        void fail(RuntimeException failure);
    }

    /** A wire without delays or faults, to a service that answers at once. */
    static Wire direct() {
        return through(Runnable::run);
    }

    /**
     * A wire without delays or faults.
     *
     * @param later decides when the service goes on
     * @return the wire
     */
    static Wire through(Consumer<Runnable> later) {
        Service service = new Service() {
            @Override
            public void later(Runnable step) {
                later.accept(step);
            }

            @Override
            public boolean throttles(Key key) {
                return false;
            }
        };
        return new Wire() {
            @Override
            public <T> Uni<T> send(Operation<T> operation) {
                return Uni.createFrom()
                        .emitter(emitter -> operation.arrive(service, new Answer<>() {
                            @Override
                            public void complete(T item) {
                                emitter.complete(item);
                            }

                            @Override
                            public void fail(RuntimeException failure) {
                                emitter.fail(failure);
                            }
                        }));
            }
        };
    }
}
