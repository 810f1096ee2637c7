package dev.flashstock.it;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What counting heat costs the whole service: the CPU time of a packaged instance for each reservation, with heat and
 * without, by turns. {@code ./mvnw verify -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false
 * -Dit.test=HeatCostBenchmark -Djacoco.skip}
 */
class HeatCostBenchmark {
    private final OwnBackends backends = new OwnBackends("heat");
    private final List<Instance> instances = List.of(instance(true), instance(false));

    private Instance instance(boolean enabled) {
        Map<String, String> settings = new TreeMap<>(backends.settings());
        settings.put("flashstock.heat.enabled", String.valueOf(enabled));
        return new Instance(enabled ? "heat-on" : "heat-off", settings);
    }

    @AfterEach
    void close() throws InterruptedException {
        for (Instance instance : instances) {
            instance.close();
        }
        backends.close();
    }

    @Test
    void reservations() throws IOException, InterruptedException {
        new ReservationCost().print(instances);
    }
}
