package dev.flashstock.inventory;

import static java.util.stream.Collectors.groupingBy;

import dev.flashstock.sharding.Layout;
import dev.flashstock.sharding.Spread;
import dev.flashstock.sharding.Transfer;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Use case: SKUs get more shards, or fewer, while they are sold. What is wanted is written down first. Then it is done step
 * by step, each of which happens only while the layout is the one that it was made for: whoever dies in the middle leaves a
 * layout with which everybody can work and anybody can go on, and two who do it at once get in each other's way and no
 * further.
 */
public final class Layouts {
    /** More steps than any change has. */
    static final int MAX_STEPS = 600;
    /** How often shards are made even, as far as others let it. */
    private static final int ROUNDS = 3;

    private final ProductTable products;
    private final Consumer<Sku> changed;
    private final LayoutTable layouts;
    private final StockTable stock;
    private final GroupCommits commits;
    private final Retries retries;
    private final Pauses pauses;
    private final Duration settle;

    /**
     * Wires the use case.
     *
     * @param products layouts as they are
     * @param changed is told whose layout may have changed
     * @param layouts changes them
     * @param stock the shards
     * @param commits moves units
     * @param retries for what other writers get in the way of
     * @param pauses waits
     * @param settle how long it takes until nobody reads by an earlier layout: longer than listings are remembered, and a
     *     reading takes
     */
    public Layouts(
            ProductTable products,
            Consumer<Sku> changed,
            LayoutTable layouts,
            StockTable stock,
            GroupCommits commits,
            Retries retries,
            Pauses pauses,
            Duration settle) {
        this.products = products;
        this.changed = changed;
        this.layouts = layouts;
        this.stock = stock;
        this.commits = commits;
        this.retries = retries;
        this.pauses = pauses;
        this.settle = settle;
    }

    /**
     * Looks a layout up.
     *
     * @param sku whose
     * @return the layout as it is now, or {@link Refusal.UnknownSku}
     */
    Uni<Outcome<Layout>> find(Sku sku) {
        return products.ofProduct(sku, listing -> Uni.createFrom().item(listing.layout()));
    }

    /**
     * Somebody chooses how many shards a SKU has.
     *
     * @param sku whose
     * @param shards how many, 1 to {@value Layout#MAX_SHARDS}
     * @return the layout, in which so many are wanted; or {@link Refusal.UnknownSku}
     */
    Uni<Outcome<Layout>> choose(Sku sku, int shards) {
        return change(
                sku,
                layout -> layout.wantedShards() == shards && layout.chosenShards() == shards
                        ? layout
                        : layout.wanting(shards, shards));
    }

    /**
     * A SKU is to have another number of shards for a while.
     *
     * @param sku whose
     * @param from how many it is thought to have: nothing is changed if it has others, or is changing
     * @param shards how many, 1 to {@value Layout#MAX_SHARDS}
     * @return the layout, or {@link Refusal.UnknownSku}
     */
    Uni<Outcome<Layout>> adapt(Sku sku, int from, int shards) {
        return change(
                sku,
                layout -> layout.isSteady() && layout.writeShards() == from
                        ? layout.wanting(shards, layout.chosenShards())
                        : layout);
    }

    private Uni<Outcome<Layout>> change(Sku sku, UnaryOperator<Layout> change) {
        return retries.until(() -> products.find(sku).chain(found -> {
                    if (found.isEmpty()) {
                        return Retries.settled(Outcome.<Layout>refused(new Refusal.UnknownSku(sku)));
                    }
                    Layout before = found.get().layout();
                    Layout after = change.apply(before);
                    return after.equals(before)
                            ? Retries.settled(Outcome.done(before))
                            : layouts.replace(sku, before, after)
                                    .map(attempt -> attempt == Attempt.DONE
                                            ? Optional.of(Outcome.done(after))
                                            : Optional.<Outcome<Layout>>empty());
                }))
                .onTermination()
                .invoke(() -> changed.accept(sku));
    }

    /**
     * Does what is left to be done until a layout is as it is wanted.
     *
     * @param sku whose
     * @return completes when it is, or the product is gone; fails with {@link Unavailable}: what is done stays done, and
     *     anybody may go on
     */
    Uni<Void> carryOut(Sku sku) {
        return new Change(sku).run();
    }

    /** One change on its way. */
    private final class Change {
        private final Sku sku;
        /** So many shards everybody reads by now. */
        private int readByAll;
        /** The more are closed at once, the more there is to get in the way: after each time it is half of them. */
        private int mostMarked = LayoutTable.MAX_MARKED;

        Change(Sku sku) {
            this.sku = sku;
        }

        Uni<Void> run() {
            AtomicInteger steps = new AtomicInteger();
            return Multi.createBy()
                    .repeating()
                    .uni(() -> retries.until(this::step))
                    .until(steady -> steady || steps.incrementAndGet() == MAX_STEPS)
                    .collect()
                    .last()
                    .replaceWithVoid()
                    .onTermination()
                    .invoke(() -> changed.accept(sku));
        }

        /** Whether nothing is left to be done; nothing when others got in the way. */
        private Uni<Optional<Boolean>> step() {
            return products.find(sku)
                    .chain(found -> found.filter(it -> !it.layout().isSteady())
                            .map(it -> step(it.layout()))
                            .orElseGet(() -> Retries.settled(true)));
        }

