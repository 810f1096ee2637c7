package dev.flashstock.inventory;

import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.util.function.Function;

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
    private final Rounds<Sku, Void> suspicions = new Rounds<>(this::look);
    private final Rounds<Sku, Void> counts = new Rounds<>(this::countAndLook);
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
     * A SKU's last unit may have gone. When it has not, the total is not to be relied upon, and is forgotten.
     *
     * @param sku the SKU
     * @return completes when all know it if it has; never fails
     */
    public Uni<Void> suspect(Sku sku) {
        return suspicions.next(sku).onFailure(Unavailable.class).recoverWithNull();
    }

    private Uni<Void> look(Sku sku) {
        return ifListed(
                sku,
                listing -> looks.certain(listing).chain(left -> {
                    if (left.isPresent() && left.getAsLong() == 0) {
                        soldOut.hear(sku, 0);
                    }
                    return left.isPresent() && left.getAsLong() > 0
                            ? levels.forget(sku)
                            : Uni.createFrom().voidItem();
                }));
    }

    /**
     * Units of a SKU have come or gone, of which no total is remembered: it is counted.
     *
     * @param sku the SKU
     * @return completes when it is, and all know it if nothing is left; never fails
     */
    public Uni<Void> count(Sku sku) {
        return counts.next(sku).onFailure(Unavailable.class).recoverWithNull();
    }

    private Uni<Void> countAndLook(Sku sku) {
        return ifListed(
                sku,
                listing -> levels.level(listing)
                        .chain(level -> level.available() == 0
                                ? suspect(sku)
                                : Uni.createFrom().voidItem()));
    }

    private Uni<Void> ifListed(Sku sku, Function<Listing, Uni<Void>> then) {
        return listings.find(sku)
                .chain(found -> found.map(then).orElseGet(() -> Uni.createFrom().voidItem()));
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
