package dev.flashstock.cloudwatch;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.util.Optional;

/** CloudWatch, asked only when a table is diagnosed. Its region and who asks it are those of DynamoDB. */
@ConfigMapping(prefix = "flashstock.cloudwatch")
public interface CloudWatchConfig {
    /**
     * Whether it is asked at all.
     *
     * @return true: it is; false: a diagnosis works from what this process has counted
     */
    @WithDefault("true")
    boolean enabled();

    /**
     * Where it is, if not where AWS has it.
     *
     * @return its URL; nothing: AWS's of the region
     */
    Optional<URI> endpoint();
}
