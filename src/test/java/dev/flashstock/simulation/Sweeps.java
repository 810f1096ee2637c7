package dev.flashstock.simulation;

import dev.flashstock.inventory.Expirations;
import dev.flashstock.inventory.Expiry;
import dev.flashstock.inventory.Pauses;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/** Has what is due settled, second after second: this minute, the one before, and one by one those of the last hour quarter. */
final class Sweeps {
    private static final Duration EVERY = Duration.ofSeconds(1);
    /** Holds may be written, by a late duplicate, when they are due already: more than tokens are known, and duplicates late. */
    private static final int MINUTES_BACK = 15;
    /** The most of a minute that are settled side by side. */
    private static final int AT_ONCE = 100;

    private final InMemoryTable table;
    private final Expirations expirations;
    private final InstantSource clock;
    private final Pauses pauses;
    private final BooleanSupplier wanted;

    /**
     * Sweeps for one pod.
     *
     * @param table where what is due is listed
     * @param expirations settles it
     * @param clock the pod's
     * @param pauses waits, as long as the pod lives
     * @param wanted whether anybody sweeps just now
     */
    Sweeps(InMemoryTable table, Expirations expirations, InstantSource clock, Pauses pauses, BooleanSupplier wanted) {
        this.table = table;
        this.expirations = expirations;
        this.clock = clock;
        this.pauses = pauses;
        this.wanted = wanted;
    }

    void start() {
        round(0);
    }

    private void round(int number) {
        Uni<Void> sweep =
                wanted.getAsBoolean() ? sweep(number) : Uni.createFrom().voidItem();
        sweep.chain(() -> pauses.of(EVERY)).subscribe().with(over -> round(number + 1));
    }

    private Uni<Void> sweep(int number) {
        Instant now = clock.instant();
        Set<Instant> minutes = new TreeSet<>();
        for (int back : List.of(2 + number % (MINUTES_BACK - 1), 1, 0)) {
            minutes.add(now.minus(Duration.ofMinutes(back)));
        }
        Uni<Void> sweep = Uni.createFrom().voidItem();
        for (Instant minute : minutes) {
            sweep = sweep.chain(() -> sweep(minute, now));
        }
        return sweep;
    }

    private Uni<Void> sweep(Instant minute, Instant now) {
        return table.due(minute, now, AT_ONCE)
                .onFailure(Simulation::isTolerable)
                .recoverWithItem(List.of())
                .chain(this::settle);
    }

    private Uni<Void> settle(List<Expiry> due) {
        return due.isEmpty()
                ? Uni.createFrom().voidItem()
                : Uni.join()
                        .all(due.stream().map(this::settle).toList())
                        .andFailFast()
                        .replaceWithVoid();
    }

    private Uni<Expirations.Settlement> settle(Expiry expiry) {
        return expirations
                .settle(expiry)
                .onFailure(Simulation::isTolerable)
                .recoverWithItem(Expirations.Settlement.AGAIN);
    }
}
