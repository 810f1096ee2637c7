package dev.flashstock.app;

import dev.flashstock.heat.Partition;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The heat of the table's keys. */
@ConfigMapping(prefix = "flashstock.heat")
public interface HeatConfig {
    /**
     * Whether it is counted.
     *
     * @return if not, nothing is ever found hot
     */
    @WithDefault("true")
    boolean enabled();

    /**
     * What a partition bears, in write units a second: DynamoDB's limit, or a smaller one for a rehearsal.
     *
     * @return 1 to {@value Partition#WRITES_PER_SECOND}
     */
    @WithDefault("1000")
    int partitionWritesPerSecond();

    /**
     * What a partition bears, in read units a second.
     *
     * @return 1 to {@value Partition#READS_PER_SECOND}
     */
    @WithDefault("3000")
    int partitionReadsPerSecond();
}