        private Uni<Optional<Boolean>> step(Layout layout) {
            if (layout.writeShards() > layout.wantedShards()) {
                return done(layouts.replace(sku, layout, layout.writing(layout.wantedShards())));
            }
            if (layout.writeShards() == layout.wantedShards()) {
                return stock.gather(sku, layout.readShards()).chain(levels -> shrink(layout, levels));
            }
            if (layout.readShards() < layout.wantedShards()) {
                return stock.gather(sku, layout.wantedShards()).chain(levels -> read(layout, levels));
            }
            if (layout.wantedShards() > readByAll) {
                return pauses.of(settle)
                        .chain(() -> products.find(sku))
                        .invoke(now -> readByAll = readShards(now) == layout.readShards() ? layout.readShards() : 0)
                        .replaceWith(Optional.of(false));
            }
            return stock.gather(sku, layout.wantedShards()).chain(levels -> grow(layout, levels));
        }

        private static int readShards(Optional<Listing> listing) {
            return listing.map(it -> it.layout().readShards()).orElse(0);
        }

        // More: readers, units, writers

        /** Nobody gives units to shards that are not read: what was moved to them does not change any more. */
        private Uni<Optional<Boolean>> read(Layout layout, List<ShardLevel> levels) {
            List<ShardLevel> more = levels.subList(layout.readShards(), layout.wantedShards());
            return done(layouts.replace(
                    sku, layout, layout.reading(layout.wantedShards(), layout.moved() + Spread.moved(more))));
        }

        private Uni<Optional<Boolean>> grow(Layout layout, List<ShardLevel> levels) {
            List<Integer> closed = levels.stream()
                    .filter(ShardLevel::closed)
                    .map(ShardLevel::shard)
                    .limit(mostMarked)
                    .toList();
            return closed.isEmpty()
                    ? makeEven(levels, 1)
                            .chain(() -> done(layouts.replace(sku, layout, layout.writing(layout.wantedShards()))))
                    : marked(closed, layouts.open(sku, layout, closed));
        }

        /** What cannot be moved now is found by those who need it where it is. */
        private Uni<Void> makeEven(List<ShardLevel> levels, int round) {
            List<Transfer> transfers = Spread.even(levels);
            if (transfers.isEmpty() || round > ROUNDS) {
                return Uni.createFrom().voidItem();
            }
            return each(transfers, it -> move(List.of(new Portion(it.from(), it.units())), it.to()))
                    .onFailure(Unavailable.class)
                    .recoverWithNull()
                    .chain(() -> stock.gather(sku, levels.size()))
                    .chain(after -> makeEven(after, round + 1));
        }

        // Fewer: writers have left the shards, then units, then readers

        private Uni<Optional<Boolean>> shrink(Layout layout, List<ShardLevel> levels) {
            int shards = layout.writeShards();
            List<ShardLevel> surplus = levels.subList(shards, layout.readShards());
            List<Integer> open = surplus.stream()
                    .filter(it -> !it.closed())
                    .map(ShardLevel::shard)
                    .limit(mostMarked)
                    .toList();
            if (!open.isEmpty()) {
                return marked(open, layouts.close(sku, layout, open));
            }
            return Spread.total(surplus) == 0
                    ? done(layouts.replace(sku, layout, layout.reading(shards, layout.moved() - Spread.moved(surplus))))
                    : drain(surplus, shards).replaceWith(Optional.of(false));
        }

        private Uni<Void> drain(List<ShardLevel> surplus, int shards) {
            Map<Integer, List<Portion>> byTarget = surplus.stream()
                    .filter(it -> it.available() > 0)
                    .map(it -> new Portion(it.shard(), it.available()))
                    .collect(groupingBy(it -> it.shard() % shards));
            return each(
                    List.copyOf(byTarget.entrySet()),
                    it -> move(
                            it.getValue().stream()
                                    .limit(GroupCommit.MAX_ENTRIES)
                                    .toList(),
                            it.getKey()));
        }

        private Uni<Attempt> move(List<Portion> from, int to) {
            return retries.until(() -> commits.move(sku, from, to)
                    .map(attempt -> attempt == Attempt.BUSY ? Optional.empty() : Optional.of(attempt)));
        }

        private static <T> Uni<Void> each(List<T> all, Function<T, Uni<Attempt>> doing) {
            return Multi.createFrom()
                    .iterable(all)
                    .onItem()
                    .transformToUniAndConcatenate(doing::apply)
                    .collect()
                    .last()
                    .replaceWithVoid();
        }

        private Uni<Optional<Boolean>> marked(List<Integer> shards, Uni<Attempt> attempt) {
            return done(attempt.invoke(it -> {
                if (it == Attempt.BUSY) {
                    mostMarked = Math.max(1, shards.size() / 2);
                }
            }));
        }

        private Uni<Optional<Boolean>> done(Uni<Attempt> attempt) {
            return attempt.map(it -> {
                if (it == Attempt.CHANGED) { // the layout may have been another one meanwhile
                    readByAll = 0;
                }
                return it == Attempt.DONE ? Optional.of(false) : Optional.empty();
            });
        }
    }
}
