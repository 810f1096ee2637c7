package dev.flashstock.simulation;

import dev.flashstock.inventory.LayoutKeeper;
import dev.flashstock.inventory.Listing;
import dev.flashstock.inventory.Unavailable;
import dev.flashstock.sharding.Layout;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Product;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A shop with several pods and a crowd of callers, all from one seed: first everything goes wrong that can, then nothing
 * does any more, and everything must come to rest.
 */
final class Simulation {
    private static final int MOST_PENDING = 400;
    /** When all is well, what is due is back so soon, even when all clocks are slow. */
    private static final Duration LATE = ExpiryCheck.SKEW.plusSeconds(2);
    /** Longer than any duplicate is late. */
    private static final Duration PATIENCE = Duration.ofMinutes(20);

    private final long seed;
    private final SplittableRandom random;
    private final VirtualTime time;
    private final Trace trace;
    private final Books books;
    private final ItemStore store;
    private final Promises promises;
    private final Network network;
    private final MessageQueue queue;
    private final List<Sku> skus;
    private final List<Pod> pods = new ArrayList<>();
    private final Pod.World world;
    private final int mostPods;
    private final long gapMicros;
    private final Map<Integer, Pending> pending = new LinkedHashMap<>();
    private final Map<String, Long> counts = new TreeMap<>();
    private Set<String> living = Set.of();
    private boolean sweeping = true;
    private boolean mended;
    private int started;
    private int podsEver;

    /** A call that has no answer yet. */
    private record Pending(Pod pod, String what, String about) {}

    /**
     * What a run was like.
     *
     * @param seed its seed
     * @param digest of everything that happened
     * @param operations how many calls were made
     * @param virtual how much time passed
     * @param counts how often what happened
     */
    record Report(long seed, long digest, int operations, Duration virtual, Map<String, Long> counts) {}

    private Simulation(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        this.time = new VirtualTime(random);
        this.trace = new Trace(time);
        this.books = new Books(trace, time);
        this.store = new ItemStore(time, books::changed);
        this.promises = new Promises(store, books.limits(), trace);
        this.network = new Network(time, random, trace, Faults.any(random));
        this.queue = new MessageQueue(time, random);
        this.world = new Pod.World(
                time,
                store,
                network,
                queue,
                books,
                trace,
                random::nextInt,
                () -> living,
                () -> sweeping,
                this::hot,
                layoutNews(),
                this::died);
        this.mostPods = 1 + random.nextInt(4);
        this.gapMicros = 200L << random.nextInt(5);
        this.skus = IntStream.range(0, 1 + random.nextInt(3))
                .mapToObj(i -> new Sku("console-" + i))
                .toList();
    }

    /**
     * Runs a shop.
     *
     * @param seed decides everything
     * @param operations how many calls are made
     * @return what it was like
     * @throws AssertionError when an invariant is violated, with the seed and the last events
     */
    static Report run(long seed, int operations) {
        Simulation simulation = new Simulation(seed);
        Infrastructure.setDroppedExceptionHandler(simulation::dropped);
        try {
            return simulation.run(operations);
        } catch (RuntimeException e) {
            throw simulation.failed("Something broke: " + e, operations, e);
        } finally {
            Infrastructure.resetDroppedExceptionHandler();
        }
    }

    private void dropped(Throwable failure) {
        if (!isTolerable(failure)) {
            trace.violation("Thrown where nobody listens: " + failure);
        }
    }

    /** What a caller may be told while things go wrong. */
    static boolean isTolerable(Throwable failure) {
        return failure instanceof Unavailable;
    }

    private Report run(int operations) {
        open();
        Crowd crowd = new Crowd(this, random);
        comeBy(crowd, operations);
        run(operations, "callers come", () -> started >= operations);
        trace.add("mended", "");
        mended = true;
        network.nothingGoesWrongAnyMore();
        rest(operations);
        skus.forEach(crowd::choosesLayout);
        run(operations, "layouts are as they are wanted", () -> skus.stream().allMatch(this::isSteady));
        crowd.askAgain(100);
        rest(operations);
        sweeping = false; // who has the last units keeps them
        pass(Duration.ofSeconds(5), operations);
        skus.forEach(sku -> sellOut(sku, operations));
        skus.forEach(sku -> crowd.wantsTooMuch(sku));
        rest(operations);
        store.all().forEach(it -> countEnd(it.getValue()));
        return new Report(seed, trace.digest(), started, Duration.ofMillis(time.micros() / 1_000), counts);
    }

