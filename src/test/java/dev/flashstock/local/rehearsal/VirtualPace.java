package dev.flashstock.local.rehearsal;

import java.time.Duration;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;

/** Time that passes only while somebody sleeps. Used by one thread after the other. */
final class VirtualPace implements Pace {
    /** A second before {@link System#nanoTime} would turn negative. */
    private long now = Long.MAX_VALUE - Duration.ofSeconds(1).toNanos();

    private final PriorityQueue<Event> events = new PriorityQueue<>();

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public void sleepUntil(long time) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        while (!events.isEmpty() && events.element().time - time <= 0) {
            Event next = events.remove();
            now = next.time;
            next.action.run();
        }
        pass(Duration.ofNanos(Math.max(0, time - now)));
    }

    /** Time in which nothing happens, as when a thread is held up. */
    void pass(Duration time) {
        now += time.toNanos();
    }

    CompletableFuture<Answer> after(Duration delay, Answer answer) {
        CompletableFuture<Answer> stage = new CompletableFuture<>();
        events.add(new Event(now + delay.toNanos(), () -> stage.complete(answer)));
        return stage;
    }

    private record Event(long time, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return Long.signum(time - other.time);
        }
    }
}
