package dev.flashstock.inventory;

import dev.flashstock.stock.Movement;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Port: the movements, hour by hour, each hour spread over {@value #BUCKETS} buckets. Each is written with the change of
 * stock that it records ({@link StockTable}). Reads are strongly consistent; all fail with {@link Unavailable}.
 */
public interface LedgerTable {
    /** Over how many buckets an hour's movements are spread. */
    int BUCKETS = 64;

    /**
     * A place in the ledger.
     *
     * @param at a movement's time
     * @param id its id, which tells apart those of the same time
     */
    record Position(Instant at, String id) implements Comparable<Position> {
        /**
         * The place of a movement.
         *
         * @param movement the movement
         * @return its time and its id
         */
        public static Position of(Movement movement) {
            return new Position(movement.at(), movement.id());
        }

        @Override
        public int compareTo(Position other) {
            return Comparator.comparing(Position::at)
                    .thenComparing(Position::id)
                    .compare(this, other);
        }
    }

    /**
     * Lists the hours in which a SKU may have movements: all others have none.
     *
     * @param sku the SKU
     * @param from any moment of the first hour
     * @param until any moment of the last hour
     * @param limit the most hours
     * @return up to {@code limit} hours as their beginnings, the earliest first
     */
    Uni<List<Instant>> hours(Sku sku, Instant from, Instant until, int limit);

    /**
     * Reads one bucket of an hour.
     *
     * @param sku whose stock was changed
     * @param hour any moment of the hour
     * @param bucket 0 to one less than {@value #BUCKETS}
     * @param after the place to go on after; null: from the beginning
     * @param limit the most movements
     * @return up to {@code limit} movements in the order of their places; fewer only when none follow
     */
    Uni<List<Movement>> movements(Sku sku, Instant hour, int bucket, @Nullable Position after, int limit);

    /**
     * Looks a movement up.
     *
     * @param sku whose stock it changed
     * @param at when
     * @param id its id
     * @return the movement, or nothing
     */
    Uni<Optional<Movement>> movement(Sku sku, Instant at, String id);
}