    private void countEnd(Object item) {
        if (item instanceof Reservation reservation) {
            Reservation.Rejection rejection = reservation.rejection();
            count("ended " + reservation.status() + (rejection == null ? "" : " " + rejection.reason()));
        }
    }

    // Layouts

    /** Any SKU's, now and then; nobody's, once everything is to come to rest. */
    private Set<Sku> hot() {
        return mended || random.nextInt(4) > 0 ? Set.of() : Set.of(skus.get(random.nextInt(skus.size())));
    }

    private LayoutKeeper.Listener layoutNews() {
        return new LayoutKeeper.Listener() {
            @Override
            public void wanted(Sku sku, Layout layout, LayoutKeeper.Why why) {
                trace.add("wanted", sku + " " + layout, why);
                count("layout: " + why);
            }

            @Override
            public void failed(Sku sku, Throwable failure) {
                trace.add("layout failed", sku.value(), failure);
                count("layout: failed");
                if (!isTolerable(failure)) {
                    trace.violation("The layout of " + sku + " failed: " + failure);
                }
            }
        };
    }

    private boolean isSteady(Sku sku) {
        return store.read(new Key.Layout(sku)) instanceof Layout layout && layout.isSteady();
    }

    // The shop

    private void open() {
        InMemoryTable table = new InMemoryTable(store, Wire.direct());
        for (Sku sku : skus) {
            Listing listing = new Listing(Staff.product(sku, random, "first"), Layout.of(1 + random.nextInt(6)));
            table.create(listing).await().indefinitely();
        }
        IntStream.range(0, mostPods).forEach(i -> start());
    }

    private void start() {
        Pod.Choice[] choices = Pod.Choice.values();
        Pod pod = new Pod(world, "pod-" + podsEver++, choices[random.nextInt(choices.length)], skew());
        trace.add("started", pod.self());
        pods.add(pod);
        livingChanged();
        pod.start();
    }

    /** Most clocks are right. */
    private Duration skew() {
        int most = Math.toIntExact(ExpiryCheck.SKEW.toMillis());
        return random.nextInt(3) > 0 ? Duration.ZERO : Duration.ofMillis(random.nextInt(2 * most + 1) - most);
    }

    private void died(Pod pod) {
        pods.remove(pod);
        pending.values().removeIf(it -> it.pod() == pod);
        livingChanged();
        count("pods died");
        time.after(random.nextLong(pods.isEmpty() ? 100_000 : 3_000_000), this::startAnother);
    }

    private void startAnother() {
        if (pods.size() < mostPods) {
            start();
        }
    }

    private void livingChanged() {
        Set<String> names = new TreeSet<>();
        pods.forEach(it -> names.add(it.self()));
        living = new LinkedHashSet<>(names);
    }

    private void comeBy(Crowd crowd, int operations) {
        if (started < operations) {
            int burst = random.nextInt(50) == 0 ? 40 : 1;
            for (int i = 0; i < burst && pending.size() < MOST_PENDING && !pods.isEmpty(); i++) {
                crowd.call(pods.get(random.nextInt(pods.size())));
            }
            time.after(random.nextLong(2 * gapMicros), () -> comeBy(crowd, operations));
        }
    }

    // Calls

    <T> void call(Pod pod, String what, String about, Uni<T> operation, Consumer<T> answered) {
        int number = started++;
        pending.put(number, new Pending(pod, what, about));
        trace.add(what, about, pod);
        count(what);
        operation
                .subscribe()
                .with(
                        answer -> end(number, () -> {
                            trace.add(what + ": ", about, answer);
                            answered.accept(answer);
                        }),
                        failure -> end(number, () -> {
                            trace.add(what + " failed", about, failure);
                            count(what + ": unavailable");
                            if (!isTolerable(failure)) {
                                trace.violation(what + " " + about + " failed: " + failure);
                            }
                        }));
    }

