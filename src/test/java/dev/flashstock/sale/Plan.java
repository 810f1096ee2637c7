package dev.flashstock.sale;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What happens to one SKU, drawn from a seed before anything happens: the same seed makes the same choices, whatever
 * comes of them.
 *
 * @param seed what it was drawn from
 * @param kind what may happen
 * @param shards over how many shards the units are spread
 * @param stock the units at the beginning
 * @param steps the steps, in the order in which they begin
 */
record Plan(long seed, Kind kind, int shards, int stock, List<Step> steps) {
    /** What may happen. */
    enum Kind {
        /** Everything. Units come and go all the time, and it is sold out again and again. */
        MIXED,
        /** Nothing gives units back, and no delivery comes: who is rejected was not to be had before the end either. */
        ONE_WAY
    }

    /** A plan refers to what happened up to this many steps before. */
    private static final int MEMORY = 300;

    /** About as many units are asked for in a step, over all kinds of steps. */
    private static final double UNITS_OF_A_STEP = 1.4;

    static Plan of(long seed, Kind kind, int steps, int pods) {
        Random random = new Random(seed);
        int shards = 1 + random.nextInt(6);
        double plenty = 0.3 + 0.5 * random.nextDouble();
        int stock = kind == Kind.MIXED ? 20 + random.nextInt(100) : (int) (plenty * UNITS_OF_A_STEP * steps);
        return new Plan(seed, kind, shards, stock, new Draw(random, kind, pods).steps(steps));
    }

    /** Draws one step after the other. */
    private static final class Draw {
        private static final int USERS = 12;

        private final Random random;
        private final Kind kind;
        private final int pods;
        private final List<Step.Reserve> asked = new ArrayList<>();
        private final List<Step.Adjust> adjusted = new ArrayList<>();

        Draw(Random random, Kind kind, int pods) {
            this.random = random;
            this.kind = kind;
            this.pods = pods;
        }

        List<Step> steps(int steps) {
            List<Step> drawn = new ArrayList<>(steps);
            while (drawn.size() < steps) {
                drawn.add(step());
            }
            return drawn;
        }

        private Step step() {
            int percent = random.nextInt(100);
            if (asked.isEmpty() || percent < 40) {
                return ask(new Step.Reserve(user(), "key-" + asked.size(), quantity(), buffered(), pod()));
            }
            Step.Reserve earlier = earlier(asked);
            String user = earlier.user();
            String key = earlier.key();
            if (percent < 58) {
                return new Step.Reserve(user, key, earlier.quantity(), buffered(), pod());
            }
            if (percent < 61) {
                return new Step.Reserve(user, key, quantity(), buffered(), pod());
            }
            if (percent < 74) {
                return kind == Kind.ONE_WAY ? new Step.Look(user, key, pod()) : new Step.Release(user, key, pod());
            }
            if (percent < 82) {
                return new Step.Confirm(user, key, pod());
            }
            if (percent < 89) {
                return new Step.Look(user, key, pod());
            }
            if (percent < 94) {
                return new Step.Count(random.nextBoolean(), pod());
            }
            return adjust();
        }

        private Step adjust() {
            if (!adjusted.isEmpty() && random.nextInt(4) == 0) {
                Step.Adjust earlier = earlier(adjusted);
                long delta = random.nextInt(5) == 0 && kind == Kind.MIXED ? delta() : earlier.delta();
                return new Step.Adjust(earlier.key(), delta, pod());
            }
            Step.Adjust step = new Step.Adjust("adjustment-" + adjusted.size(), delta(), pod());
            adjusted.add(step);
            return step;
        }

        private long delta() {
            boolean out = kind == Kind.ONE_WAY || random.nextInt(3) == 0;
            return out ? -1 - random.nextInt(12) : 1 + random.nextInt(30);
        }

        private Step ask(Step.Reserve step) {
            asked.add(step);
            return step;
        }

        /** The last ones most of all, so that the same is often done side by side. */
        private <T> T earlier(List<T> steps) {
            int back = random.nextInt(1 + random.nextInt(Math.min(MEMORY, steps.size())));
            return steps.get(steps.size() - 1 - back);
        }

        /** A few, some of them hot. */
        private String user() {
            return "user-" + Math.min(random.nextInt(USERS), random.nextInt(USERS));
        }

        private int quantity() {
            int percent = random.nextInt(100);
            return percent < 88
                    ? 1 + random.nextInt(3)
                    : percent < 97 ? 4 + random.nextInt(12) : 20 + random.nextInt(60);
        }

        private boolean buffered() {
            return random.nextInt(5) < 2;
        }

        private int pod() {
            return random.nextInt(pods);
        }
    }
}
