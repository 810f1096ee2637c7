package dev.flashstock.local.partitions;

/**
 * Units that come back at a steady rate, up to one second's worth. What a request cost beyond its estimate is a debt
 * that later requests wait for. Not safe for use by several threads.
 */
public final class TokenBucket {
    private static final double NANOS = 1e9;

    private final double perSecond;
    private double units;
    private long filledAt;

    /**
     * Begins full.
     *
     * @param perSecond how many units come back in a second, and how many there are at most
     * @param now the time, in nanoseconds
     */
    public TokenBucket(double perSecond, long now) {
        this.perSecond = perSecond;
        this.units = perSecond;
        this.filledAt = now;
    }

    /**
     * Whether so many units are there; more than ever fit are granted when it is full.
     *
     * @param wanted how many
     * @param now the time, in nanoseconds
     * @return whether they can be spent
     */
    public boolean admits(double wanted, long now) {
        units = Math.min(perSecond, units + (now - filledAt) * perSecond / NANOS);
        filledAt = now;
        return units >= Math.min(wanted, perSecond);
    }

    /**
     * Spends units, there or not.
     *
     * @param spent how many; a negative number gives them back
     */
    public void spend(double spent) {
        units = Math.min(perSecond, units - spent);
    }
}
