package dev.flashstock.api;

import dev.flashstock.inventory.Freshness;
import dev.flashstock.stock.StockLevel;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** How readers are told about stock: counted by where it came from, and with what a cache has to know (RFC 9111). */
@Singleton
class StockReads {
    private final MeterRegistry metrics;
    private final InstantSource clock;
    private final String cacheControl;

    StockReads(MeterRegistry metrics, InstantSource clock, Freshness freshness) {
        this.metrics = metrics;
        this.clock = clock;
        this.cacheControl = "public, max-age=" + freshness.counted().toSeconds() + ", stale-while-revalidate="
                + freshness.whileCounting().toSeconds();
    }

    StockView told(StockLevel level) {
        StockView view = StockView.of(level);
        metrics.counter("flashstock.stock.reads", "source", view.source()).increment();
        return view;
    }

    /** {@code max-age} counts from when the units were counted, hence the {@code Age}. */
    Response.ResponseBuilder cacheable(Response.ResponseBuilder answer, Instant asOf) {
        long age = Math.max(0, Duration.between(asOf, clock.instant()).toSeconds());
        return answer.header("Cache-Control", cacheControl).header("Age", age);
    }
}
