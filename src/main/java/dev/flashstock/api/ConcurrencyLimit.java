package dev.flashstock.api;

import java.time.Duration;

/**
 * How many requests are under way at once: as many as the event loops keep up with.
 *
 * <p>A loop is behind when what is due on it runs late. Late for a moment is a burst, or a garbage collection; late all the
 * time is a queue that stands, and the least delay of an interval tells the one from the other (CoDel: Nichols and
 * Jacobson, "Controlling Queue Delay", ACM Queue 2012). While one stands there are fewer requests with each interval, by a
 * share of those that are under way; while none stands there are more again (Chiu and Jain, "Analysis of the increase and
 * decrease algorithms for congestion avoidance in computer networks", 1989). It measures the process and not its answers:
 * one that waits for a table, or for as long as its caller has asked to, keeps no loop busy.
 */
public final class ConcurrencyLimit {
    /**
     * What the limit does not fall below, in requests, unless it may not be as high: one SKU's shoppers, who have half of
     * the places, fill a transaction still. With fewer, each would cost more and the process would be later still.
     */
    public static final int LEAST = 200;

    /** How long it takes to tell a queue that stands from a burst. */
    public static final Duration INTERVAL = Duration.ofMillis(250);

    private static final double DECREASE = 0.9;
    private static final double INCREASE = 1.25;

    private final int least;
    private final int most;
    private final long target;

    // Guarded by this.
    private int limit;
    private int underWay;
    private long begun;
    private long worst;

    /**
     * As high as it may be.
     *
     * @param most the highest limit, in requests
     * @param target the delay that a loop may always have
     * @param now the time in nanoseconds
     */
    public ConcurrencyLimit(int most, Duration target, long now) {
        this.least = Math.min(LEAST, most);
        this.most = most;
        this.target = target.toNanos();
        this.limit = most;
        this.begun = now;
    }

    /** Whether a request of a kind may be taken on: it is counted then, until it {@linkplain #leave leaves}. */
    synchronized boolean enter(Precedence precedence) {
        if (isFull(precedence)) {
            return false;
        }
        underWay++;
        return true;
    }

    synchronized void leave() {
        underWay--;
    }

    /** Whether there is no place for a request of a kind. */
    synchronized boolean isFull(Precedence precedence) {
        return underWay >= precedence.of(limit);
    }

    /**
     * Whether there is so much to do that totals are told as they were remembered last.
     *
     * @return true: old ones are better than none
     */
    public boolean oldTotalsWillDo() {
        return isFull(Precedence.READ);
    }

    synchronized int underWay() {
        return underWay;
    }

    synchronized int limit() {
        return limit;
    }

    /**
     * A loop tells how far it was behind.
     *
     * @param nanos by so much all the time, for an {@link #INTERVAL}, in nanoseconds
     * @param now the time in nanoseconds
     */
    public synchronized void wasBehind(long nanos, long now) {
        worst = Math.max(worst, nanos);
        if (now - begun < INTERVAL.toNanos()) {
            return;
        }
        limit = worst > target
                ? Math.max(least, (int) (Math.min(limit, underWay) * DECREASE))
                : Math.min(most, (int) Math.ceil(limit * INCREASE));
        begun = now;
        worst = 0;
    }
}
