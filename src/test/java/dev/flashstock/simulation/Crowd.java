package dev.flashstock.simulation;

import dev.flashstock.Samples;
import dev.flashstock.inventory.Attempt;
import dev.flashstock.inventory.Move;
import dev.flashstock.sharding.Layout;
import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.IdempotencyKey;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Quantity;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationId;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Everybody who calls: shoppers who come back with their keys, and people of the shop. */
final class Crowd {
    private static final int REMEMBERED = 120;
    private static final int MOST_SHARDS = 12;

    private final Simulation shop;
    private final SplittableRandom random;
    private final int users;
    /** How many of a thousand calls are moves. */
    private final int moves;
    /** From how many units on there are enough. */
    private final long plenty;
    /** One of how many requests is large. */
    private final int large;

    private final List<ReservationRequest> requests = new ArrayList<>();
    private final List<Adjustment> adjustments = new ArrayList<>();

    Crowd(Simulation shop, SplittableRandom random) {
        this.shop = shop;
        this.random = random;
        this.users = 2 + random.nextInt(30);
        this.moves = 5 << random.nextInt(7);
        this.plenty = 10L << random.nextInt(5);
        this.large = 2 + random.nextInt(12);
    }

    /** One call of any kind. */
    void call(Pod pod) {
        if (random.nextInt(1_000) < moves) {
            move(pod, anySku());
            return;
        }
        int roll = random.nextInt(1_000);
        if (roll < 600) {
            request(pod);
        } else if (roll < 740) {
            release(pod, anyRequest());
        } else if (roll < 810) {
            confirm(pod, anyRequest());
        } else if (roll < 860) {
            look(pod, anyRequest());
        } else if (roll < 940) {
            adjust(pod);
        } else if (roll < 997) {
            gather(pod, anySku());
        } else {
            grow(pod, anySku());
        }
    }

    // Shoppers

    private void request(Pod pod) {
        boolean again = !requests.isEmpty() && random.nextInt(3) == 0;
        ReservationRequest request = again ? again(anyRequest()) : fresh(anySku(), units());
        Duration wait = switch (random.nextInt(6)) {
            case 0 -> Duration.ofMillis(10 + random.nextInt(40));
            case 1, 2 -> Duration.ofSeconds(2);
            case 3 -> Duration.ofSeconds(8);
            default -> Duration.ZERO;
        };
        reserve(pod, request, wait, outcome -> {});
    }

    /** Now and then with another body, by mistake. */
    private ReservationRequest again(ReservationRequest earlier) {
        Quantity quantity = random.nextInt(20) == 0 ? new Quantity(units()) : earlier.quantity();
        return new ReservationRequest(
                earlier.id(), earlier.user(), quantity, shop.time().instant());
    }

    /** Users may name their requests alike; what one of them names twice is a retry. */
    private ReservationRequest fresh(Sku sku, int units) {
        return request(sku, units, random.nextInt(10) == 0 ? "cart-" + random.nextInt(1_000) : newName());
    }

    private String newName() {
        return "key-" + random.nextLong();
    }

    private ReservationRequest request(Sku sku, int units, String name) {
        IdempotencyKey key = new IdempotencyKey(name);
        ReservationRequest request = new ReservationRequest(
                ReservationId.of(sku, key),
                new UserId("user-" + random.nextInt(users)),
                new Quantity(units),
                shop.time().instant());
        remember(requests, request);
        return request;
    }

    private <T> void remember(List<T> list, T one) {
        if (list.size() < REMEMBERED) {
            list.add(one);
        } else {
            list.set(random.nextInt(REMEMBERED), one);
        }
    }

    private int units() {
        if (random.nextInt(large) == 0) {
            return 5 + random.nextInt(25);
        }
        return random.nextInt(4) == 0 ? 2 + random.nextInt(4) : 1;
    }

    private Sku anySku() {
        return shop.skus().get(random.nextInt(shop.skus().size()));
    }

    private ReservationRequest anyRequest() {
        return requests.isEmpty() ? fresh(anySku(), units()) : requests.get(random.nextInt(requests.size()));
    }

    private void reserve(Pod pod, ReservationRequest request, Duration wait, Consumer<Outcome<Reservation>> answered) {
        Promises.Question question = question(request);
        String what = wait.isZero() ? "reserve" : "reserve and wait";
        Uni<Outcome<Reservation>> outcome = pod.rejections()
                .watch(request, Uni.createFrom().deferred(() -> pod.desk().reserve(request, wait)));
        shop.call(pod, what, name(request), outcome, answer -> {
            shop.count(what + ": "
                    + answer.fold(it -> it.status().name(), it -> it.getClass().getSimpleName()));
            shop.promises().requested(question, request, answer, pod);
            answered.accept(answer);
        });
    }

    private Promises.Question question(ReservationRequest request) {
        return shop.promises().ask(key(request), shop.time().micros());
    }

    private static Key.Reservation key(ReservationRequest request) {
        return new Key.Reservation(request.user(), request.id());
    }

    private static String name(ReservationRequest request) {
        return request.user() + " " + request.id() + " x" + request.quantity().units();
    }

    private void release(Pod pod, ReservationRequest request) {
        Promises.Question question = question(request);
        shop.promises().releaseAsked(key(request));
        shop.call(
                pod,
                "release",
                name(request),
                Uni.createFrom().deferred(() -> pod.reservations().release(request.user(), request.id())),
                answer -> shop.promises().released(question, answer));
    }

