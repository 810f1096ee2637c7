package dev.flashstock.local.faults;

/**
 * When a fault happens.
 *
 * @param operation to which operation: {@code TransactWriteItems}, {@code SendMessage}, {@code GET}; {@value #ANY}: to
 *     each
 * @param containing only to requests with this text in their body; empty: to all
 * @param probability how likely, up to 1; 0, which JSON makes of a gap: always
 * @param times how often in all; 0: without end
 * @param fault what happens
 */
public record FaultRule(String operation, String containing, double probability, int times, Fault fault) {
    /** Every operation. */
    public static final String ANY = "*";

    /** Fills in what JSON leaves out, and checks the bounds. */
    @SuppressWarnings("ConstantValue") // JSON knows no null marks
    public FaultRule {
        operation = operation == null ? ANY : operation;
        containing = containing == null ? "" : containing;
        probability = probability == 0 ? 1 : probability;
        if (fault == null) {
            throw new IllegalArgumentException("A rule needs a fault");
        }
        if (!(probability > 0 && probability <= 1)) {
            throw new IllegalArgumentException("probability is 0 to 1");
        }
        if (times < 0) {
            throw new IllegalArgumentException("times is not negative");
        }
    }

    /** The fault always happens. */
    public static FaultRule always(Fault fault) {
        return new FaultRule(ANY, "", 1, 0, fault);
    }

    /** The same for one operation only. */
    public FaultRule on(String operation) {
        return new FaultRule(operation, containing, probability, times, fault);
    }

    /** The same for requests that contain a text only. */
    public FaultRule containing(String text) {
        return new FaultRule(operation, text, probability, times, fault);
    }

    /** The same, a number of times in all. */
    public FaultRule times(int times) {
        return new FaultRule(operation, containing, probability, times, fault);
    }

    /** The same, by chance. */
    public FaultRule withProbability(double probability) {
        return new FaultRule(operation, containing, probability, times, fault);
    }

    boolean covers(String operation, String body) {
        return (this.operation.equals(ANY) || this.operation.equalsIgnoreCase(operation))
                && (containing.isEmpty() || body.contains(containing));
    }
}
