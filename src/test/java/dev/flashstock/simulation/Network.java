package dev.flashstock.simulation;

import dev.flashstock.inventory.Unavailable;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.random.RandomGenerator;

/** The way to the table and to the queue, with delays and faults; a dead caller sends nothing and hears nothing. */
final class Network {
    /** How long a caller waits for an answer. */
    static final long TIMEOUT_MICROS = 2_000_000;

    private static final long LATEST_DUPLICATE_MICROS = 8_000_000;
    /** After tokens are forgotten. */
    private static final long VERY_LATE_MICROS =
            ItemStore.TOKENS_ARE_KNOWN.plusMinutes(1).toMillis() * 1_000;

    private final VirtualTime time;
    private final RandomGenerator random;
    private final Trace trace;
    private Faults faults;
    private int travelling;

    Network(VirtualTime time, RandomGenerator random, Trace trace, Faults faults) {
        this.time = time;
        this.random = random;
        this.trace = trace;
        this.faults = faults;
    }

    /** Somebody who sends requests. */
    interface Caller {
        boolean isAlive();

        void die();
    }

    void nothingGoesWrongAnyMore() {
        faults = Faults.NONE;
    }

    /** How many requests have not arrived yet. */
    int travelling() {
        return travelling;
    }

    Wire from(Caller caller) {
        return new Wire() {
            @Override
            public <T> Uni<T> send(Operation<T> operation) {
                return Uni.createFrom().emitter(emitter -> {
                    if (happens(faults.deadly())) {
                        caller.die();
                    }
                    if (caller.isAlive()) {
                        new Call<T>(caller, emitter).send(operation);
                    }
                });
            }
        };
    }

    private boolean happens(double rate) {
        return rate > 0 && random.nextDouble() < rate;
    }

    private long delay() {
        if (happens(faults.slow())) {
            return random.nextLong(2 * TIMEOUT_MICROS);
        }
        return random.nextInt(16) == 0 ? random.nextLong(30_000) : 300 + random.nextLong(1_500);
    }

    private final Wire.Service service = new Wire.Service() {
        @Override
        public void later(Runnable step) {
            travelling++;
            time.after(500 + random.nextLong(random.nextInt(8) == 0 ? 30_000 : 4_000), () -> {
                travelling--;
                step.run();
            });
        }

        @Override
        public boolean throttles(Key key) {
            return happens(faults.throttled());
        }
    };

    /** One request and its answer. */
    private final class Call<T> implements Wire.Answer<T> {
        private final Caller caller;
        private final UniEmitter<? super T> emitter;
        private final long sentAt = time.micros();
        private final boolean answerLost = happens(faults.answerLost());

        Call(Caller caller, UniEmitter<? super T> emitter) {
            this.caller = caller;
            this.emitter = emitter;
        }

        void send(Wire.Operation<T> operation) {
            if (happens(faults.refused())) {
                time.after(delay(), () -> hear(() -> emitter.fail(new Unavailable("Throttled"))));
                return;
            }
            if (happens(faults.lost())) {
                giveUpInTime("lost");
            } else {
                arrive(delay(), operation, this);
            }
            if (happens(faults.duplicated())) {
                long late = random.nextInt(100) == 0 ? VERY_LATE_MICROS : random.nextLong(LATEST_DUPLICATE_MICROS);
                arrive(late, operation, ignored());
            }
        }

        private void arrive(long delay, Wire.Operation<T> operation, Wire.Answer<T> answer) {
            travelling++;
            time.after(delay, () -> {
                travelling--;
                operation.arrive(service, answer);
            });
        }

        private void giveUpInTime(String why) {
            long left = Math.max(0, sentAt + TIMEOUT_MICROS - time.micros());
            time.after(left, () -> hear(() -> emitter.fail(new Unavailable("No answer: " + why))));
        }

        @Override
        public void complete(T item) {
            answer(() -> emitter.complete(item));
        }

        @Override
        public void fail(RuntimeException failure) {
            if (!Simulation.isTolerable(failure)) {
                trace.violation("Nobody sends what the service cannot understand: " + failure);
            }
            answer(() -> emitter.fail(failure));
        }

        private void answer(Runnable answer) {
            long delay = delay();
            if (answerLost || time.micros() + delay > sentAt + TIMEOUT_MICROS) {
                giveUpInTime("its answer is lost or late");
            } else {
                time.after(delay, () -> hear(answer));
            }
        }

        private void hear(Runnable answer) {
            if (caller.isAlive()) {
                answer.run();
            }
        }
    }

    private static <T> Wire.Answer<T> ignored() {
        return new Wire.Answer<>() {
            @Override
            public void complete(T item) {}

            @Override
            public void fail(RuntimeException failure) {}
        };
    }
}
