package dev.flashstock.heat;

import dev.flashstock.heat.Verdict.Cause;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What ails the table, as far as it shows in what the processes ask of it.
 *
 * @param load everything that is asked
 * @param hot the keys that are hot, the worst first, at most {@value #KEYS}
 * @param processes of how many processes it is known; 0: heat is not counted
 * @param limits what a partition bears
 */
public record Diagnosis(Load load, List<Verdict> hot, int processes, PartitionLimits limits) {
    /** So many hot keys are told. */
    public static final int KEYS = 30;

    /** How it is; the worst last. */
    public enum Status {
        /** Nobody counts. */
        UNKNOWN,
        /** Nothing stands out. */
        HEALTHY,
        /** Some key is hot, and nothing was refused yet. */
        HOT,
        /** DynamoDB refuses. */
        THROTTLED
    }

    /** Judges what is frequent. */
    static Diagnosis of(Snapshot snapshot, int processes, Function<Key, Subject> subjects, PartitionLimits limits) {
        List<Verdict> hot = snapshot.keys().entrySet().stream()
                .flatMap(it ->
                        Verdict.of(it.getKey(), subjects.apply(it.getKey()), it.getValue(), snapshot.total(), limits)
                                .stream())
                .sorted(Verdict.WORST_FIRST)
                .limit(KEYS)
                .toList();
        return new Diagnosis(snapshot.total(), hot, processes, limits);
    }

    /** How it is. */
    public Status status() {
        if (processes == 0) {
            return Status.UNKNOWN;
        }
        if (load.throttled() > 0 || hot.stream().anyMatch(it -> it.load().throttledByPartition() > 0)) {
            return Status.THROTTLED;
        }
        return hot.isEmpty() ? Status.HEALTHY : Status.HOT;
    }

    /** How it is, in a sentence. */
    public String summary() {
        return switch (status()) {
            case UNKNOWN -> "Heat is not counted: set flashstock.heat.enabled=true.";
            case HEALTHY -> "Nothing stands out: no key is hot, and DynamoDB refuses nothing.";
            case HOT -> hot.get(0).verdict();
            case THROTTLED -> refused();
        };
    }

    /** The worst key that is refused; or, where none is known, the most frequent reason. */
    private String refused() {
        if (!hot.isEmpty() && hot.get(0).cause() == Cause.THROTTLED) {
            return hot.get(0).verdict();
        }
        return load.throttles().entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(it -> it.getKey().verdict())
                .orElse("Batches are not read in full: DynamoDB is at a limit that it does not tell.");
    }
}
