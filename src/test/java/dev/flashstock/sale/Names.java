package dev.flashstock.sale;

import dev.flashstock.redis.RedisConfig;
import dev.flashstock.sqs.SqsConfig;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.UUID;

/**
 * What a cluster's pods share, under names of its own.
 *
 * @param table the table's name
 * @param queue the queue's settings
 * @param redis Redis's settings
 */
record Names(String table, SqsConfig queue, RedisConfig redis) {
    static Names ofItsOwn(Duration patienceWithRedis) {
        String name = "histories-" + UUID.randomUUID();
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(SqsConfig.class)
                .withMapping(RedisConfig.class)
                .withDefaultValue("flashstock.sqs.queue", name)
                .withDefaultValue("flashstock.sqs.dead-letter-queue", name + "-dead")
                // What a dead pod has received comes again soon.
                .withDefaultValue("flashstock.sqs.visibility", "9s")
                .withDefaultValue("flashstock.sqs.consumer.pollers", "3")
                .withDefaultValue("flashstock.sqs.consumer.long-poll", "1s")
                .withDefaultValue("flashstock.redis.key-prefix", name + ":")
                .withDefaultValue("flashstock.redis.timeout", patienceWithRedis.toMillis() + "ms")
                .build();
        return new Names(name, config.getConfigMapping(SqsConfig.class), config.getConfigMapping(RedisConfig.class));
    }
}
