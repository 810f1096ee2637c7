package dev.flashstock.heat;

import dev.flashstock.heat.Throttle.Access;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/**
 * A key that is hot, by what evidence, and what helps.
 *
 * @param key the key
 * @param subject what lies under it
 * @param cause why it is called hot
 * @param load what it bears
 * @param share its share of all that is asked for
 * @param ofLimit what part of a partition's limit it draws; 1: all
 */
public record Verdict(Key key, Subject subject, Cause cause, Load load, Share share, double ofLimit) {
    /** Which key is worse: first why it is hot, and then how much it draws. */
    static final Comparator<Verdict> WORST_FIRST = Comparator.comparing(Verdict::cause)
            .thenComparing(Comparator.comparingDouble(Verdict::ofLimit).reversed())
            .thenComparing(
                    Comparator.<Verdict>comparingDouble(it -> it.share().seen()).reversed());

    /** A key that is asked for less often is not hot, whatever its share: a quiet service has a busiest key too. */
    static final double LEAST_REQUESTS = 100;

    /** The share from which on a key is hot though its partition bears it: as soon as the load doubles it may not. */
    static final double LARGE_SHARE = 0.5;

    /** Why a key is hot; the worst first. */
    public enum Cause {
        /** Its partition has refused it. */
        THROTTLED,
        /** It draws {@link PartitionLimits#HOT} of what a partition bears, or more. */
        NEAR_LIMIT,
        /** Most requests are for it: more than {@value #LARGE_SHARE} of them, {@value #LEAST_REQUESTS} a second or more. */
        LARGE_SHARE
    }

    /** What is to be said of a key; nothing when it is not hot. */
    static Optional<Verdict> of(Key key, Subject subject, Load load, Load total, PartitionLimits limits) {
        Share share = Share.of(load.requests(), total.requests());
        double ofLimit = limits.taken(load);
        return causeOf(load, share, ofLimit).map(cause -> new Verdict(key, subject, cause, load, share, ofLimit));
    }

    private static Optional<Cause> causeOf(Load load, Share share, double ofLimit) {
        if (load.throttledByPartition() > 0) {
            return Optional.of(Cause.THROTTLED);
        }
        if (ofLimit >= PartitionLimits.HOT) {
            return Optional.of(Cause.NEAR_LIMIT);
        }
        return load.requests() >= LEAST_REQUESTS && share.least() > LARGE_SHARE
                ? Optional.of(Cause.LARGE_SHARE)
                : Optional.empty();
    }

    /** What is so, in a sentence. */
    public String verdict() {
        return subject.name()
                + switch (cause) {
                    case THROTTLED ->
                        " is refused %s times a second: it is more than its partition bears."
                                .formatted(number(load.throttledByPartition()));
                    case NEAR_LIMIT ->
                        " draws %s %s units a second, %s of what a partition bears."
                                .formatted(number(units()), access().word(), percent(ofLimit));
                    case LARGE_SHARE ->
                        " takes %s of all requests, %s a second. Its partition bears that still."
                                .formatted(percent(share.seen()), number(load.requests()));
                };
    }

    /** What helps, in a sentence or two. */
    public String remedy() {
        String remedy = subject.remedy(access());
        return cause == Cause.LARGE_SHARE
                ? remedy
                : remedy + " More capacity, or on-demand, does not help: the limit is the partition's.";
    }

    /** What it is hot with: what was refused, or else what it draws more of. */
    public Access access() {
        double refusedReads = load.throttledByPartition(Access.READ);
        double refusedWrites = load.throttledByPartition(Access.WRITE);
        boolean writes =
                refusedReads == refusedWrites ? load.writeUnits() >= load.readUnits() : refusedWrites > refusedReads;
        return writes ? Access.WRITE : Access.READ;
    }

    private double units() {
        return access() == Access.READ ? load.readUnits() : load.writeUnits();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.1f" : "%.0f", value);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }
}