    /** A dead pod answers nobody. */
    private void end(int number, Runnable answer) {
        if (pending.remove(number) != null) {
            answer.run();
        }
    }

    void count(String what) {
        counts.merge(what, 1L, Long::sum);
    }

    // The end

    private void rest(int operations) {
        run(
                operations,
                "everything comes to rest",
                () -> pending.isEmpty()
                        && queue.isEmpty()
                        && network.travelling() == 0
                        && pods.size() == mostPods
                        && pods.stream().allMatch(it -> it.commits().waiting() == 0)
                        && !(sweeping && books.expiries().isOverdue(LATE)));
        promises.checkAll();
        for (Sku sku : skus) {
            Books.Account counted = Books.count(store, sku);
            String wrong = LedgerCheck.wrongAtRest(store, sku);
            if (wrong != null) {
                trace.violation(wrong);
            }
            if (!counted.balances() || !counted.equals(books.of(sku))) {
                trace.violation("The items of " + sku + " say: " + counted + ", the books: " + books.of(sku));
            }
        }
        failOnViolation(operations);
    }

    /** Every last unit can be sold, wherever it lies. */
    private void sellOut(Sku sku, int operations) {
        pass(Duration.ofSeconds(2), operations); // what was sold out may be again
        while (books.of(sku).available() > 0) {
            Integer limit = product(sku).perUserLimit();
            int units =
                    (int) Math.min(limit == null ? 100 : limit, books.of(sku).available());
            List<Outcome<Reservation>> outcome = new ArrayList<>();
            new Crowd(this, random).wants(pods.get(random.nextInt(pods.size())), sku, units, outcome::add);
            run(operations, "the last units are sold", () -> !outcome.isEmpty() || pending.isEmpty());
            boolean held = !outcome.isEmpty()
                    && outcome.get(0) instanceof Outcome.Done<Reservation> done
                    && done.value().status() == Reservation.Status.HELD;
            if (!held) {
                trace.violation("The last units of " + sku + " cannot be had: " + outcome);
            }
            failOnViolation(operations);
        }
    }

    private Product product(Sku sku) {
        if (store.read(new Key.Product(sku)) instanceof Product product) {
            return product;
        }
        throw new IllegalStateException("No product " + sku);
    }

    private void pass(Duration duration, int operations) {
        time.runUntil(() -> trace.violation() != null, duration);
        failOnViolation(operations);
    }

    private void run(int operations, String what, BooleanSupplier enough) {
        boolean reached = time.runUntil(() -> trace.violation() != null || enough.getAsBoolean(), PATIENCE);
        if (!reached) {
            trace.violation("Never: " + what + "; pending " + pending.values() + ", queued " + queue.requests()
                    + ", travelling " + network.travelling() + ", pods " + pods + ", waiting "
                    + pods.stream().map(it -> it.commits().waiting()).toList());
        }
        failOnViolation(operations);
    }

    private void failOnViolation(int operations) {
        if (trace.violation() != null) {
            throw failed(trace.violation(), operations, null);
        }
    }

    private AssertionError failed(String why, int operations, @Nullable RuntimeException cause) {
        return new AssertionError(
                """
                %s
                after %d of %d operations. The last events:
                %s
                %s
                Again: ./mvnw test -Dquick -Dtest=SimulationTest -Dsimulation.seed=%d -Dsimulation.operations=%d
                """.formatted(why, started, operations, trace.lastEvents(), why, seed, operations), cause);
    }

    // What the crowd knows

    List<Sku> skus() {
        return skus;
    }

    List<Pod> pods() {
        return pods;
    }

    ItemStore store() {
        return store;
    }

    Books books() {
        return books;
    }

    Promises promises() {
        return promises;
    }

    VirtualTime time() {
        return time;
    }

    void violation(String what) {
        trace.violation(what);
    }
}
