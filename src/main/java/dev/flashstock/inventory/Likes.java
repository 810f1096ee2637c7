package dev.flashstock.inventory;

import dev.flashstock.stock.Counted;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;

/** Use cases: who likes what. Each user counts once for a product, however often and wherever it is said. */
public final class Likes {
    /** How many transactions this process has under way: the fewer, the less they are in each other's way. */
    static final int AT_A_TIME = 8;
    /** How many wait for their turn meanwhile. */
    static final int WAITING = 1_000;

    private final Listings listings;
    private final CounterTable table;
    private final Retries retries;
    private final IntUnaryOperator random;
    private final RememberedCounts counts;
    private final AtMost transactions = new AtMost(AT_A_TIME, WAITING);

    /**
     * Wires the use cases.
     *
     * @param listings which products there are
     * @param table the likes
     * @param retries for what other writers get in the way of
     * @param random a number from 0 to one less than its argument
     * @param rememberedFor how old a total may be that is told
     * @param clock tells when a total was made
     */
    public Likes(
            Listings listings,
            CounterTable table,
            Retries retries,
            IntUnaryOperator random,
            Duration rememberedFor,
            InstantSource clock) {
        this.listings = listings;
        this.table = table;
        this.retries = retries;
        this.random = random;
        this.counts = new RememberedCounts(table::likes, rememberedFor, clock);
    }

    /**
     * A user likes a product. Saying it again changes nothing.
     *
     * @param user who
     * @param sku what
     * @return the SKU, or {@link Refusal.UnknownSku}; fails with {@link Unavailable}
     */
    public Uni<Outcome<Sku>> like(UserId user, Sku sku) {
        return listings.ofProduct(
                sku, it -> retries.until(() -> tryToLike(user, sku)).replaceWith(sku));
    }

    /** Another shard each time, away from who is in the way. That it is liked already is what was asked for. */
    private Uni<Optional<Attempt>> tryToLike(UserId user, Sku sku) {
        int shard = random.applyAsInt(CounterTable.LIKE_SHARDS);
        return transactions
                .inTurn(() -> table.like(user, sku, shard))
                .map(attempt -> Optional.of(attempt).filter(it -> it != Attempt.BUSY));
    }

    /**
     * A user does not like a product any more. Saying it again changes nothing.
     *
     * @param user who
     * @param sku what
     * @return the SKU, or {@link Refusal.UnknownSku}; fails with {@link Unavailable}
     */
    public Uni<Outcome<Sku>> unlike(UserId user, Sku sku) {
        return listings.ofProduct(
                sku, it -> retries.until(() -> tryToUnlike(user, sku)).replaceWith(sku));
    }

    private Uni<Optional<Attempt>> tryToUnlike(UserId user, Sku sku) {
        return table.likedOn(user, sku)
                .chain(shard -> shard.isEmpty()
                        ? Retries.settled(Attempt.DONE)
                        : transactions
                                .inTurn(() -> table.unlike(user, sku, shard.getAsInt()))
                                .map(attempt -> Optional.of(attempt).filter(it -> it == Attempt.DONE)));
    }

    /**
     * Whether a user likes a product.
     *
     * @param user who
     * @param sku what
     * @return whether it is so now, or {@link Refusal.UnknownSku}; fails with {@link Unavailable}
     */
    public Uni<Outcome<Boolean>> likes(UserId user, Sku sku) {
        return listings.ofProduct(sku, it -> table.likedOn(user, sku).map(OptionalInt::isPresent));
    }

    /**
     * How many users like a product.
     *
     * @param sku what
     * @return how many, and as of when; or {@link Refusal.UnknownSku}; fails with {@link Unavailable}
     */
    public Uni<Outcome<Counted>> count(Sku sku) {
        return listings.ofProduct(sku, it -> counts.count(sku));
    }
}
