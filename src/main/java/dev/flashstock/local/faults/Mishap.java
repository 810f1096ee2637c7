package dev.flashstock.local.faults;

import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * All that happens to one request. Delays add up; of several endings the first counts.
 *
 * @param delayMillis how much longer the backend takes
 * @param failure the error instead of an answer
 * @param requestLost whether the backend never sees the request
 * @param ending what becomes of the answer, apart from being late
 * @param answerLateMillis how much later the answer comes
 * @param duplicateMillis after how long the request reaches the backend once more; 0: it does not
 */
record Mishap(
        long delayMillis,
        Fault.@Nullable Failure failure,
        boolean requestLost,
        Ending ending,
        long answerLateMillis,
        long duplicateMillis) {
    static final Mishap NONE = new Mishap(0, null, false, Ending.WHOLE, 0, 0);

    /** What becomes of an answer. */
    enum Ending {
        WHOLE,
        LOST,
        CUT
    }

    /** Whether the answer is not as it would be without. */
    boolean changesAnswer() {
        return ending != Ending.WHOLE || answerLateMillis > 0;
    }

    static Mishap of(List<Fault> faults, Random random) {
        Mishap mishap = NONE;
        for (Fault fault : faults) {
            mishap = mishap.and(fault, random);
        }
        return mishap;
    }

    private Mishap and(Fault fault, Random random) {
        long delay = delayMillis;
        Fault.@Nullable Failure error = failure;
        boolean lost = requestLost;
        Ending end = ending;
        long late = answerLateMillis;
        long duplicate = duplicateMillis;
        boolean first = error == null && !lost && end == Ending.WHOLE;
        if (fault instanceof Fault.Latency latency) {
            delay += latency.millis(random.nextGaussian());
        } else if (fault instanceof Fault.AnswerLate answer) {
            late += answer.millis();
        } else if (fault instanceof Fault.LateDuplicate it) {
            duplicate = it.millis();
        } else if (first && fault instanceof Fault.Failure it) {
            error = it;
        } else if (first && fault instanceof Fault.RequestLost) {
            lost = true;
        } else if (first && fault instanceof Fault.AnswerLost) {
            end = Ending.LOST;
        } else if (first && fault instanceof Fault.AnswerCut) {
            end = Ending.CUT;
        }
        return new Mishap(delay, error, lost, end, late, duplicate);
    }
}
