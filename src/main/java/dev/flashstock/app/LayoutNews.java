package dev.flashstock.app;

import dev.flashstock.inventory.LayoutKeeper;
import dev.flashstock.sharding.Layout;
import dev.flashstock.stock.Sku;
import io.micrometer.core.instrument.MeterRegistry;
import org.jboss.logging.Logger;

/** Counts and logs how layouts change. */
final class LayoutNews implements LayoutKeeper.Listener {
    private static final Logger LOG = Logger.getLogger(LayoutKeeper.class);

    private final MeterRegistry metrics;

    LayoutNews(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    @Override
    public void wanted(Sku sku, Layout layout, String why) {
        metrics.counter("flashstock.layout.changes", "reason", why).increment();
        LOG.infof(
                "Another number of shards sku=%s from=%d to=%d reason=%s",
                sku, layout.writeShards(), layout.wantedShards(), why);
    }

    @Override
    public void failed(Sku sku, Throwable failure) {
        metrics.counter("flashstock.layout.failures").increment();
        LOG.warnf("A layout could not be changed to its end, going on soon sku=%s error=%s", sku, failure);
    }
}
