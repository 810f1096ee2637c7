package dev.flashstock.simulation;

import dev.flashstock.Samples;
import dev.flashstock.inventory.GroupCommit;
import dev.flashstock.inventory.Move;
import dev.flashstock.sharding.Layout;
import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.IdempotencyKey;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Product;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * People of the shop: they adjust stock, one by one and by the file, take sold units back, move units, and change layouts
 * and products.
 */
final class Staff {
    private static final int REMEMBERED = 120;
    static final int MOST_SHARDS = 12;
    private static final int LONGEST_FILE = 12;
    /** The lowest hold time, each twice as long as the one before. */
    private static final Duration SHORTEST_HOLD = Duration.ofSeconds(1);

    private final Simulation shop;
    private final SplittableRandom random;
    /** From how many units on there are enough. */
    private final long plenty;
    /** Whether products change while they are sold. */
    private final boolean edits;

    private final List<Adjustment> adjustments = new ArrayList<>();

    Staff(Simulation shop, SplittableRandom random) {
        this.shop = shop;
        this.random = random;
        this.plenty = 10L << random.nextInt(5);
        this.edits = random.nextInt(3) == 0;
    }

    /**
     * One call of any kind.
     *
     * @param roll 0 to 139
     */
    void call(Pod pod, Sku sku, int roll) {
        if (roll < 60) {
            adjust(pod, sku);
        } else if (roll < 72) {
            load(pod);
        } else if (roll < 132) {
            gather(pod, sku);
        } else if (roll < 135) {
            choose(pod, sku);
        } else if (edits) {
            edit(pod, sku);
        } else {
            gather(pod, sku);
        }
    }

    /** Why and by whom a hold is ended by force. */
    static GroupCommit.Forced force(Reservation.Key key) {
        return new GroupCommit.Forced(Samples.ADMIN, LedgerCheck.reasonFor(key));
    }

    private void adjust(Pod pod, Sku sku) {
        boolean again = !adjustments.isEmpty() && random.nextInt(4) == 0;
        adjust(pod, again ? adjustments.get(random.nextInt(adjustments.size())) : freshAdjustment(pod, sku));
    }

    private void adjust(Pod pod, Adjustment adjustment) {
        Reservation before = reservationOf(adjustment);
        String what = adjustment.reservation() == null ? "adjust" : "take back";
        shop.books().asked(adjustment);
        shop.call(
                pod,
                what,
                adjustment.sku() + " " + adjustment.id() + " " + adjustment.delta() + " " + adjustment.reservation(),
                Uni.createFrom().deferred(() -> pod.stock().adjust(adjustment)),
                answer -> {
                    shop.count(what + ": "
                            + answer.fold(
                                    it -> "done", refusal -> refusal.getClass().getSimpleName()));
                    checkAdjusted(adjustment, before, answer);
                });
    }

    private @Nullable Reservation reservationOf(Adjustment adjustment) {
        Reservation.Key key = adjustment.reservation();
        return key == null ? null : (Reservation) shop.store().read(new Key.Reservation(key.user(), key.id()));
    }

    private long delta(Sku sku) {
        boolean enough = shop.books().of(sku).available() > plenty;
        return enough || random.nextInt(6) == 0 ? -1 - random.nextInt(30) : 1 + random.nextInt(40);
    }

    private Adjustment freshAdjustment(Pod pod, Sku sku) {
        String id = !adjustments.isEmpty() && random.nextInt(30) == 0
                ? adjustments.get(random.nextInt(adjustments.size())).id()
                : Adjustment.idFor(sku, new IdempotencyKey("adjustment-" + random.nextLong()));
        return remembered(adjustment(pod, id, sku, delta(sku)));
    }

    private Adjustment remembered(Adjustment adjustment) {
        if (adjustments.size() < REMEMBERED) {
            adjustments.add(adjustment);
        } else {
            adjustments.set(random.nextInt(REMEMBERED), adjustment);
        }
        return adjustment;
    }

    private static Adjustment adjustment(Pod pod, String id, Sku sku, long delta) {
        return new Adjustment(id, sku, delta, Adjustment.Reason.CORRECTION, pod.now(), Samples.ADMIN);
    }

    /**
     * Sold units come back, now and then more than were sold. As often as not the same is asked again soon after, perhaps of
     * another pod.
     *
     * @param sold in which reservation, sold or not
     */
    void takeBack(Pod pod, ReservationRequest sold) {
        int units = 1 + random.nextInt(sold.quantity().units()) + (random.nextInt(6) == 0 ? 1 : 0);
        IdempotencyKey key = new IdempotencyKey("return-" + random.nextLong());
        Adjustment adjustment = remembered(new Adjustment(
                Adjustment.idFor(sold.sku(), key),
                sold.sku(),
                units,
                Adjustment.Reason.RETURN,
                pod.now(),
                Samples.ADMIN,
                sold.key()));
        adjust(pod, adjustment);
        if (random.nextBoolean()) {
            shop.time().after(random.nextLong(20_000), () -> {
                if (!shop.pods().isEmpty()) {
                    adjust(shop.pods().get(random.nextInt(shop.pods().size())), adjustment);
                }
            });
        }
    }

