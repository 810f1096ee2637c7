package dev.flashstock.local.rehearsal;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Counts the requests and answers of one run. Thread-safe.
 *
 * <p>One lock, held for a few nanoseconds to count and for some microseconds to copy, makes the figures of any moment
 * add up. Times are nanoseconds after the start of the run.
 */
final class Tally {
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Map<Answer.Right, Long> right = new EnumMap<>(Answer.Right.class);
    private final Map<String, Long> errors = new HashMap<>();
    private final Histogram micros = new Histogram(Latencies.SIGNIFICANT_DIGITS);
    private final long over;
    private long offered;
    private long acceptedInTime;
    private long lastAnswer;
    private boolean closed;

    /** Begins; {@code over} is when the time of arrivals ends. */
    Tally(long over) {
        this.over = over;
    }

    synchronized void arrived() {
        offered++;
    }

    /** Counts the answer at {@code now} to the request intended for {@code arrival}; after the end, nothing. */
    synchronized void answered(Answer answer, long arrival, long now) {
        if (closed) {
            return;
        }
        if (answer instanceof Answer.Failed failed) {
            Figures.count(errors, failed.error(), 1);
        } else if (answer instanceof Answer.Right known) {
            right.merge(known, 1L, Long::sum);
        }
        if (answer == Answer.Right.ACCEPTED && now <= over) {
            acceptedInTime++;
        }
        micros.recordValue(TimeUnit.NANOSECONDS.toMicros(now - arrival));
        lastAnswer = Math.max(lastAnswer, now);
    }

    synchronized long pending() {
        return offered - micros.getTotalCount();
    }

    synchronized Figures at(long now) {
        return figures(pending(), 0, now);
    }

    /** Ends the count: what is pending is unanswered. */
    synchronized Figures close() {
        closed = true;
        return figures(0, pending(), Math.max(over, lastAnswer));
    }

    private Figures figures(long pending, long unanswered, long nanos) {
        return new Figures(
                offered,
                count(Answer.Right.ACCEPTED),
                acceptedInTime,
                count(Answer.Right.QUEUED),
                count(Answer.Right.SOLD_OUT),
                errors,
                pending,
                unanswered,
                Math.min(nanos, over) / NANOS_PER_SECOND,
                nanos / NANOS_PER_SECOND,
                Latencies.of(micros));
    }

    private long count(Answer.Right answer) {
        return right.getOrDefault(answer, 0L);
    }
}
