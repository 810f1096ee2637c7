package dev.flashstock.simulation;

import dev.flashstock.stock.IdempotencyKey;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Quantity;
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

/** Shoppers who come back with their keys, storefronts that confirm what is paid, and people of the shop. */
final class Crowd {
    private static final int REMEMBERED = 120;
    /** After so many requests one user comes no more, and another one does: limits are used up. */
    private static final int REQUESTS_OF_A_USER = 40;

    private final Simulation shop;
    private final SplittableRandom random;
    private final int users;
    /** How many of a thousand calls are moves. */
    private final int moves;
    /** One of how many requests is large. */
    private final int large;

    private final List<ReservationRequest> requests = new ArrayList<>();
    /** Those of which it was heard that they are sold. */
    private final List<ReservationRequest> sold = new ArrayList<>();

    private final Staff staff;
    private int requestsEver;

    Crowd(Simulation shop, SplittableRandom random) {
        this.shop = shop;
        this.random = random;
        this.users = 2 + random.nextInt(30);
        this.moves = 5 << random.nextInt(7);
        this.large = 2 + random.nextInt(12);
        this.staff = new Staff(shop, random);
    }

    /** One call of any kind. */
    void call(Pod pod) {
        if (random.nextInt(1_000) < moves) {
            staff.move(pod, anySku());
            return;
        }
        int roll = random.nextInt(1_000);
        if (roll < 540) {
            request(pod);
        } else if (roll < 640) {
            release(pod, anyRequest(pod), random.nextInt(6) == 0);
        } else if (roll < 720) {
            confirm(pod, anyRequest(pod));
        } else if (roll < 800) {
            extend(pod, anyRequest(pod));
        } else if (roll < 830) {
            look(pod, anyRequest(pod));
        } else if (roll < 860) {
            staff.takeBack(pod, random.nextInt(4) == 0 ? anyRequest(pod) : sold(pod));
        } else {
            staff.call(pod, anySku(), roll - 860);
        }
    }

    // Shoppers

    private void request(Pod pod) {
        boolean again = !requests.isEmpty() && random.nextInt(3) == 0;
        ReservationRequest request = again ? again(pod, anyRequest(pod)) : fresh(pod, anySku(), units());
        Duration wait = switch (random.nextInt(6)) {
            case 0 -> Duration.ofMillis(10 + random.nextInt(40));
            case 1, 2 -> Duration.ofSeconds(2);
            case 3 -> Duration.ofSeconds(8);
            default -> Duration.ZERO;
        };
        reserve(pod, request, wait, outcome -> {});
    }

    /** Now and then with another body, by mistake. */
    private ReservationRequest again(Pod pod, ReservationRequest earlier) {
        Quantity quantity = random.nextInt(20) == 0 ? new Quantity(units()) : earlier.quantity();
        return new ReservationRequest(earlier.id(), earlier.user(), quantity, pod.now());
    }

    /** Users may name their requests alike; what one of them names twice is a retry. */
    private ReservationRequest fresh(Pod pod, Sku sku, int units) {
        int user = requestsEver++ / REQUESTS_OF_A_USER + random.nextInt(users);
        return request(
                pod, "user-" + user, sku, units, random.nextInt(10) == 0 ? "cart-" + random.nextInt(1_000) : newName());
    }

    private String newName() {
        return "key-" + random.nextLong();
    }

    private ReservationRequest request(Pod pod, String user, Sku sku, int units, String name) {
        IdempotencyKey key = new IdempotencyKey(name);
        ReservationRequest request =
                new ReservationRequest(ReservationId.of(sku, key), new UserId(user), new Quantity(units), pod.now());
        remember(request, requests);
        return request;
    }

