package dev.flashstock.app;

import dev.flashstock.dynamodb.Subjects;
import dev.flashstock.heat.ClusterHeat;
import dev.flashstock.heat.Heat;
import dev.flashstock.heat.PartitionLimits;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;

/** Heat, put together. It is counted where the table's client is made ({@link Wiring}). */
final class HeatWiring {
    @Produces
    @Singleton
    Heat heat() {
        return new Heat(System::nanoTime);
    }

    @Produces
    @Singleton
    ClusterHeat clusterHeat(Heat heat, HeatConfig config) {
        PartitionLimits limits =
                new PartitionLimits(config.partitionWritesPerSecond(), config.partitionReadsPerSecond());
        return new ClusterHeat(() -> config.enabled() ? List.of(heat.now()) : List.of(), Subjects::of, limits);
    }
}
