package dev.flashstock.inventory;

import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;

/**
 * Finds out that a SKU is sold out before anybody asks in vain, and whether it still is. It reads and writes nothing:
 * those who come too late cost no capacity.
 */
public final class SoldOutWatch {
    private final Listings listings;
    private final StockLevels levels;
    private final Looks looks;
    private final SoldOut soldOut;
    private final News news;
    private final Rounds<Sku, Void> suspicions = new Rounds<>(this::lookWhetherAnyIsLeft);
    private final Sharing<Sku, Void> doubts = new Sharing<>();

    /**
     * Wires the use case.
     *
     * @param listings what is for sale, perhaps a second old
     * @param levels what all processes remember together
     * @param looks reads the shards
     * @param soldOut is told what is sold out
     * @param news tells which process looks
     */
    public SoldOutWatch(Listings listings, StockLevels levels, Looks looks, SoldOut soldOut, News news) {
        this.listings = listings;
        this.levels = levels;
        this.looks = looks;
        this.soldOut = soldOut;
        this.news = news;
    }

    /**
     * A SKU's last unit may have gone.
     *
     * @param sku the SKU
     * @return completes when all know it if it has; never fails
     */
    public Uni<Void> suspect(Sku sku) {
        return suspicions.next(sku).onFailure(Unavailable.class).recoverWithNull();
    }

    private Uni<Void> lookWhetherAnyIsLeft(Sku sku) {
        return listings.find(sku)
                .chain(found -> found.map(this::lookIfNothingIsLeft)
                        .orElseGet(() -> Uni.createFrom().voidItem()));
    }

    private Uni<Void> lookIfNothingIsLeft(Listing listing) {
        return levels.level(listing)
                .chain(level -> level.available() > 0
                        ? Uni.createFrom().voidItem()
                        : looks.certain(listing)
                                .invoke(left -> left.stream()
                                        .filter(it -> it == 0)
                                        .forEach(it -> soldOut.hear(level.sku(), it)))
                                .replaceWithVoid());
    }

    /**
     * It is not certain any more that a SKU has too few units: looks again, if it is this process's turn.
     *
     * @param listing the SKU's listing
     * @return completes when it is certain, or another process looks; fails with {@link Unavailable}
     */
    Uni<Void> doubt(Listing listing) {
        Sku sku = listing.product().sku();
        return doubts.share(
                sku,
                Uni.createFrom()
                        .deferred(() -> news.takeTurn(sku)
                                .chain(mine -> mine
                                        ? looks.certain(listing)
                                                .invoke(left -> soldOut.hearAgain(sku, left))
                                                .replaceWithVoid()
                                        : Uni.createFrom().voidItem())));
    }
}