    private void remember(ReservationRequest request, List<ReservationRequest> among) {
        if (among.size() < REMEMBERED) {
            among.add(request);
        } else {
            among.set(random.nextInt(REMEMBERED), request);
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

    private ReservationRequest anyRequest(Pod pod) {
        return requests.isEmpty() ? fresh(pod, anySku(), units()) : requests.get(random.nextInt(requests.size()));
    }

    private ReservationRequest sold(Pod pod) {
        return sold.isEmpty() ? anyRequest(pod) : sold.get(random.nextInt(sold.size()));
    }

    private void reserve(Pod pod, ReservationRequest request, Duration wait, Consumer<Outcome<Reservation>> answered) {
        Promises.Question question = question(request);
        String what = wait.isZero() ? "reserve" : "reserve and wait";
        Uni<Outcome<Reservation>> outcome = pod.rejections()
                .watch(request, Uni.createFrom().deferred(() -> pod.desk().reserve(request, wait)));
        shop.call(pod, what, name(request), outcome, answer -> {
            count(what, answer);
            shop.promises().requested(question, request, answer, pod);
            answered.accept(answer);
        });
    }

    private void count(String what, Outcome<Reservation> answer) {
        shop.count(what + ": "
                + answer.fold(it -> it.status().name(), it -> it.getClass().getSimpleName()));
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

    /** By its user, or by force. */
    private void release(Pod pod, ReservationRequest request, boolean forced) {
        Promises.Question question = question(request);
        shop.promises().releaseAsked(key(request));
        shop.call(
                pod,
                forced ? "release by force" : "release",
                name(request),
                Uni.createFrom()
                        .deferred(() -> forced
                                ? pod.reservations().release(request.user(), request.id(), Staff.force(request.key()))
                                : pod.reservations().release(request.user(), request.id())),
                answer -> shop.promises().released(question, answer));
    }

    private void confirm(Pod pod, ReservationRequest request) {
        Promises.Question question = question(request);
        String payment = random.nextInt(4) == 0 ? null : "payment-" + random.nextInt(2);
        shop.call(
                pod,
                "confirm",
                name(request) + " with " + payment,
                Uni.createFrom().deferred(() -> pod.reservations().confirm(request.user(), request.id(), payment)),
                answer -> {
                    count("confirm", answer);
                    if (answer instanceof Outcome.Done<Reservation>) {
                        remember(request, sold);
                    }
                    shop.promises().confirmed(question, payment, answer);
                });
    }

    private void extend(Pod pod, ReservationRequest request) {
        Promises.Question question = question(request);
        shop.call(
                pod,
                "extend",
                name(request),
                Uni.createFrom().deferred(() -> pod.reservations().extend(request.user(), request.id())),
                answer -> {
                    count("extend", answer);
                    shop.promises().extended(question, answer);
                });
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

    // At the end

    /** Many who came before ask again, when all is well. */
    void askAgain(int times) {
        for (int i = 0; i < times && !requests.isEmpty(); i++) {
            Pod pod = anyPod();
            reserve(pod, again(pod, anyRequest(pod)), Duration.ofSeconds(8), outcome -> {});
        }
    }

    /** Somebody new wants units that are there. */
    void wants(Pod pod, Sku sku, int units, Consumer<Outcome<Reservation>> answered) {
        reserve(pod, request(pod, somebodyNew(), sku, units, newName()), Duration.ofMinutes(1), answered);
    }

    /** Wants a unit of what is sold out. */
    void choosesLayout(Sku sku) {
        staff.choose(anyPod(), sku);
    }

    void wantsTooMuch(Sku sku) {
        Pod pod = anyPod();
        reserve(pod, request(pod, somebodyNew(), sku, 1, newName()), Duration.ofMinutes(1), outcome -> {
            if (outcome instanceof Outcome.Done<Reservation>) {
                shop.violation("Nothing was left of " + sku + ", and sold is " + outcome);
            }
        });
    }

    private String somebodyNew() {
        return "late-" + random.nextLong();
    }

    private Pod anyPod() {
        return shop.pods().get(random.nextInt(shop.pods().size()));
    }
}
