package dev.flashstock.bench;

import dev.flashstock.local.partitions.Throughput;
import dev.flashstock.local.rehearsal.Figures;
import java.util.Map;
import java.util.TreeMap;

/**
 * What came of one case, in one round or in all of them.
 *
 * @param name the case
 * @param figures what the requests became
 * @param sold units that had left the stock when the last answer was there; for a case without stock, what was accepted
 * @param writeUnits write units consumed
 * @param readUnits read units consumed
 * @param throttles how often a limit was exceeded, by reason
 * @param conflicts requests that met a transaction in flight
 */
record Measured(
        String name,
        Figures figures,
        long sold,
        double writeUnits,
        double readUnits,
        Map<String, Long> throttles,
        long conflicts) {
    static Measured of(String name, Figures figures, long sold, Throughput throughput) {
        return new Measured(
                name,
                figures,
                sold,
                throughput.writeUnits(),
                throughput.readUnits(),
                throughput.throttles(),
                throughput.conflicts());
    }

    Measured and(Measured more) {
        Map<String, Long> all = new TreeMap<>(throttles);
        more.throttles.forEach((reason, times) -> all.merge(reason, times, Long::sum));
        return new Measured(
                name,
                figures.merge(more.figures),
                sold + more.sold,
                writeUnits + more.writeUnits,
                readUnits + more.readUnits,
                all,
                conflicts + more.conflicts);
    }

    /** Writes done a second: those that were answered so, or, where only a promise is answered, the units that left. */
    double acceptedPerSecond() {
        return figures.queued() > figures.accepted() ? sold / figures.seconds() : figures.acceptedPerSecond();
    }

    double writeUnitsPerUnit() {
        return sold == 0 ? 0 : writeUnits / sold;
    }

    double readUnitsPerRead() {
        return figures.accepted() == 0 ? 0 : readUnits / figures.accepted();
    }

    @Override
    public String toString() {
        return "%s: %.1f/s, %.1f %% errors, %s, %.1f write units/unit, %s, %d conflicts"
                .formatted(
                        name,
                        acceptedPerSecond(),
                        100 * figures.errorShare(),
                        figures.latencies(),
                        writeUnitsPerUnit(),
                        throttles,
                        conflicts);
    }
}
