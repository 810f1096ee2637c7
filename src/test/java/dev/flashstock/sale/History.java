package dev.flashstock.sale;

import dev.flashstock.inventory.GroupCommit;
import dev.flashstock.inventory.Precondition;
import dev.flashstock.inventory.Unavailable;
import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.IdempotencyKey;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Price;
import dev.flashstock.stock.Product;
import dev.flashstock.stock.Quantity;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationId;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.StockLevel;
import dev.flashstock.stock.UserId;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

/** A {@link Plan}, carried out on a SKU of its own, many steps at a time, and all that was answered. */
final class History {
    private static final int AT_ONCE = 10;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    /** How long a caller waits on the direct path. */
    private static final Duration WAIT = Duration.ofSeconds(2);
    /** How long the last one waits: nobody looks after the queue any more. */
    private static final Duration LAST_WAIT = Duration.ofSeconds(30);

    private static final UserId STAFF = new UserId("staff");
    private static final String LAST = "last-";
    private static final String OPENING = "opening";

    final Plan plan;
    final Sku sku;
    private final Cluster cluster;
    private final Runnable stepDone;
    private final long nanosAtStart = System.nanoTime();
    private final Instant start = Instant.now();
    private final Queue<Step> asked = new ConcurrentLinkedQueue<>();
    private final Queue<Told> told = new ConcurrentLinkedQueue<>();

    /**
     * Prepares a history.
     *
     * @param plan what happens
     * @param name what the SKU's name begins with
     * @param cluster where
     * @param stepDone is run after each step
     */
    History(Plan plan, String name, Cluster cluster, Runnable stepDone) {
        this.plan = plan;
        this.sku = new Sku(name + "-" + UUID.randomUUID());
        this.cluster = cluster;
        this.stepDone = stepDone;
    }

    /** Creates the product and brings its first units in, before anything goes wrong. */
    void open() {
        Product product = new Product(
                sku,
                "Game console",
                new Price(49_900, Currency.getInstance("EUR")),
                Product.Status.ON_SALE,
                null,
                null,
                plan.holdTime(),
                plan.limit(),
                UUID.randomUUID().toString());
        Pod pod = cluster.pod(0);
        pod.catalogue
                .put(product, plan.shards(), Precondition.none())
                .onFailure(Unavailable.class) // a machine with much else to do is slow when it begins
                .retry()
                .atMost(5)
                .await()
                .atMost(PATIENCE);
        tell(-1, new Step.Adjust(OPENING, plan.stock(), 0), pod).await().atMost(PATIENCE);
    }

    /** Carries the plan out. */
    Uni<Void> run() {
        return Multi.createFrom()
                .items(IntStream.range(0, plan.steps().size()).boxed())
                .onItem()
                .transformToUni(number -> {
                    Step step = plan.steps().get(number);
                    return tell(number, step, cluster.pod(step.pod())).invoke(stepDone);
                })
                .merge(AT_ONCE)
                .collect()
                .last()
                .replaceWithVoid();
    }

    /**
     * When nothing else goes on any more: whatever is left can be had, and then it is sold out.
     *
     * @return what was answered otherwise
     */
    Optional<Told> sellTheRest(Pod pod) {
        int number = plan.steps().size();
        long left;
        while ((left = left(pod)) > 0) {
            int most = plan.limit() == null ? Quantity.MAX : plan.limit();
            Told told = askFor((int) Math.min(left, most), number++, pod);
            if (told.status() != Reservation.Status.HELD) {
                return Optional.of(told);
            }
        }
        return Optional.of(askFor(1, number, pod)).filter(it -> !(it.refusal() instanceof Refusal.SoldOut));
    }

    private Told askFor(int units, int number, Pod pod) {
        return tell(number, new Step.Reserve(LAST + number, "last-" + number, units, false, 0), pod)
                .await()
                .atMost(PATIENCE);
    }

    private long left(Pod pod) {
        return pod.stock.exactLevel(sku).await().atMost(PATIENCE).fold(StockLevel::available, refusal -> {
            throw new AssertionError("No level: " + refusal);
        });
    }

    /** All that was answered, in the order in which it began. */
    List<Told> told() {
        return told.stream().sorted(Comparator.comparingLong(Told::begun)).toList();
    }

    /** What time it was. */
    Instant wallClock(long nanos) {
        return start.plusNanos(nanos - nanosAtStart);
    }

    /** What nothing was answered to yet. */
    List<Step> unanswered() {
        return List.copyOf(asked);
    }

    private Uni<Told> tell(int number, Step step, Pod pod) {
        return Uni.createFrom().deferred(() -> {
            asked.add(step);
            long begun = System.nanoTime();
            Uni<Told.Answer> answer = Uni.createFrom()
                    .deferred(() -> carryOut(step, pod))
                    .<Told.Answer>map(Told.Heard::new)
                    .onFailure()
                    .recoverWithItem(Told.Failed::new);
            Uni<Told.Answer> silence =
                    Uni.createFrom().completionStage(() -> pod.death().thenApply(dead -> new Told.Silence()));
            return Uni.join()
                    .first(answer, silence)
                    .toTerminate()
                    .map(it -> new Told(number, step, begun, System.nanoTime(), it))
                    .invoke(it -> {
                        told.add(it);
                        asked.remove(step);
                    });
        });
    }

    private Uni<? extends Outcome<?>> carryOut(Step step, Pod pod) {
        if (step instanceof Step.Reserve it) {
            ReservationRequest request =
                    new ReservationRequest(id(it.key()), new UserId(it.user()), new Quantity(it.quantity()), now());
            Duration wait = it.user().startsWith(LAST) ? LAST_WAIT : WAIT;
            return pod.desk.reserve(request, it.buffered() ? Duration.ZERO : wait);
        }
        if (step instanceof Step.Release it) {
            return it.forced()
                    ? pod.reservations.release(
                            new UserId(it.user()), id(it.key()), new GroupCommit.Forced(STAFF, "Fraud"))
                    : pod.reservations.release(new UserId(it.user()), id(it.key()));
        }
        if (step instanceof Step.Confirm it) {
            return pod.reservations.confirm(new UserId(it.user()), id(it.key()), it.payment());
        }
        if (step instanceof Step.Extend it) {
            return pod.reservations.extend(new UserId(it.user()), id(it.key()));
        }
        if (step instanceof Step.Look it) {
            return pod.reservations.find(new UserId(it.user()), id(it.key())).map(Outcome::done);
        }
        if (step instanceof Step.Change it) {
            return pod.stock.adjust(adjustment(it));
        }
        return ((Step.Count) step).strong() ? pod.stock.exactLevel(sku) : pod.stock.level(sku);
    }

    private Adjustment adjustment(Step.Change step) {
        String id = adjustmentId(step.adjustment());
        if (step instanceof Step.TakeBack it) {
            Reservation.Key sold = new Reservation.Key(new UserId(it.user()), id(it.key()));
            return new Adjustment(id, sku, it.delta(), Adjustment.Reason.RETURN, now(), STAFF, sold);
        }
        Adjustment.Reason reason = step.delta() > 0 ? Adjustment.Reason.DELIVERY : Adjustment.Reason.DAMAGE;
        return new Adjustment(id, sku, step.delta(), reason, now(), STAFF);
    }

    ReservationId id(String key) {
        return ReservationId.of(sku, new IdempotencyKey(key));
    }

    Found.Key key(Step.About step) {
        return new Found.Key(step.user(), id(step.key()).value());
    }

    String adjustmentId(String key) {
        return Adjustment.idFor(sku, new IdempotencyKey(key));
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }
}
