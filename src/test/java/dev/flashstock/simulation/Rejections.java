package dev.flashstock.simulation;

import dev.flashstock.inventory.Attempt;
import dev.flashstock.inventory.News;
import dev.flashstock.inventory.ReservationTable;
import dev.flashstock.stock.Quantity;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationId;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every "sold out" of a pod at the moment that it is decided: since its request's turn began, there must have
 * been a moment with fewer units than it asks for.
 */
final class Rejections implements ReservationTable {
    /** For how long a pod may go by what it has heard, half a second of it after it was heard once more. */
    private static final Duration MEMORY = Duration.ofMillis(1_500);
    /** No look takes longer. */
    private static final Duration LONGEST_LOOK = Duration.ofMinutes(1);

    private final Pod.World world;
    private final ReservationTable table;
    private final Map<Key, Turn> turns = new HashMap<>();
    private final Set<Key> givenUp = new HashSet<>();
    private final Map<Sku, Deque<Heard>> heard = new HashMap<>();
    private final Map<Sku, Look> looks = new HashMap<>();

    Rejections(Pod.World world, ReservationTable table) {
        this.world = world;
        this.table = table;
    }

    /** A request's turn in this pod, and how many wait for its outcome. */
    private record Turn(Lows.Moment since, Lows.Moment ofUser, int waiting) {
        @Nullable
        Turn without() {
            return waiting == 1 ? null : new Turn(since, ofUser, waiting - 1);
        }
    }

    /** A decision that others of this pod may be answered by. */
    private record Heard(long micros, Lows.Moment since, long available) {}

    /** A look whether there are too few units still, since when. */
    private record Look(long micros, Lows.Moment since) {}

    /** What this pod finds out when it doubts what it has heard. */
    News news() {
        return new News() {
            @Override
            public void soldOut(Sku sku, long available, boolean again) {
                Look look = looks.get(sku);
                if (look != null && world.time().micros() - look.micros() < LONGEST_LOOK.toMillis() * 1_000) {
                    hear(sku, look.since(), available);
                }
            }

            @Override
            public void back(Sku sku) {
                // nobody else listens
            }

            @Override
            public Uni<Boolean> takeTurn(Sku sku) {
                looks.put(sku, new Look(world.time().micros(), lows(sku).now()));
                return Uni.createFrom().item(true);
            }
        };
    }

    /** Has a request's turn last as long as somebody waits for its outcome. */
    <T> Uni<T> watch(ReservationRequest request, Uni<T> outcome) {
        Key key = new Key.Reservation(request.user(), request.id());
        return Uni.createFrom().deferred(() -> {
            turns.merge(
                    key,
                    new Turn(lows(request.sku()).now(), limits().now(new Key.Limit(request.user(), request.sku())), 1),
                    (earlier, mine) -> new Turn(earlier.since(), earlier.ofUser(), earlier.waiting() + 1));
            boolean[] over = {false}; // Mutiny's join tells the one that was first of its end, and cancels it then
            return outcome.onTermination().invoke(() -> {
                if (!over[0]) {
                    over[0] = true;
                    turns.computeIfPresent(key, (same, turn) -> turn.without());
                }
            });
        });
    }

    /** Its message has come too often. */
    <T> Uni<T> givenUp(ReservationRequest request, Uni<T> outcome) {
        givenUp.add(new Key.Reservation(request.user(), request.id()));
        return outcome;
    }

    private LimitCheck limits() {
        return world.books().limits();
    }

    private Lows lows(Sku sku) {
        return world.books().of(sku).lows();
    }

    @Override
    public Uni<Optional<Reservation>> recordIfAbsent(Reservation reservation) {
        check(reservation);
        return table.recordIfAbsent(reservation);
    }

