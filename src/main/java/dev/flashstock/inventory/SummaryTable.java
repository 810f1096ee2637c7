package dev.flashstock.inventory;

import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Port: the summaries, and the lease of who keeps them. Reads are strongly consistent; all fail with {@link Unavailable}. */
public interface SummaryTable {
    /**
     * Looks summaries up.
     *
     * @param skus whose
     * @return one for each, {@link Summary#none} where none was written
     */
    Uni<Map<Sku, Summary>> find(Collection<Sku> skus);

    /**
     * Writes a summary as its next revision, unless another was written since.
     *
     * @param summary the summary, of the revision that it was read with
     * @return {@code CHANGED} when its revision is not the last
     */
    Uni<Attempt> save(Summary summary);

    /**
     * Looks the lease up.
     *
     * @return the lease, or nothing
     */
    Uni<Optional<Lease>> lease();

    /**
     * Takes the lease, unless somebody has written it since.
     *
     * @param before the lease as it was read, or nothing
     * @param next the lease as it will be
     * @return {@code CHANGED} when it has changed
     */
    Uni<Attempt> take(Optional<Lease> before, Lease next);

    /**
     * Writes the lease, the same in the end however often.
     *
     * @param owner who has it
     * @param lease the lease, of the owner's term
     * @return {@code CHANGED} when it is another's
     */
    Uni<Attempt> keep(String owner, Lease lease);
}
