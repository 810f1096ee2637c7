package dev.flashstock.app;

import dev.flashstock.api.AdjustmentsConfig;
import dev.flashstock.api.CountersConfig;
import dev.flashstock.api.EventsConfig;
import dev.flashstock.api.HttpConfig;
import dev.flashstock.api.LimitsConfig;
import dev.flashstock.api.ReservationsConfig;
import dev.flashstock.heat.Partition;
import dev.flashstock.identity.IdentityConfig;
import dev.flashstock.redis.RedisConfig;
import dev.flashstock.sqs.SqsConfig;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.runtime.configuration.DurationConverter;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Locale;

/**
 * Looks at each setting that has a least and a most. Annotations would do the same, but with one of them on any setting
 * Quarkus lets Hibernate Validator look at some two hundred interfaces of its own at each start, which took a quarter of
 * the main thread's time.
 */
@Singleton
class BoundsCheck {
    private final AdjustmentsConfig adjustments;
    private final CountersConfig counters;
    private final DaxConfig dax;
    private final EventsConfig events;
    private final HeatConfig heat;
    private final HttpConfig http;
    private final IdentityConfig identity;
    private final InventoryConfig inventory;
    private final LimitsConfig limits;
    private final RedisConfig redis;
    private final ReservationsConfig reservations;
    private final SqsConfig sqs;
    private final TotalsConfig totals;

    BoundsCheck(
            AdjustmentsConfig adjustments,
            CountersConfig counters,
            DaxConfig dax,
            EventsConfig events,
            HeatConfig heat,
            HttpConfig http,
            IdentityConfig identity,
            InventoryConfig inventory,
            LimitsConfig limits,
            RedisConfig redis,
            ReservationsConfig reservations,
            SqsConfig sqs,
            TotalsConfig totals) {
        this.adjustments = adjustments;
        this.counters = counters;
        this.dax = dax;
        this.events = events;
        this.heat = heat;
        this.http = http;
        this.identity = identity;
        this.inventory = inventory;
        this.limits = limits;
        this.redis = redis;
        this.reservations = reservations;
        this.sqs = sqs;
        this.totals = totals;
    }

    /**
     * Looks at them.
     *
     * @throws ConfigurationException when one is not within its bounds
     */
    void check() {
        within("flashstock.adjustments.patience", adjustments.patience(), "100ms", "1h");
        within("flashstock.counters.flush", counters.flush(), "100ms", "1m");
        within("flashstock.counters.ttl", counters.ttl(), "100ms", "1h");
        within("flashstock.dax.timeout", dax.timeout(), "10ms", "10s");
        within("flashstock.events.max-streams", events.maxStreams(), 0, 1_000_000);
        within("flashstock.events.heartbeat", events.heartbeat(), "100ms", "1h");
        within(
                "flashstock.heat.partition-writes-per-second",
                heat.partitionWritesPerSecond(),
                1,
                Partition.WRITES_PER_SECOND);
        within(
                "flashstock.heat.partition-reads-per-second",
                heat.partitionReadsPerSecond(),
                1,
                Partition.READS_PER_SECOND);
        within("flashstock.http.body-timeout", http.bodyTimeout(), "100ms", "1h");
        within("flashstock.identity.refresh", identity.refresh(), "1s", "1h");
        within("flashstock.identity.least-interval", identity.leastInterval(), "100ms", "5m");
        within("flashstock.identity.keep", identity.keep(), "1s", "24h");
        within("flashstock.identity.timeout", identity.timeout(), "100ms", "10s");
        within("flashstock.inventory.listing-ttl", inventory.listingTtl(), "0s", "1m");
        within("flashstock.limits.requests", limits.requests(), 32, 1_000_000);
        within("flashstock.limits.behind", limits.behind(), "1ms", "1m");
        within("flashstock.redis.timeout", redis.timeout(), "1ms", "10s");
        within("flashstock.reservations.max-wait", reservations.maxWait(), "0s", "1m");
        within("flashstock.sqs.max-receives", sqs.maxReceives(), 1, 1_000);
        within("flashstock.sqs.visibility", sqs.visibility(), "1s", "12h");
        within("flashstock.sqs.sends", sqs.sends(), 1, 64);
        within("flashstock.sqs.consumer.pollers", sqs.consumer().pollers(), 1, 64);
        within("flashstock.sqs.consumer.long-poll", sqs.consumer().longPoll(), "0s", "20s");
        // Following takes its time: summaries are three to six seconds behind at the best.
        within("flashstock.totals.max-behind", totals.maxBehind(), "10s", "5m");
    }

    private static void within(String setting, int value, int least, int most) {
        if (value < least || value > most) {
            throw outside(setting, value, least, most);
        }
    }

    private static void within(String setting, Duration value, String least, String most) {
        if (value.compareTo(DurationConverter.parseDuration(least)) < 0
                || value.compareTo(DurationConverter.parseDuration(most)) > 0) {
            throw outside(setting, text(value), least, most);
        }
    }

    private static ConfigurationException outside(String setting, Object value, Object least, Object most) {
        return new ConfigurationException(
                "%s cannot be %s: set it to %s at least and %s at most.".formatted(setting, value, least, most));
    }

    private static String text(Duration value) {
        return value.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
    }
}
