package dev.flashstock.local.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What goes wrong on one wire: rules, in their order, and how often each kind of fault happened.
 *
 * <p>The same seed and the same requests give the same faults.
 */
public final class Faults {
    /** The most rules at a time. */
    public static final int MAX_RULES = 100;

    private static final class Active {
        final FaultRule rule;
        int left;

        Active(FaultRule rule) {
            this.rule = rule;
            this.left = rule.times() == 0 ? Integer.MAX_VALUE : rule.times();
        }
    }

    private final Random random;
    private final Map<String, Long> happened = new TreeMap<>();

    /** Replaced as a whole; empty while nothing goes wrong, which costs no lock. */
    private volatile List<Active> active = List.of();

    /**
     * Begins with no rules.
     *
     * @param seed what chance begins with
     */
    public Faults(long seed) {
        this.random = new Random(seed);
    }

    /**
     * Replaces the rules.
     *
     * @param rules at most {@value #MAX_RULES}
     * @throws IllegalArgumentException if there are more
     */
    public void set(List<FaultRule> rules) {
        if (rules.stream().anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException("A rule is null");
        }
        if (rules.size() > MAX_RULES) {
            throw new IllegalArgumentException("At most " + MAX_RULES + " rules");
        }
        active = rules.stream().map(Active::new).toList();
    }

    /** Replaces the rules. */
    public void set(FaultRule... rules) {
        set(List.of(rules));
    }

    /** Nothing goes wrong any more. */
    public void clear() {
        active = List.of();
    }

    /** The rules. */
    public List<FaultRule> rules() {
        return active.stream().map(it -> it.rule).toList();
    }

    /** How often each kind of fault has happened since the start, by its name. */
    public Map<String, Long> happened() {
        synchronized (random) {
            return new TreeMap<>(happened);
        }
    }

    /**
     * What happens to a request.
     *
     * @param operation its name
     * @param body its text, asked for only when there are rules
     */
    Mishap next(String operation, Supplier<String> body) {
        List<Active> rules = active;
        if (rules.isEmpty()) {
            return Mishap.NONE;
        }
        String text = body.get();
        synchronized (random) {
            List<Fault> faults = new ArrayList<>();
            for (Active it : rules) {
                if (it.left > 0
                        && it.rule.covers(operation, text)
                        && (it.rule.probability() == 1 || random.nextDouble() < it.rule.probability())) {
                    it.left -= it.left == Integer.MAX_VALUE ? 0 : 1;
                    faults.add(it.rule.fault());
                    happened.merge(it.rule.fault().getClass().getSimpleName(), 1L, Long::sum);
                }
            }
            return Mishap.of(faults, random);
        }
    }
}
