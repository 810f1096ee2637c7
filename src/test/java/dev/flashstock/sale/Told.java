package dev.flashstock.sale;

import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Reservation;
import org.jspecify.annotations.Nullable;

/**
 * What came of a step.
 *
 * @param number its place in the plan
 * @param step the step
 * @param begun when it began, in nanoseconds
 * @param ended when its answer was there
 * @param answer what was answered
 */
record Told(int number, Step step, long begun, long ended, Answer answer) {
    /** What was answered. */
    sealed interface Answer {}

    /** An outcome. */
    record Heard(Outcome<?> outcome) implements Answer {}

    /** A failure. */
    record Failed(Throwable failure) implements Answer {}

    /** Nothing: the pod died. */
    record Silence() implements Answer {}

    /** What was done; null when nothing was. */
    @Nullable
    Object done() {
        return answer instanceof Heard heard && heard.outcome() instanceof Outcome.Done<?> done ? done.value() : null;
    }

    /** The status of the reservation that was answered; null when none was. */
    Reservation.@Nullable Status status() {
        return done() instanceof Reservation reservation ? reservation.status() : null;
    }

    /** Why it was refused; null when it was not. */
    @Nullable
    Refusal refusal() {
        return answer instanceof Heard heard && heard.outcome() instanceof Outcome.Refused<?> refused
                ? refused.refusal()
                : null;
    }

    /** The state that kept it from being done; null when it was done, or refused for another reason. */
    Reservation.@Nullable Status wrongState() {
        return refusal() instanceof Refusal.WrongState state ? state.status() : null;
    }

    /** Its kind in a word or two. */
    String kind() {
        String said = status() != null
                ? status().name()
                : done() != null
                        ? "done"
                        : refusal() != null
                                ? refusal().getClass().getSimpleName()
                                : answer instanceof Silence ? "silence" : "unavailable";
        return step.getClass().getSimpleName() + " " + said;
    }

    @Override
    public String toString() {
        return "%5d %9.3f s .. %9.3f s %s -> %s".formatted(number, begun / 1e9, ended / 1e9, step, answer);
    }
}
