package dev.flashstock.simulation;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/** Time that passes only from one event to the next: one thread, events in the order of their times, ties at random. */
final class VirtualTime implements InstantSource {
    private static final Instant START = Instant.parse("2026-11-27T09:00:00Z");

    private final RandomGenerator random;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long micros;
    private long number;

    VirtualTime(RandomGenerator random) {
        this.random = random;
    }

    private record Event(long at, int tie, long number, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            if (at != other.at) {
                return Long.compare(at, other.at);
            }
            return tie != other.tie ? Integer.compare(tie, other.tie) : Long.compare(number, other.number);
        }
    }

    /** How much time has passed. */
    long micros() {
        return micros;
    }

    @Override
    public Instant instant() {
        return START.plus(micros, ChronoUnit.MICROS);
    }

    void after(long delayMicros, Runnable action) {
        events.add(new Event(micros + Math.max(0, delayMicros), random.nextInt(), number++, action));
    }

    /** Waits that end only while somebody is there to go on. */
    Uni<Void> pause(Duration time, BooleanSupplier alive) {
        return Uni.createFrom()
                .emitter(emitter -> after(time.toNanos() / 1_000, () -> {
                    if (alive.getAsBoolean()) {
                        emitter.complete(null);
                    }
                }));
    }

    /**
     * Lets time pass.
     *
     * @param enough asked after each event
     * @param longest the most time that passes
     * @return whether it was enough; else the time is over, or nothing is left to happen
     */
    boolean runUntil(BooleanSupplier enough, Duration longest) {
        long end = micros + longest.toMillis() * 1_000;
        while (!enough.getAsBoolean()) {
            Event next = events.peek();
            if (next == null || next.at() > end) {
                return false;
            }
            events.remove();
            micros = next.at();
            next.action().run();
        }
        return true;
    }
}
