package dev.flashstock.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Where totals come from that nobody remembers. */
@ConfigMapping(prefix = "flashstock.totals")
public interface TotalsConfig {
    /** Where totals come from. */
    enum Source {
        /** The shards, all of them. */
        SHARDS,
        /** The summary that follows the table's stream. */
        SUMMARY
    }

    /**
     * Where totals come from; the same in all processes.
     *
     * @return {@code shards} or {@code summary}
     */
    @WithDefault("shards")
    Source source();

    /**
     * How far behind the summaries may be and still be used; for as long after units have come they are not.
     *
     * @return the time, 10 s to 5 minutes
     */
    @WithDefault("15s")
    Duration maxBehind();

    /**
     * Where the table's stream is read. Else it is where {@code quarkus.dynamodb.endpoint-override} says, or AWS's own.
     *
     * @return the address
     */
    Optional<URI> streamEndpoint();
}
