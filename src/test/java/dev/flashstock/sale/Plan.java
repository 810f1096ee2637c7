package dev.flashstock.sale;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What happens to one SKU, drawn from a seed before anything happens: the same seed makes the same choices, whatever
 * comes of them.
 *
 * @param seed what it was drawn from
 * @param kind what may happen
 * @param shards over how many shards the units are spread
 * @param stock the units at the beginning
 * @param holdTime for how long units are held
 * @param limit the most units of a user; null: as many as there are
 * @param steps the steps, in the order in which they begin
 */
record Plan(
        long seed,
        Kind kind,
        int shards,
        int stock,
        Duration holdTime,
        @Nullable Integer limit,
        List<Step> steps) {
    /** What may happen. */
    enum Kind {
        /** Everything. Units come and go all the time, and it is sold out again and again. */
        MIXED,
        /** The same, and whoever does not pay in time has nothing any more. */
        SHORT,
        /** Nothing gives units back, and no delivery comes: who is rejected was not to be had before the end either. */
        ONE_WAY
    }

    /** Nothing expires meanwhile. */
    private static final Duration LONG_HOLD = Duration.ofHours(2);

    private static final Duration SHORT_HOLD = Duration.ofSeconds(7);
    /** After so many requests one user comes no more, and another one does: limits are used up. */
    private static final int REQUESTS_OF_A_USER = 12;
    /** A plan refers to what happened up to this many steps before. */
    private static final int MEMORY = 300;

    /** About as many units are asked for in a step, over all kinds of steps. */
    private static final double UNITS_OF_A_STEP = 1.4;

    /**
     * Draws one.
     *
     * @param limited whether there is a limit for each user
     */
    static Plan of(long seed, Kind kind, boolean limited, int steps, int pods) {
        Random random = new Random(seed);
        int shards = 1 + random.nextInt(6);
        double plenty = 0.3 + 0.5 * random.nextDouble();
        int stock = kind != Kind.ONE_WAY ? 20 + random.nextInt(100) : (int) (plenty * UNITS_OF_A_STEP * steps);
        Integer limit = limited ? Integer.valueOf(2 + random.nextInt(8)) : null;
        Duration holdTime = kind == Kind.SHORT ? SHORT_HOLD : LONG_HOLD;
        return new Plan(seed, kind, shards, stock, holdTime, limit, new Draw(random, kind, limited, pods).steps(steps));
    }

    /** Draws one step after the other. */
    private static final class Draw {
        private static final int USERS = 12;

        private final Random random;
        private final Kind kind;
        private final boolean limited;
        private final int pods;
        private final List<Step.Reserve> asked = new ArrayList<>();
        /** What somebody was to pay for. */
        private final List<Step.Reserve> paid = new ArrayList<>();

        private final List<Step.Adjust> adjusted = new ArrayList<>();
        private final List<Step.TakeBack> takenBack = new ArrayList<>();

        /** What follows on what was done before: the lines of a file, and what somebody does once more. */
        private final Deque<Step> soon = new ArrayDeque<>();

        Draw(Random random, Kind kind, boolean limited, int pods) {
            this.random = random;
            this.kind = kind;
            this.limited = limited;
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
            if (!soon.isEmpty() && random.nextBoolean()) {
                return soon.remove();
            }
            int percent = random.nextInt(100);
            if (asked.isEmpty() || percent < 40) {
                return ask(new Step.Reserve(user(), "key-" + asked.size(), quantity(), buffered(), pod()));
            }
            Step.Reserve earlier = earlier(asked);
            String user = earlier.user();
            String key = earlier.key();
            if (percent < 57) {
                return new Step.Reserve(user, key, earlier.quantity(), buffered(), pod());
            }
            if (percent < 60) {
                return new Step.Reserve(user, key, quantity(), buffered(), pod());
            }
            if (percent < 70) {
                return kind == Kind.ONE_WAY
                        ? new Step.Look(user, key, pod())
                        : new Step.Release(user, key, random.nextInt(3) == 0, pod());
            }
            if (percent < 79) {
                paid.add(earlier);
                return twice(
                        new Step.Confirm(user, key, payment(), pod()), new Step.Confirm(user, key, payment(), pod()));
            }
            if (percent < 85) {
                return twice(new Step.Extend(user, key, pod()), new Step.Extend(user, key, pod()));
            }
            if (percent < 92) {
                return kind == Kind.ONE_WAY ? new Step.Look(user, key, pod()) : takeBack();
            }
            if (percent < 94) {
                return new Step.Look(user, key, pod());
            }
            if (percent < 96) {
                return new Step.Count(random.nextBoolean(), pod());
            }
            return adjust();
        }

        private Step twice(Step now, Step again) {
            if (random.nextBoolean()) {
                soon.add(again);
            }
            return now;
        }

        private @Nullable String payment() {
            return random.nextInt(4) == 0 ? null : "payment-" + random.nextInt(2);
        }

        /** Now and then more than was sold, under the key of another return, or something else the second time. */
        private Step takeBack() {
            Step.Reserve sold = earlier(paid.isEmpty() || random.nextInt(6) == 0 ? asked : paid);
            long units = 1 + random.nextInt(sold.quantity()) + (random.nextInt(6) == 0 ? 1 : 0);
            boolean used = !takenBack.isEmpty() && random.nextInt(4) == 0;
            String adjustment = used ? earlier(takenBack).adjustment() : newReturn();
            Step.TakeBack step = takeBack(sold, adjustment, units);
            return twice(
                    step,
                    switch (random.nextInt(3)) {
                        case 0 -> takeBack(sold, adjustment, units + 1);
                        case 1 -> takeBack(sold, newReturn(), sold.quantity());
                        default -> takeBack(sold, adjustment, units);
                    });
        }

        private String newReturn() {
            return "return-" + takenBack.size();
        }

        private Step.TakeBack takeBack(Step.Reserve sold, String adjustment, long units) {
            Step.TakeBack step = new Step.TakeBack(sold.user(), sold.key(), adjustment, units, pod());
            takenBack.add(step);
            return step;
        }

        private Step adjust() {
            if (soon.isEmpty() && random.nextInt(10) == 0) {
                return load();
            }
            if (!adjusted.isEmpty() && random.nextInt(4) == 0) {
                Step.Adjust earlier = earlier(adjusted);
                long delta = random.nextInt(5) == 0 && kind != Kind.ONE_WAY ? delta() : earlier.delta();
                return new Step.Adjust(earlier.adjustment(), delta, pod());
            }
            Step.Adjust step = new Step.Adjust("adjustment-" + adjusted.size(), delta(), pod());
            adjusted.add(step);
            return step;
        }

        /** Lines of a file, up to where it breaks; later all of it is sent again. */
        private Step load() {
            List<Step.Adjust> lines = new ArrayList<>();
            for (int line = 1 + random.nextInt(8); line > 0; line--) {
                lines.add(new Step.Adjust("file-" + adjusted.size() + ":" + line, delta(), pod()));
            }
            soon.addAll(lines.subList(0, random.nextInt(lines.size() + 1)));
            lines.forEach(it -> soon.add(new Step.Adjust(it.adjustment(), it.delta(), pod())));
            return soon.remove();
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
            int first = limited ? asked.size() / REQUESTS_OF_A_USER : 0;
            return "user-" + (first + Math.min(random.nextInt(USERS), random.nextInt(USERS)));
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
