package dev.flashstock.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.Samples;
import dev.flashstock.inventory.LayoutKeeper;
import dev.flashstock.inventory.Listing;
import dev.flashstock.sharding.Layout;
import dev.flashstock.simulation.ItemStore.Units;
import dev.flashstock.stock.IdempotencyKey;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Quantity;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationId;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.StockLevel;
import dev.flashstock.stock.UserId;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A product is sold out by several processes while its layout changes all the time, by hand and by heat, and processes
 * die. Nothing comes back, so that what is left only becomes less: a total is right when it is not more than was left when
 * it was asked for, and not less than is left when it is told. On virtual time.
 */
class LayoutsTest {
    private static final Sku SKU = new Sku("console");
    private static final int UNITS = 4_000;
    private static final int PODS = 3;
    private static final Duration ENOUGH = Duration.ofMinutes(20);
    /** Answers may take seconds, and get lost; and now and then a pod dies. */
    private static final Faults FAULTS = new Faults(0.002, 0.005, 0.005, 0.002, 0.002, 0.005, 0.001);

    private SplittableRandom random;
    private VirtualTime time;
    private Trace trace;
    private ItemStore store;
    private Network network;
    private Pod.World world;
    private final List<Pod> pods = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();
    private long left;
    private int sold;
    private int readings;
    private int deaths;
    private int changes;
    private int podsEver;
    private boolean changing = true;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void totalsAreRightAndAllIsSoldWhileLayoutsChange(long seed) {
        // Given
        open(seed);

        // When
        for (int i = 0; i < 40; i++) {
            buy("user-" + i, 0);
        }
        read();
        choose();
        boolean soldOut = time.runUntil(() -> left == 0 || !wrong.isEmpty(), ENOUGH);
        changing = false;
        network.nothingGoesWrongAnyMore();
        pods.get(0).layouts().choose(SKU, 7).subscribe().with(chosen -> {});
        boolean steady = time.runUntil(() -> layout().isSteady() && layout().writeShards() == 7, ENOUGH);

        // Then
        assertThat(wrong).as("seed " + seed).isEmpty();
        assertThat(soldOut).as("all is sold").isTrue();
        assertThat(sold).isGreaterThan(UNITS - 400); // answers get lost
        assertThat(steady).as("its layout is what was chosen, not " + layout()).isTrue();
        assertThat(changes).as("changes of the layout").isGreaterThan(3);
        assertThat(readings).isGreaterThan(1_000);
        assertThat(deaths).isPositive();
    }

    private void open(long seed) {
        random = new SplittableRandom(seed);
        time = new VirtualTime(random);
        trace = new Trace(time);
        store = new ItemStore(time, changes -> changes.forEach(it -> left += units(it.after()) - units(it.before())));
        network = new Network(time, random, trace, FAULTS);
        world = new Pod.World(
                time,
                store,
                network,
                new MessageQueue(time, random),
                new Books(trace, time),
                trace,
                random::nextInt,
                this::living,
                () -> false,
                () -> changing && random.nextInt(5) == 0 ? Set.of(SKU) : Set.of(),
                news(),
                this::died);
        InMemoryTable table = new InMemoryTable(store, Wire.direct());
        table.create(new Listing(Samples.product(SKU), Layout.of(1))).await().indefinitely();
        table.adjust(Samples.adjustment(SKU, UNITS), List.of(new Portion(0, UNITS)))
                .await()
                .indefinitely();
        for (int i = 0; i < PODS; i++) {
            start();
        }
    }

    private static long units(@Nullable Object item) {
        return item instanceof Units units ? units.available() : 0;
    }

    private LayoutKeeper.Listener news() {
        return new LayoutKeeper.Listener() {
            @Override
            public void wanted(Sku sku, Layout layout, LayoutKeeper.Why why) {
                changes++;
            }

            @Override
            public void failed(Sku sku, Throwable failure) {
                if (!Simulation.isTolerable(failure)) {
                    wrong.add("A change failed: " + failure);
                }
            }
        };
    }

    private Layout layout() {
        return (Layout) Objects.requireNonNull(store.read(new Key.Layout(SKU)));
    }

    private void start() {
        Pod pod = new Pod(world, "pod-" + podsEver++, Pod.Choice.OWNED, Duration.ZERO);
        pods.add(pod);
        pod.start();
    }

    private Set<String> living() {
        Set<String> names = new TreeSet<>();
        pods.forEach(it -> names.add(it.self()));
        return names;
    }

    private void died(Pod pod) {
        pods.remove(pod);
        deaths++;
        time.after(random.nextLong(1_000_000), this::start);
    }

    // Shoppers, readers, and somebody who cannot decide

    private void buy(String user, int number) {
        time.after(random.nextLong(1_500_000), () -> {
            if (!pods.isEmpty()) {
                Pod pod = anyPod();
                ReservationId id = ReservationId.of(SKU, new IdempotencyKey(user + "-" + number));
                ReservationRequest request = new ReservationRequest(id, new UserId(user), new Quantity(1), pod.now());
                pod.desk().reserve(request, Duration.ofSeconds(30)).subscribe().with(this::bought, failure -> {});
            }
            if (left > 0) {
                buy(user, number + 1);
            }
        });
    }

    private void bought(Outcome<Reservation> outcome) {
        if (outcome instanceof Outcome.Done<Reservation> done && done.value().status() == Reservation.Status.HELD) {
            sold++;
        } else if (left > 100) {
            outcome.fold(done -> done, refusal -> wrong.add("Refused while " + left + " are left: " + refusal));
        }
    }

    private void read() {
        time.after(20_000, () -> {
            if (!pods.isEmpty()) {
                long atFirst = left;
                Pod pod = anyPod();
                Uni<Outcome<StockLevel>> level = random.nextBoolean()
                        ? pod.stock().level(SKU)
                        : pod.stock().exactLevel(SKU);
                level.subscribe().with(it -> told(it, atFirst), failure -> {});
            }
            read();
        });
    }

    private void told(Outcome<StockLevel> outcome, long atFirst) {
        readings++;
        long told = outcome.fold(StockLevel::available, refusal -> -1L);
        if (told > atFirst || told < left) {
            wrong.add(told + " were told when " + atFirst + " were left, and then " + left + ", with " + layout());
        }
    }

    private void choose() {
        time.after(random.nextLong(20_000_000), () -> {
            if (changing) {
                if (!pods.isEmpty()) {
                    anyPod().layouts()
                            .choose(SKU, 1 + random.nextInt(12))
                            .subscribe()
                            .with(it -> {}, failure -> {});
                }
                choose();
            }
        });
    }

    private Pod anyPod() {
        return pods.get(random.nextInt(pods.size()));
    }
}