    private void check(Reservation rejected) {
        Reservation.Rejection rejection = rejected.rejection();
        Quantity quantity = rejected.quantity();
        if (rejection != null && rejection.reason() == Reservation.Reason.TOO_LATE) {
            checkLate(rejected);
            return;
        }
        if (rejection != null
                && rejection.reason() == Reservation.Reason.NOT_DECIDED
                && givenUp.contains(new Key.Reservation(rejected.user(), rejected.id()))) {
            return;
        }
        if (rejection == null
                || quantity == null
                || rejection.available() >= quantity.units()
                || rejection.reason() != Reservation.Reason.SOLD_OUT
                        && rejection.reason() != Reservation.Reason.OVER_LIMIT) {
            world.trace().violation("Nobody has a reason to reject this: " + rejected);
            return;
        }
        Turn turn = turns.get(new Key.Reservation(rejected.user(), rejected.id()));
        if (turn == null) {
            world.trace().violation("Rejected, and nobody asks: " + rejected);
            return;
        }
        if (rejection.reason() == Reservation.Reason.OVER_LIMIT) {
            checkOverLimit(rejected, turn, quantity.units());
        } else {
            checkSoldOut(rejected, turn, quantity.units(), rejection.available());
        }
    }

    private void checkOverLimit(Reservation rejected, Turn turn, int units) {
        long most = limits().mostSince(new Key.Limit(rejected.user(), rejected.sku()), turn.ofUser());
        if (limits().lowest(rejected.sku()).filter(it -> most + units > it).isEmpty()) {
            world.trace().violation("Never since it was asked had the user so many units: " + rejected + ", " + most);
        }
    }

    private void checkSoldOut(Reservation rejected, Turn turn, int units, long available) {
        Sku sku = rejected.sku();
        if (lows(sku).since(turn.since()) >= units) {
            world.trace()
                    .violation("Never since it was asked were there so few units: " + rejected + ", at least "
                            + lows(sku).since(turn.since()));
        }
        hear(sku, turn.since(), available);
    }

    private void hear(Sku sku, Lows.Moment since, long available) {
        Deque<Heard> recent = heard.computeIfAbsent(sku, it -> new ArrayDeque<>());
        recent.addLast(new Heard(world.time().micros(), since, available));
        while (recent.size() > 1_000) {
            recent.removeFirst();
        }
    }

    private void checkLate(Reservation rejected) {
        Instant asked = Objects.requireNonNull(rejected.createdAt());
        Duration shortest = world.books().shortestHold(rejected.sku());
        boolean late = world.time().instant().plus(ExpiryCheck.SKEW).isAfter(asked.plus(shortest));
        if (!late) {
            world.trace().violation("It is not too late: " + rejected);
        }
    }

    /**
     * Whether what this pod remembers allows it to say that a SKU is sold out.
     *
     * @param sku the SKU
     * @param units how many are asked for
     * @param since when it was asked, in microseconds
     */
    boolean allowFromMemory(Sku sku, int units, long since) {
        long oldest = since - MEMORY.toMillis() * 1_000;
        return heard.getOrDefault(sku, new ArrayDeque<>()).stream()
                .anyMatch(it -> it.micros() >= oldest
                        && it.available() < units
                        && lows(sku).since(it.since()) < units);
    }

    @Override
    public Uni<Optional<Reservation>> find(UserId user, ReservationId id) {
        return table.find(user, id);
    }

    @Override
    public Uni<List<Reservation>> list(UserId user, @Nullable ReservationId after, int limit) {
        return table.list(user, after, limit);
    }

    @Override
    public Uni<List<Reservation>> findAll(List<Reservation.Key> keys) {
        return table.findAll(keys);
    }

    @Override
    public Multi<Reservation> search(Sku sku) {
        return table.search(sku);
    }

    @Override
    public Uni<Attempt> confirm(Reservation held, @Nullable String paymentReference) {
        return table.confirm(held, paymentReference);
    }

    @Override
    public Uni<Attempt> extend(Reservation held, Instant until) {
        return table.extend(held, until);
    }
}
