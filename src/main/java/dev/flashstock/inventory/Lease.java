package dev.flashstock.inventory;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who follows the stream, and how far. Whether its owner is alive, others see by the beat that changes: no two clocks are
 * compared.
 *
 * @param owner the process; empty: it has left
 * @param term rises with each owner
 * @param beat differs from one writing to the next
 * @param stream the stream's name; empty: none was followed yet
 * @param generation rises when changes may have been missed; 0: nothing was followed yet
 * @param upTo all changes before it are in the summaries
 * @param marks where to go on in each strand that has not been read to its end
 */
public record Lease(
        String owner, long term, long beat, String stream, long generation, Instant upTo, Map<String, Mark> marks) {
    /** Before anything was read. */
    static final Instant NEVER = Instant.EPOCH;

    /**
     * A place in a strand.
     *
     * @param after the number of the last record whose change is in the summaries; null: none
     * @param ended whether that was the strand's last, and what follows it has not been seen yet
     */
    public record Mark(@Nullable String after, boolean ended) {}

    /** The first one. */
    static Lease first(String owner) {
        return new Lease(owner, 1, 1, "", 0, NEVER, Map.of());
    }

    /** The same for another owner, who goes on where it was left. */
    Lease takenBy(String next) {
        return new Lease(next, term + 1, beat + 1, stream, generation, upTo, marks);
    }

    /** Whoever wants it may have it. */
    Lease left() {
        return new Lease("", term, beat + 1, stream, generation, upTo, marks);
    }

    boolean isLeft() {
        return owner.isEmpty();
    }
}
