package dev.flashstock.app;

import dev.flashstock.dynamodb.Subjects;
import dev.flashstock.heat.ClusterHeat;
import dev.flashstock.heat.Heat;
import dev.flashstock.heat.PartitionLimits;
import dev.flashstock.heat.Snapshot;
import dev.flashstock.inventory.Pods;
import dev.flashstock.redis.BoundedRedis;
import dev.flashstock.redis.RedisConfig;
import dev.flashstock.redis.RedisHeat;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.stream.Stream;

/** Heat, put together. It is counted where the table's client is made ({@link Wiring}). */
final class HeatWiring {
    @Produces
    @Singleton
    Heat heat() {
        return new Heat(System::nanoTime);
    }

    @Produces
    @Singleton
    RedisHeat othersHeat(BoundedRedis redis, RedisConfig config, Pods pods, Heat heat, MeterRegistry metrics) {
        return new RedisHeat(redis, config, pods.self(), heat::now, System::nanoTime, new HeatFailures(metrics));
    }

    @Produces
    @Singleton
    ClusterHeat clusterHeat(Heat heat, RedisHeat others, HeatConfig config, MeterRegistry metrics) {
        PartitionLimits limits =
                new PartitionLimits(config.partitionWritesPerSecond(), config.partitionReadsPerSecond());
        ClusterHeat cluster = new ClusterHeat(
                () -> config.enabled() ? all(heat.now(), others.others()) : List.of(), Subjects::of, limits);
        Gauge.builder(
                        "flashstock.heat.hot.shards",
                        cluster,
                        it -> it.hotShards().size())
                .description("Shards that are hot now, by the heat of all processes that this one knows")
                .register(metrics);
        return cluster;
    }

    private static List<Snapshot> all(Snapshot own, List<Snapshot> others) {
        return Stream.concat(Stream.of(own), others.stream()).toList();
    }
}
