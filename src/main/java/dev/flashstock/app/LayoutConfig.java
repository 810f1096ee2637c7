package dev.flashstock.app;

import dev.flashstock.sharding.Layout;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How SKUs get more shards and fewer by themselves. */
@ConfigMapping(prefix = "flashstock.layout")
public interface LayoutConfig {
    /**
     * Whether a SKU with a hot shard gets twice as many.
     *
     * @return true: it does; false: somebody must choose
     */
    @WithDefault("true")
    boolean automatic();

    /**
     * To how many shards a SKU grows by itself.
     *
     * @return 1 to {@value Layout#MAX_SHARDS}
     */
    @WithDefault("64")
    int mostShards();

    /**
     * How long no shard is hot before a SKU that has grown gets half as many again.
     *
     * @return 1 minute to 7 days
     */
    @WithDefault("30m")
    Duration coolDown();
}
