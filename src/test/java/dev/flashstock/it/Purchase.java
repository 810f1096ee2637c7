package dev.flashstock.it;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What became of one {@code Idempotency-Key} as its shopper saw it. Each shopper has one key, and does one thing after
 * the other.
 */
final class Purchase {
    /** How the outcome is asked for. */
    enum Way {
        /** {@code Prefer: wait}. */
        DIRECT,
        /** The queue. */
        BUFFERED
    }

    /** What the shopper does with its reservation in the end. */
    enum Ending {
        /** Nothing. */
        NONE,
        /** The storefront confirms it. */
        CONFIRM,
        /** It is given back, or called off. */
        RELEASE
    }

    private final List<Answer> answers = new ArrayList<>();
    private final List<Answer> endings = new ArrayList<>();

    final String sku;
    final String user;
    final int quantity;
    final long begun = System.nanoTime();
    private Ending ending = Ending.NONE;

    Purchase(String sku, String user, int quantity) {
        this.sku = sku;
        this.user = user;
        this.quantity = quantity;
    }

    void was(Answer answer) {
        answers.add(answer);
    }

    void ends(Ending how) {
        ending = how;
    }

    void ended(Answer answer) {
        endings.add(answer);
    }

    /** The answers to the reservation's own request and its repetitions, in their order. */
    List<Answer> answers() {
        return answers;
    }

    /** The answers to the confirmation or the release, in their order. */
    List<Answer> endings() {
        return endings;
    }

    Ending ending() {
        return ending;
    }

    /** Whether any answer had this status. */
    boolean was(int status) {
        return answers.stream().anyMatch(Answer.of(status));
    }

    /** Whether any answer said that it is held, or durable in the queue. */
    boolean isAccepted() {
        return was(201) || was(202);
    }

    /** Whether it may be held although nobody said so: it was queued, an answer did not come, or said nothing. */
    boolean isInDoubt() {
        return was(202) || answers.stream().anyMatch(Predicate.not(Answer::isDecision));
    }

    /** Where the outcome appears, by all answers that tell it: one place, if all is well. */
    Stream<String> locations() {
        return answers.stream()
                .map(Answer::location)
                .filter(Predicate.not(String::isEmpty))
                .distinct();
    }

    /** Where the outcome appears; only of what was accepted. */
    String location() {
        return locations().findFirst().orElseThrow();
    }

    @Override
    public String toString() {
        return user + " wants " + quantity + " of " + sku + ": " + answers
                + (endings.isEmpty() ? "" : ", " + ending + " " + endings);
    }
}
