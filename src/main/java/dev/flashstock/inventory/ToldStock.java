package dev.flashstock.inventory;

import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * A table whose commits are told to those who remember totals, at once. Nobody waits for that. Adjustments are told by who
 * makes them. Moves change no total, and are told because who counts may see half of one.
 */
public final class ToldStock extends ForwardingStock {
    private final Totals totals;
    private final Consumer<Sku> perhapsNothingLeft;
    private final Consumer<Sku> notCounted;
    private final Consumer<Sku> toForget;

    /**
     * Tells of another table's commits.
     *
     * @param table the table
     * @param totals are told
     * @param perhapsNothingLeft is told of a SKU whose last unit may have gone
     * @param notCounted is told of a SKU of which no total is remembered
     * @param toForget is told of a SKU of which it is not known whether units have come back
     */
    public ToldStock(
            StockTable table,
            Totals totals,
            Consumer<Sku> perhapsNothingLeft,
            Consumer<Sku> notCounted,
            Consumer<Sku> toForget) {
        super(table);
        this.totals = totals;
        this.perhapsNothingLeft = perhapsNothingLeft;
        this.notCounted = notCounted;
        this.toForget = toForget;
    }

    @Override
    public Uni<GroupCommit.Result> commit(GroupCommit commit) {
        return Uni.createFrom().deferred(() -> {
            Optional<String> before = totals.count(commit.sku());
            return super.commit(commit)
                    .invoke(result -> {
                        if (result instanceof GroupCommit.Result.Committed) {
                            tell(commit, before);
                        }
                    })
                    .onFailure()
                    .invoke(failure -> notTold(commit));
        });
    }

    @Override
    public Uni<Attempt> move(Move move) {
        return super.move(move)
                .onTermination()
                .invoke(() -> totals.change(move.sku(), 0, Optional.empty())
                        .subscribe()
                        .with(left -> {}, failure -> {}));
    }

    private void tell(GroupCommit commit, Optional<String> before) {
        totals.change(commit.sku(), commit.change(), before)
                .subscribe()
                .with(left -> told(commit.sku(), left), failure -> notTold(commit));
    }

    private void told(Sku sku, OptionalLong left) {
        if (left.isEmpty()) {
            notCounted.accept(sku);
        } else if (left.getAsLong() == 0) {
            perhapsNothingLeft.accept(sku);
        }
    }

    /** A total that is too high is told until the next count, one that is too low is not. */
    private void notTold(GroupCommit commit) {
        if (!commit.returns().isEmpty()) {
            toForget.accept(commit.sku());
        }
    }
}
