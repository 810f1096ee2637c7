package dev.flashstock.local.rehearsal;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of the requests of a run, at one moment of it or at its end; or of several runs, merged.
 *
 * @param offered the requests that arrived so far, answered or not
 * @param accepted the requests that were accepted
 * @param acceptedInTime those of them that were accepted while requests still arrived
 * @param queued the requests that were promised an outcome
 * @param soldOut the requests that were told that nothing is left
 * @param errors how many requests failed, by the error's name: the first 20 names, and {@link #OTHER_ERRORS}
 * @param pending still waited for: zero at the end of a run
 * @param unanswered given up on: zero until the end of a run
 * @param arrivalSeconds from the start to now, or to the end of the time in which requests arrive
 * @param seconds from the start to now. At the end: to the last answer, or to the end of the time in which requests
 *     arrive if that is later; waiting in vain is not counted.
 * @param latencies of all answered requests, the failed ones too: from the arrival that was intended to the answer
 */
public record Figures(
        long offered,
        long accepted,
        long acceptedInTime,
        long queued,
        long soldOut,
        Map<String, Long> errors,
        long pending,
        long unanswered,
        double arrivalSeconds,
        double seconds,
        Latencies latencies) {
    /** What errors are counted under when there are too many names. */
    public static final String OTHER_ERRORS = "other errors";

    private static final int MAX_NAMES = 20;

    public Figures {
        errors = Collections.unmodifiableMap(new TreeMap<>(errors));
    }

    /** The failed requests, whatever the error. */
    public long failed() {
        return total(errors.values());
    }

    /**
     * Requests accepted per second while requests arrive: afterwards a design that is behind only catches up. Zero before
     * any time has passed.
     */
    public double acceptedPerSecond() {
        return arrivalSeconds > 0 ? acceptedInTime / arrivalSeconds : 0;
    }

    /** Of the offered requests the share that failed or was given up on, 0 to 1. */
    public double errorShare() {
        return offered > 0 ? (double) (failed() + unanswered) / offered : 0;
    }

    /** Those of both, as of one run after the other: seconds are added. */
    public Figures merge(Figures other) {
        Map<String, Long> allErrors = new TreeMap<>(errors);
        other.errors.forEach((name, times) -> count(allErrors, name, times));
        return new Figures(
                offered + other.offered,
                accepted + other.accepted,
                acceptedInTime + other.acceptedInTime,
                queued + other.queued,
                soldOut + other.soldOut,
                allErrors,
                pending + other.pending,
                unanswered + other.unanswered,
                arrivalSeconds + other.arrivalSeconds,
                seconds + other.seconds,
                latencies.merge(other.latencies));
    }

    /** Adds to {@code errors}, of which the names are bounded. */
    static void count(Map<String, Long> errors, String name, long times) {
        int names = errors.size() - (errors.containsKey(OTHER_ERRORS) ? 1 : 0);
        boolean named = errors.containsKey(name) || names < MAX_NAMES;
        errors.merge(named ? name : OTHER_ERRORS, times, Long::sum);
    }

    static long total(Collection<Long> counts) {
        return counts.stream().mapToLong(Long::longValue).sum();
    }
}
