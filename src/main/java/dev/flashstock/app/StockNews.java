package dev.flashstock.app;

import dev.flashstock.inventory.News;
import dev.flashstock.inventory.PodStockLevels;
import dev.flashstock.inventory.SoldOut;
import dev.flashstock.redis.RedisNews;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;

/** What becomes of news here: whoever finds them out drops the total that is remembered, and others the one they have. */
final class StockNews implements News {
    private final RedisNews others;
    private final PodStockLevels levels;

    StockNews(RedisNews others, PodStockLevels levels) {
        this.others = others;
        this.levels = levels;
    }

    /** Begins to listen to the others. */
    void start(SoldOut soldOut) {
        others.start(
                (sku, available) -> {
                    soldOut.heardElsewhere(sku, available);
                    levels.forgetHere(sku);
                },
                sku -> {
                    soldOut.backElsewhere(sku);
                    levels.forgetHere(sku);
                });
    }

    void stop() {
        others.stop();
    }

    @Override
    public void soldOut(Sku sku, long available, boolean again) {
        if (!again) {
            levels.forget(sku).subscribe().with(forgotten -> {}, failure -> {});
        }
        others.soldOut(sku, available, again);
    }

    @Override
    public void back(Sku sku) {
        levels.forgetHere(sku);
        others.back(sku);
    }

    @Override
    public Uni<Boolean> takeTurn(Sku sku) {
        return others.takeTurn(sku);
    }
}
