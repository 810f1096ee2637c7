package dev.flashstock.simulation;

import java.util.ArrayList;
import java.util.List;

/** The fewest units that there were since a moment, for any moment: a stack of ever later and ever higher lows. */
final class Lows {
    private final List<Moment> stack = new ArrayList<>();
    private long number;
    private long current;

    /** A moment, and how many units there were. */
    record Moment(long number, long units) {}

    Moment now() {
        return new Moment(number, current);
    }

    void becomes(long units) {
        current = units;
        number++;
        while (!stack.isEmpty() && stack.get(stack.size() - 1).units() >= units) {
            stack.remove(stack.size() - 1);
        }
        stack.add(new Moment(number, units));
    }

    /** The fewest units from a moment until now. */
    long since(Moment moment) {
        int low = 0;
        int high = stack.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (stack.get(middle).number() > moment.number()) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low == stack.size()
                ? moment.units()
                : Math.min(moment.units(), stack.get(low).units());
    }
}
