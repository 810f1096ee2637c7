package dev.flashstock.app;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flashstock.api.AdjustmentsConfig;
import dev.flashstock.api.CountersConfig;
import dev.flashstock.api.EventsConfig;
import dev.flashstock.api.HttpConfig;
import dev.flashstock.api.LimitsConfig;
import dev.flashstock.api.ReservationsConfig;
import dev.flashstock.identity.IdentityConfig;
import dev.flashstock.redis.RedisConfig;
import dev.flashstock.sqs.SqsConfig;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Between which values a setting may be, and what is said of one that is not. */
class BoundsCheckTest {
    @Test
    void whatNobodyHasSetIsWithinItsBounds() {
        assertThatCode(() -> check(Map.of())).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "flashstock.adjustments.patience, 99ms, 0.099s, 100ms, 1h, 61m, 1h1m",
        "flashstock.counters.flush, 99ms, 0.099s, 100ms, 1m, 61s, 1m1s",
        "flashstock.counters.ttl, 99ms, 0.099s, 100ms, 1h, 61m, 1h1m",
        "flashstock.dax.timeout, 9ms, 0.009s, 10ms, 10s, 11s, 11s",
        "flashstock.events.max-streams, -1, -1, 0, 1000000, 1000001, 1000001",
        "flashstock.events.heartbeat, 0s, 0s, 100ms, 1h, 61m, 1h1m",
        "flashstock.heat.partition-writes-per-second, 0, 0, 1, 1000, 1001, 1001",
        "flashstock.heat.partition-reads-per-second, 0, 0, 1, 3000, 3001, 3001",
        "flashstock.http.body-timeout, 0s, 0s, 100ms, 1h, 61m, 1h1m",
        "flashstock.identity.refresh, 0s, 0s, 1s, 1h, 61m, 1h1m",
        "flashstock.identity.least-interval, 99ms, 0.099s, 100ms, 5m, 301s, 5m1s",
        "flashstock.identity.keep, 0s, 0s, 1s, 24h, 25h, 25h",
        "flashstock.identity.timeout, 99ms, 0.099s, 100ms, 10s, 11s, 11s",
        "flashstock.inventory.listing-ttl, PT-1S, -1s, 0s, 1m, 61s, 1m1s",
        "flashstock.limits.requests, 31, 31, 32, 1000000, 1000001, 1000001",
        "flashstock.limits.behind, 0s, 0s, 1ms, 1m, 61s, 1m1s",
        "flashstock.redis.timeout, 0s, 0s, 1ms, 10s, 11s, 11s",
        "flashstock.reservations.max-wait, PT-1S, -1s, 0s, 1m, 61s, 1m1s",
        "flashstock.sqs.max-receives, 0, 0, 1, 1000, 1001, 1001",
        "flashstock.sqs.visibility, 0s, 0s, 1s, 12h, 13h, 13h",
        "flashstock.sqs.sends, 0, 0, 1, 64, 65, 65",
        "flashstock.sqs.consumer.pollers, 0, 0, 1, 64, 65, 65",
        "flashstock.sqs.consumer.long-poll, PT-1S, -1s, 0s, 20s, 21s, 21s",
        "flashstock.totals.max-behind, 9s, 9s, 10s, 5m, 301s, 5m1s"
    })
    void aSettingIsWithinItsBoundsOrNamed(
            String setting, String under, String underSaid, String least, String most, String over, String overSaid) {
        assertRefused(setting, under, underSaid, least, most);
        assertRefused(setting, over, overSaid, least, most);
        for (String allowed : List.of(least, most)) {
            assertThatCode(() -> check(Map.of(setting, allowed)))
                    .as("%s=%s", setting, allowed)
                    .doesNotThrowAnyException();
        }
    }

    private static void assertRefused(String setting, String value, String said, String least, String most) {
        assertThatThrownBy(() -> check(Map.of(setting, value)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("%s cannot be %s: set it to %s at least and %s at most.", setting, said, least, most);
    }

    private static void check(Map<String, String> settings) {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withConverter(MemorySize.class, 200, new MemorySizeConverter())
                .withMapping(AdjustmentsConfig.class)
                .withMapping(CountersConfig.class)
                .withMapping(DaxConfig.class)
                .withMapping(EventsConfig.class)
                .withMapping(HeatConfig.class)
                .withMapping(HttpConfig.class)
                .withMapping(IdentityConfig.class)
                .withMapping(InventoryConfig.class)
                .withMapping(LimitsConfig.class)
                .withMapping(RedisConfig.class)
                .withMapping(ReservationsConfig.class)
                .withMapping(SqsConfig.class)
                .withMapping(TotalsConfig.class)
                .withSources(new PropertiesConfigSource(settings, "test", 500))
                .build();
        new BoundsCheck(
                        config.getConfigMapping(AdjustmentsConfig.class),
                        config.getConfigMapping(CountersConfig.class),
                        config.getConfigMapping(DaxConfig.class),
                        config.getConfigMapping(EventsConfig.class),
                        config.getConfigMapping(HeatConfig.class),
                        config.getConfigMapping(HttpConfig.class),
                        config.getConfigMapping(IdentityConfig.class),
                        config.getConfigMapping(InventoryConfig.class),
                        config.getConfigMapping(LimitsConfig.class),
                        config.getConfigMapping(RedisConfig.class),
                        config.getConfigMapping(ReservationsConfig.class),
                        config.getConfigMapping(SqsConfig.class),
                        config.getConfigMapping(TotalsConfig.class))
                .check();
    }
}
