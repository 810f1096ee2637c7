package dev.flashstock.inventory;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Port: the table's stream, as far as it tells how the shards of SKUs change. It is a tree of strands, each with records in
 * order; all changes of one shard are in one strand and, when that has ended, in those that follow it. (DynamoDB calls a
 * strand a shard; here that word is taken.) All fail with {@link Unavailable}.
 */
public interface StockStream {
    /**
     * The stream as it is now.
     *
     * @param name tells it from any stream that the table had before
     * @param strands those that can still be read, open and ended
     */
    record Description(String name, List<Strand> strands) {}

    /**
     * A strand.
     *
     * @param id its name
     * @param parent the strand that it follows, perhaps one that is not there any more; null: none
     */
    record Strand(String id, @Nullable String parent) {}

    /**
     * A place in a strand.
     *
     * @param strand the strand's id
     * @param after the number of the record before the place; null: the place is the strand's beginning
     * @param iterator what the last reading has left to go on with, of no use to other processes; null: none
     */
    record Cursor(
            String strand, @Nullable String after, @Nullable String iterator) {
        /** The beginning of a strand, or of what is left of it. */
        static Cursor beginningOf(String strand) {
            return new Cursor(strand, null, null);
        }
    }

    /** What a reading has brought. */
    sealed interface Read {
        /**
         * Records, perhaps none: which does not mean that none follow.
         *
         * @param changes those that are about shards, in their order
         * @param records how many there were in all
         * @param until a time at or before that at which the last one was made; nothing when there were none
         * @param next where to go on; nothing at the strand's end
         */
        record Page(List<ShardChange> changes, int records, Optional<Instant> until, Optional<Cursor> next)
                implements Read {}

        /** What follows the place was removed before it was read: records live for 24 hours. */
        record Trimmed() implements Read {}
    }

    /**
     * Describes the stream.
     *
     * @return the stream and all its strands; also fails when the table has none
     */
    Uni<Description> describe();

    /**
     * Reads up to a thousand records.
     *
     * @param stream the stream's name
     * @param cursor from where
     * @return what was read
     */
    Uni<Read> read(String stream, Cursor cursor);
}
