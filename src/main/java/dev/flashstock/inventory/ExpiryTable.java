package dev.flashstock.inventory;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Port: what is due when, minute by minute, each minute spread over {@value #BUCKETS} buckets by SKU and shard. Expiries
 * are written with the holds ({@link StockTable#commit}). All fail with {@link Unavailable}.
 */
public interface ExpiryTable {
    /** Over how many buckets a minute's expiries are spread. */
    int BUCKETS = 16;

    /**
     * Reads what is due. What was written in the last second may be missing.
     *
     * @param minute any moment of the minute
     * @param bucket 0 to one less than {@value #BUCKETS}
     * @param after where to go on; null: at the beginning
     * @param until what is due later is left out
     * @param limit the most expiries
     * @return up to {@code limit} expiries, those that are due first
     */
    Uni<List<Expiry>> due(Instant minute, int bucket, @Nullable Expiry after, Instant until, int limit);

    /**
     * Notes that holds of a movement are due, also at another moment than before. A second time changes nothing.
     *
     * @param expiry what is due when
     * @return completes when it is noted
     */
    Uni<Void> note(Expiry expiry);

    /**
     * Removes an expiry of which nothing is held any more, or is noted at another moment. A second time changes nothing.
     *
     * @param expiry as it was read
     * @return completes when it is removed
     */
    Uni<Void> remove(Expiry expiry);
}
