package dev.flashstock.app;

import dev.flashstock.inventory.LayoutKeeper;
import dev.flashstock.sharding.Layout;
import dev.flashstock.stock.Sku;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jboss.logging.Logger;

/** Counts and logs how layouts change. */
final class LayoutNews implements LayoutKeeper.Listener {
    private static final Logger LOG = Logger.getLogger(LayoutKeeper.class);

    private final Map<LayoutKeeper.Why, Counter> changes = new EnumMap<>(LayoutKeeper.Why.class);
    private final Counter failures;

    LayoutNews(MeterRegistry metrics) {
        for (LayoutKeeper.Why why : LayoutKeeper.Why.values()) {
            changes.put(
                    why,
                    Counter.builder("flashstock.layout.changes")
                            .description("Changes of how many shards a SKU is to have, by why")
                            .tag("reason", word(why))
                            .register(metrics));
        }
        this.failures = Counter.builder("flashstock.layout.failures")
                .description("Changes of layouts that could not be carried out to their end and are tried again")
                .register(metrics);
    }

    private static String word(LayoutKeeper.Why why) {
        return why.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void wanted(Sku sku, Layout layout, LayoutKeeper.Why why) {
        Objects.requireNonNull(changes.get(why)).increment();
        LOG.infof(
                "Another number of shards sku=%s from=%d to=%d reason=%s",
                sku, layout.writeShards(), layout.wantedShards(), word(why));
    }

    @Override
    public void failed(Sku sku, Throwable failure) {
        failures.increment();
        LOG.warnf("A layout could not be changed to its end, going on soon sku=%s error=%s", sku, failure);
    }
}
