package dev.flashstock.dynamodb;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The table. Where DynamoDB is and who asks it are {@code quarkus.dynamodb.*}. */
@ConfigMapping(prefix = "flashstock.dynamodb")
public interface DynamoDbConfig {
    /**
     * The table's name.
     *
     * @return the name
     */
    @WithDefault("flashstock")
    String table();

    /**
     * How long reservations are kept after they were released, expired or rejected: until then their idempotency keys are
     * known. DynamoDB removes them some time later. Those that are sold are kept for good.
     *
     * @return the time, at least 24 hours
     */
    @WithDefault("30d")
    Duration retention();
}
