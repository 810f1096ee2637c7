package dev.flashstock.app;

import dev.flashstock.inventory.LiveStock;
import dev.flashstock.inventory.News;
import dev.flashstock.inventory.PodStockLevels;
import dev.flashstock.inventory.SoldOut;
import dev.flashstock.redis.RedisNews;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;

/**
 * What becomes of news here: whoever finds them out drops the total that is remembered, the others the one they have, and
 * those who watch the SKU are told.
 */
final class StockNews implements News {
    private final RedisNews others;
    private final PodStockLevels levels;
    private final LiveStock live;

    StockNews(RedisNews others, PodStockLevels levels, LiveStock live) {
        this.others = others;
        this.levels = levels;
        this.live = live;
    }

    /** Begins to listen to the others. */
    void start(SoldOut soldOut) {
        others.start(
                (sku, available) -> {
                    soldOut.heardElsewhere(sku, available);
                    changed(sku);
                },
                sku -> {
                    soldOut.backElsewhere(sku);
                    changed(sku);
                });
    }

    private void changed(Sku sku) {
        levels.forgetHere(sku);
        live.look(sku);
    }

    void stop() {
        others.stop();
    }

    @Override
    public void soldOut(Sku sku, long available, boolean again) {
        if (!again) {
            levels.forget(sku).subscribe().with(forgotten -> live.look(sku), failure -> {});
        }
        others.soldOut(sku, available, again);
    }

    @Override
    public void back(Sku sku) {
        changed(sku);
        others.back(sku);
    }

    @Override
    public Uni<Boolean> takeTurn(Sku sku) {
        return others.takeTurn(sku);
    }
}
