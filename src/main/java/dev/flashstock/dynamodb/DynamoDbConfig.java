package dev.flashstock.dynamodb;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

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
}
