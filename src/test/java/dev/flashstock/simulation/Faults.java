package dev.flashstock.simulation;

import java.util.random.RandomGenerator;

/**
 * How often what goes wrong. Rates are for each request, from 0 to 1.
 *
 * @param lost it never arrives
 * @param answerLost it happens, and nobody hears of it
 * @param duplicated it arrives once more, up to seconds later, whatever came of it
 * @param refused the whole request is throttled
 * @param throttled one item of a transaction is throttled
 * @param slow it takes up to seconds, there or back
 * @param deadly the pod that sends it dies first
 */
record Faults(
        double lost,
        double answerLost,
        double duplicated,
        double refused,
        double throttled,
        double slow,
        double deadly) {
    static final Faults NONE = new Faults(0, 0, 0, 0, 0, 0, 0);

    /** Any mixture, from calm to wild. */
    static Faults any(RandomGenerator random) {
        double wildness = Math.pow(random.nextDouble(), 2);
        return new Faults(
                upTo(random, 0.05 * wildness),
                upTo(random, 0.1 * wildness),
                upTo(random, 0.1 * wildness),
                upTo(random, 0.05 * wildness),
                upTo(random, 0.02 * wildness),
                upTo(random, 0.05 * wildness),
                upTo(random, 0.004 * wildness));
    }

    private static double upTo(RandomGenerator random, double most) {
        return random.nextInt(4) == 0 ? 0 : most * random.nextDouble();
    }
}