    private void confirm(Pod pod, ReservationRequest request) {
        Promises.Question question = question(request);
        shop.call(
                pod,
                "confirm",
                name(request),
                Uni.createFrom().deferred(() -> pod.reservations().confirm(request.user(), request.id(), null)),
                answer -> shop.promises().confirmed(question, answer));
    }

    private void look(Pod pod, ReservationRequest request) {
        Promises.Question question = question(request);
        shop.call(
                pod,
                "look",
                name(request),
                Uni.createFrom().deferred(() -> pod.reservations().find(request.user(), request.id())),
                answer -> shop.promises().found(question, answer));
    }

    // People of the shop

    private void adjust(Pod pod) {
        boolean again = !adjustments.isEmpty() && random.nextInt(4) == 0;
        Adjustment adjustment = again ? adjustments.get(random.nextInt(adjustments.size())) : freshAdjustment(anySku());
        shop.call(
                pod,
                "adjust",
                adjustment.sku() + " " + adjustment.id() + " " + adjustment.delta(),
                Uni.createFrom().deferred(() -> pod.stock().adjust(adjustment)),
                answer -> checkAdjusted(adjustment, answer));
    }

    private Adjustment freshAdjustment(Sku sku) {
        boolean enough = shop.books().of(sku).available() > plenty;
        long delta = enough || random.nextInt(6) == 0 ? -1 - random.nextInt(30) : 1 + random.nextInt(40);
        String id = !adjustments.isEmpty() && random.nextInt(30) == 0
                ? adjustments.get(random.nextInt(adjustments.size())).id()
                : Adjustment.idFor(sku, new IdempotencyKey("adjustment-" + random.nextLong()));
        Adjustment adjustment = new Adjustment(
                id, sku, delta, Adjustment.Reason.CORRECTION, shop.time().instant(), Samples.ADMIN);
        remember(adjustments, adjustment);
        return adjustment;
    }

    private void checkAdjusted(Adjustment adjustment, Outcome<Adjustment> answer) {
        Object stored = shop.store().read(new Key.Adjustment(adjustment.sku(), adjustment.id()));
        boolean right = answer.fold(
                it -> stored instanceof Adjustment there && there.equals(it) && it.asksTheSameAs(adjustment),
                refusal -> refusal instanceof Refusal.KeyReused
                        ? stored instanceof Adjustment there && !there.asksTheSameAs(adjustment)
                        : refusal instanceof Refusal.NotEnoughStock && adjustment.delta() < 0);
        if (!right) {
            shop.violation(adjustment + " was answered " + answer + ", and the table has " + stored);
        }
    }

    /** As whoever drains or balances shards does. */
    private void move(Pod pod, Sku sku) {
        int shards = layout(sku).readShards();
        int to = random.nextInt(shards);
        List<Portion> from = new ArrayList<>();
        for (int shard = 0; shard < shards; shard++) {
            if (shard != to && random.nextBoolean()) {
                from.add(new Portion(shard, 1 + random.nextInt(4)));
            }
        }
        if (!from.isEmpty()) {
            Move move = new Move("move-" + random.nextLong(), shop.time().instant(), sku, from, to);
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

    /** Readers first, a moment later writers. */
    private void grow(Pod pod, Sku sku) {
        Layout now = layout(sku);
        if (now.readShards() == MOST_SHARDS) {
            return;
        }
        int more = now.readShards() + 1 + random.nextInt(2);
        Layout read = new Layout(now.writeShards(), Math.min(MOST_SHARDS, more), now.version() + 1);
        shop.call(pod, "grow", sku + " " + read, pod.table().replaceLayout(sku, now, read), grown -> {
            if (grown == Attempt.DONE) {
                shop.time().after(random.nextLong(2_000_000), () -> letWrite(pod, sku));
            }
        });
    }

    private void letWrite(Pod pod, Sku sku) {
        Layout now = layout(sku);
        Layout write = new Layout(now.readShards(), now.readShards(), now.version() + 1);
        if (pod.isAlive()) {
            shop.call(pod, "write", sku + " " + write, pod.table().replaceLayout(sku, now, write), answer -> {});
        }
    }

    // At the end

    /** Many who came before ask again, when all is well. */
    void askAgain(int times) {
        for (int i = 0; i < times && !requests.isEmpty(); i++) {
            ReservationRequest request = anyRequest();
            reserve(anyPod(), again(request), Duration.ofSeconds(8), outcome -> {});
        }
    }

    /** Wants units that are there. */
    void wants(Pod pod, Sku sku, int units, Consumer<Outcome<Reservation>> answered) {
        reserve(pod, request(sku, units, newName()), Duration.ofMinutes(1), answered);
    }

    /** Wants a unit of what is sold out. */
    void wantsTooMuch(Sku sku) {
        reserve(anyPod(), request(sku, 1, newName()), Duration.ofMinutes(1), outcome -> {
            if (outcome instanceof Outcome.Done<Reservation>) {
                shop.violation("Nothing was left of " + sku + ", and sold is " + outcome);
            }
        });
    }

    private Pod anyPod() {
        return shop.pods().get(random.nextInt(shop.pods().size()));
    }
}