    /** Line for line of a file, up to where it breaks; a while later all of it is sent again, perhaps to another pod. */
    private void load(Pod pod) {
        String file = "file-" + random.nextLong();
        List<Adjustment> lines = new ArrayList<>();
        int length = 2 + random.nextInt(LONGEST_FILE - 1);
        for (int line = 0; line < length; line++) {
            Sku sku = shop.skus().get(random.nextInt(shop.skus().size()));
            IdempotencyKey key = new IdempotencyKey(file + ":" + line);
            lines.add(adjustment(pod, Adjustment.idFor(sku, key), sku, delta(sku)));
        }
        send(pod, lines.subList(0, random.nextInt(length + 1)));
        shop.time().after(random.nextLong(3_000_000), () -> {
            if (!shop.pods().isEmpty()) {
                Pod other = shop.pods().get(random.nextInt(shop.pods().size()));
                send(other, lines);
            }
        });
    }

    /** As long as there is somebody to send it to. */
    private void send(Pod pod, List<Adjustment> lines) {
        for (Adjustment line : lines) {
            if (pod.isAlive()) {
                adjust(pod, adjustment(pod, line.id(), line.sku(), line.delta()));
            }
        }
    }

    private void checkAdjusted(Adjustment adjustment, @Nullable Reservation before, Outcome<Adjustment> answer) {
        Adjustment stored = (Adjustment) shop.store().read(new Key.Adjustment(adjustment.sku(), adjustment.id()));
        Reservation now = reservationOf(adjustment);
        boolean right = answer.fold(
                it -> it.equals(stored) && it.asksTheSameAs(adjustment),
                refusal -> refusal instanceof Refusal.KeyReused
                        ? stored != null && !stored.asksTheSameAs(adjustment)
                        : adjustment.reservation() == null
                                ? refusal instanceof Refusal.NotEnoughStock && adjustment.delta() < 0
                                : ReturnCheck.isRefusedRightly(adjustment, stored, refusal, before, now));
        if (!right) {
            shop.violation(adjustment + " was answered " + answer + ", and the table has " + stored + " and " + now
                    + ", before " + before);
        }
    }

    /** As whoever drains or balances shards does. */
    void move(Pod pod, Sku sku) {
        int shards = layout(sku).readShards();
        int to = random.nextInt(shards);
        List<Portion> from = new ArrayList<>();
        for (int shard = 0; shard < shards; shard++) {
            if (shard != to && random.nextBoolean()) {
                from.add(new Portion(shard, 1 + random.nextInt(4)));
            }
        }
        if (!from.isEmpty()) {
            Move move = new Move("move-" + random.nextLong(), pod.now(), sku, from, to);
            shop.call(pod, "move", move.toString(), pod.table().move(move), answer -> {});
        }
    }

    private Layout layout(Sku sku) {
        if (shop.store().read(new Key.Layout(sku)) instanceof Layout layout) {
            return layout;
        }
        throw new IllegalStateException("No layout of " + sku);
    }

    private void gather(Pod pod, Sku sku) {
        shop.call(
                pod,
                "gather",
                sku.value(),
                Uni.createFrom().deferred(() -> pod.stock().exactLevel(sku)),
                answer -> {});
    }

    /** More shards, or fewer. It takes a while: the next may come in the middle of it. */
    void choose(Pod pod, Sku sku) {
        int shards = 1 + random.nextInt(MOST_SHARDS);
        shop.call(pod, "choose", sku + " " + shards, pod.layouts().choose(sku, shards), answer -> {});
    }

    // Products

    /** For whom it is a limit, and for how long a hold, is another from now on. */
    private void edit(Pod pod, Sku sku) {
        if (shop.store().read(new Key.Product(sku)) instanceof Product now) {
            Product next = product(sku, random, "revision-" + random.nextLong());
            shop.call(pod, "edit", next.toString(), pod.table().replace(next, now.revision()), answer -> {});
        }
    }

    /** With any hold time and any limit, or none. */
    static Product product(Sku sku, SplittableRandom random, String revision) {
        Product it = Samples.product(sku);
        Duration holdTime =
                random.nextInt(5) == 0 ? it.holdTime() : SHORTEST_HOLD.multipliedBy(1L << random.nextInt(6));
        Integer limit = random.nextBoolean() ? null : Integer.valueOf(1 + random.nextInt(6));
        return new Product(
                sku, it.name(), it.price(), it.status(), it.startsAt(), it.endsAt(), holdTime, limit, revision);
    }
}
