package dev.flashstock.inventory;

import dev.flashstock.stock.Audit;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Port: for each SKU the last run of an audit, and the last result. Reads are strongly consistent; all fail with {@link
 * Unavailable}.
 */
public interface AuditTable {
    /**
     * What is recorded of a SKU's audits.
     *
     * @param run the last run
     * @param result the last result, perhaps of an earlier run; null: there was none yet
     * @param repaired whether the result's difference was repaired
     */
    record Recorded(AuditRun run, @Nullable Audit result, boolean repaired) {}

    /**
     * Looks a SKU's audits up.
     *
     * @param sku the SKU
     * @return what is recorded, or nothing
     */
    Uni<Optional<Recorded>> last(Sku sku);

    /**
     * Records a run, unless another is under way. The last result stays.
     *
     * @param run the run, under way
     * @param deadBefore a run under way that gave no sign of life since is over
     * @return {@code CHANGED} when another is under way
     */
    Uni<Attempt> begin(AuditRun run, Instant deadBefore);

    /**
     * Gives a sign of life.
     *
     * @param run the run, under way
     * @return {@code CHANGED} when another has taken its place, or it has ended
     */
    Uni<Attempt> alive(AuditRun run);

    /**
     * Records a run's end.
     *
     * @param run the run, done or failed
     * @param result what it has shown; null when it failed, and then the last result stays
     * @return {@code CHANGED} when another has taken its place, or it has ended
     */
    Uni<Attempt> end(AuditRun run, @Nullable Audit result);
}
