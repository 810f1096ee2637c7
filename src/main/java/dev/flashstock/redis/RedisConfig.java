package dev.flashstock.redis;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What Redis remembers. Where it is, is {@code quarkus.redis.hosts}. */
@ConfigMapping(prefix = "flashstock.redis")
public interface RedisConfig {
    /**
     * What every key begins with, so that several flashstocks can share a Redis.
     *
     * @return the prefix
     */
    @WithDefault("flashstock:")
    String keyPrefix();

    /**
     * How long Redis is waited for before the shards are asked.
     *
     * @return the time, 1 ms to 10 s
     */
    @WithDefault("250ms")
    Duration timeout();
}
