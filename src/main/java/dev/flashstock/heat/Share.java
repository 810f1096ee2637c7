package dev.flashstock.heat;

/**
 * A part of a whole that was counted for a while.
 *
 * @param seen the part, 0 to 1
 * @param least how small it may be in truth, nearly for certain: what was seen is a sample, and a small one proves little
 */
public record Share(double seen, double least) {
    /** Of a normal distribution 99 % lie above minus this. */
    private static final double Z = 2.326;

    /**
     * A share of what was counted in about a second.
     *
     * @param part how often it was seen a second
     * @param total how often anything was
     */
    static Share of(double part, double total) {
        if (total <= 0) {
            return new Share(0, 0);
        }
        double seen = Math.min(1, part / total);
        return new Share(seen, least(seen, total));
    }

    /** The lower end of the score interval (Wilson, "Probable Inference", 1927). */
    private static double least(double seen, double samples) {
        double z2 = Z * Z / samples;
        double middle = seen + z2 / 2;
        double width = Z * Math.sqrt(seen * (1 - seen) / samples + z2 / (4 * samples));
        return Math.max(0, (middle - width) / (1 + z2));
    }
}
