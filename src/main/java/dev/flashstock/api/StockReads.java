package dev.flashstock.api;

import dev.flashstock.inventory.Freshness;
import dev.flashstock.stock.StockLevel;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** How readers are told about stock: counted by where it came from, and with what a cache has to know. */
@Singleton
class StockReads {
    private final Map<StockLevel.Source, Counter> counters = new EnumMap<>(StockLevel.Source.class);
    private final InstantSource clock;
    private final String cacheControl;

    StockReads(MeterRegistry metrics, InstantSource clock, Freshness freshness) {
        for (StockLevel.Source source : StockLevel.Source.values()) {
            counters.put(
                    source,
                    Counter.builder("flashstock.stock.reads")
                            .description("Totals that were told, by where they came from")
                            .tag("source", StockView.word(source))
                            .register(metrics));
        }
        this.clock = clock;
        this.cacheControl = "public, max-age=" + freshness.counted().toSeconds() + ", stale-while-revalidate="
                + freshness.whileCounting().toSeconds();
    }

    StockView told(StockLevel level) {
        Objects.requireNonNull(counters.get(level.source())).increment();
        return StockView.of(level);
    }

    Response.ResponseBuilder cacheable(Response.ResponseBuilder answer, Instant asOf) {
        return Aged.since(asOf, clock.instant(), cacheControl, answer);
    }
}
