package dev.flashstock.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A million operations on simulated shops, each from a seed. {@code -Dsimulation.seed=...} runs that one alone,
 * {@code -Dsimulation.operations=...} changes how many operations each shop sees.
 */
@Tag("long")
class SimulationTest {
    private static final Logger LOG = Logger.getLogger(SimulationTest.class);

    private static final int OPERATIONS = 1_000_000;
    private static final int SHOPS = 50;
    /** Of the shops, those whose seeds are another each time. */
    private static final int NEW_SHOPS = 5;

    @Test
    void everyInvariantHoldsWhateverGoesWrong() {
        int operations = Integer.getInteger("simulation.operations", OPERATIONS / SHOPS);
        Map<String, Long> counts = new TreeMap<>();
        List<Long> seeds = seeds();
        LOG.infof("Simulated shops seeds=%s operations=%d", seeds, operations);
        for (long seed : seeds) {
            Simulation.Report report = Simulation.run(seed, operations);
            report.counts().forEach((what, count) -> counts.merge(what, count, Long::sum));
            assertThat(report.operations()).isGreaterThanOrEqualTo(operations);
        }
        LOG.infof("Simulated shops saw %s", counts);
    }

    @Test
    void theSameSeedIsTheSameShop() {
        // When
        Simulation.Report once = Simulation.run(42, 5_000);
        Simulation.Report again = Simulation.run(42, 5_000);

        // Then
        assertThat(again).isEqualTo(once);
    }

    private static List<Long> seeds() {
        Long one = Long.getLong("simulation.seed");
        if (one != null) {
            return List.of(one);
        }
        List<Long> seeds = new ArrayList<>(
                LongStream.rangeClosed(1, SHOPS - NEW_SHOPS).boxed().toList());
        SplittableRandom random = new SplittableRandom();
        for (int i = 0; i < NEW_SHOPS; i++) {
            seeds.add(random.nextLong(1L << 48));
        }
        return seeds;
    }
}
