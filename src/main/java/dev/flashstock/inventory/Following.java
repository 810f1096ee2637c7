package dev.flashstock.inventory;

import dev.flashstock.inventory.Frontier.Place;
import dev.flashstock.inventory.StockStream.Read;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One term of a follower. In rounds: read a little of each strand, write the summaries of the SKUs that have changed, then
 * write down how far it has come. What fails is read again in the next round, by whoever follows then.
 */
final class Following {
    /** GetRecords may be called five times a second for each strand, by all who read it. */
    static final int PAGES_IN_A_ROUND = 4;

    /** So many changes are enough for a round: what is read of other strands then waits for the next. */
    static final int ENOUGH_CHANGES = 2_000;

    private static final int STRANDS_AT_ONCE = 8;
    private static final int SUMMARIES_AT_ONCE = 16;
    private static final int TRIES = 10;
    /** New strands appear when old ones end, which is noticed; anything else can wait for so many rounds. */
    private static final int ROUNDS_BETWEEN_LOOKS = 10;

    private final StockStream stream;
    private final SummaryTable table;
    private final InstantSource clock;
    private final Follower.Listener listener;

    private volatile Lease lease;
    private Frontier frontier;
    private int rounds;

    /**
     * Begins where a lease was left.
     *
     * @param lease the lease, taken
     * @param stream what to follow
     * @param table the summaries
     * @param clock tells how far it has come
     * @param listener is told of what was read, and what was missed
     */
    Following(Lease lease, StockStream stream, SummaryTable table, InstantSource clock, Follower.Listener listener) {
        this.lease = lease;
        this.stream = stream;
        this.table = table;
        this.clock = clock;
        this.listener = listener;
        this.frontier = Frontier.of(lease);
    }

    long term() {
        return lease.term();
    }

    Instant upTo() {
        return lease.upTo();
    }

    /** What was read of one strand. */
    private record Brought(
            Place place,
            List<ShardChange> changes,
            int records,
            boolean missed,
            @Nullable Throwable failure) {
        static Brought nothing(Place place) {
            return new Brought(place, List.of(), 0, false, null);
        }

        Brought and(Place further, Read.Page page) {
            List<ShardChange> all = new ArrayList<>(changes);
            all.addAll(page.changes());
            return new Brought(further, all, records + page.records(), missed, null);
        }

        Brought trimmed() {
            Place beginning = Place.beginningOf(place.cursor().strand(), Lease.NEVER);
            return new Brought(beginning, changes, records, true, null);
        }

        Brought failed(Throwable why) {
            return new Brought(place, changes, records, missed, why);
        }
    }

    /** {@code CHANGED} when the lease is another's now. */
    Uni<Attempt> round() {
        return Uni.createFrom()
                .deferred(this::look)
                .chain(found -> readAll(found).chain(brought -> write(found, brought)))
                .onFailure()
                .invoke(failure -> rounds = 0); // the stream may have changed
    }

    /** Where it stands, in the stream as it is. */
    private record Found(String stream, Frontier frontier) {}

    private Uni<Found> look() {
        if (rounds++ % ROUNDS_BETWEEN_LOOKS != 0 && !frontier.waitsForStrands()) {
            return Uni.createFrom().item(new Found(lease.stream(), frontier.checked(clock.instant())));
        }
        return stream.describe().map(description -> {
            boolean another = !description.name().equals(lease.stream());
            Frontier from = another ? new Frontier(Map.of(), true) : frontier;
            return new Found(description.name(), from.in(description.strands()).checked(clock.instant()));
        });
    }

    // Reading

    private Uni<List<Brought>> readAll(Found found) {
        List<Place> places = new ArrayList<>(found.frontier().places().values());
        places.removeIf(Place::ended);
        // Where there is more than enough, each round begins somewhere else.
        Collections.rotate(places, places.isEmpty() ? 0 : rounds % places.size());
        AtomicInteger changes = new AtomicInteger();
        return Multi.createFrom()
                .iterable(places)
                .onItem()
                .transformToUni(place -> read(found.stream(), Brought.nothing(place), PAGES_IN_A_ROUND, changes))
                .merge(STRANDS_AT_ONCE)
                .collect()
                .asList();
    }

    private Uni<Brought> read(String name, Brought before, int pages, AtomicInteger changes) {
        if (pages == 0 || changes.get() >= ENOUGH_CHANGES) {
            return Uni.createFrom().item(before);
        }
        Instant begun = clock.instant();
        return stream.read(name, before.place().cursor())
                .chain(read -> {
                    if (!(read instanceof Read.Page page)) {
                        return Uni.createFrom().item(before.trimmed());
                    }
                    changes.addAndGet(page.changes().size());
                    Brought now = before.and(before.place().after(page, begun), page);
                    boolean goesOn = page.records() > 0 && page.next().isPresent();
                    return goesOn
                            ? read(name, now, pages - 1, changes)
                            : Uni.createFrom().item(now);
                })
                // The other strands go on; this one holds up what can be said of the whole.
                .onFailure(Unavailable.class)
                .recoverWithItem(before::failed);
    }

    // Writing

    private Uni<Attempt> write(Found found, List<Brought> brought) {
        Unwritten unwritten = new Unwritten();
        brought.forEach(it -> it.changes().forEach(unwritten::add));
        boolean missed = brought.stream().anyMatch(Brought::missed);
        Frontier next =
                found.frontier().with(brought.stream().map(Brought::place).toList(), missed);
        int records = brought.stream().mapToInt(Brought::records).sum();
        brought.stream()
                .map(Brought::failure)
                .filter(Objects::nonNull)
                .findFirst()
                .ifPresent(failure -> Told.guarded(() -> listener.failed(failure)));
        return write(unwritten)
                .chain(attempt ->
                        attempt == Attempt.CHANGED ? Uni.createFrom().item(attempt) : keep(found, next, records));
    }

    private Uni<Attempt> write(Unwritten unwritten) {
        return table.find(Set.copyOf(unwritten.skus()))
                .chain(summaries -> Multi.createFrom()
                        .iterable(summaries.values())
                        .onItem()
                        .transformToUni(it -> write(it, unwritten, TRIES))
                        .merge(SUMMARIES_AT_ONCE)
                        .collect()
                        .asList())
                .map(attempts -> attempts.contains(Attempt.CHANGED) ? Attempt.CHANGED : Attempt.DONE);
    }

    private Uni<Attempt> write(Summary summary, Unwritten unwritten, int tries) {
        if (summary.term() > lease.term()) {
            return Uni.createFrom().item(Attempt.CHANGED);
        }
        Summary next = unwritten.in(summary, lease.term());
        // Who has counted a shard before it was removed, and has not written that yet, must find another revision.
        if (next.saysTheSameAs(summary) && !unwritten.removesAnyOf(summary.sku())) {
            return Uni.createFrom().item(Attempt.DONE);
        }
        return table.save(next)
                .chain(attempt -> attempt == Attempt.DONE
                        ? Uni.createFrom().item(attempt)
                        : tries == 1
                                ? Uni.createFrom()
                                        .failure(new Unavailable(
                                                "The summary of " + summary.sku() + " is written by too many"))
                                : again(summary.sku(), unwritten, tries - 1));
    }

    private Uni<Attempt> again(Sku sku, Unwritten unwritten, int tries) {
        return table.find(Set.of(sku)).chain(found -> write(Objects.requireNonNull(found.get(sku)), unwritten, tries));
    }

    /** Only now that the summaries are written: whoever goes on from here misses nothing. */
    private Uni<Attempt> keep(Found found, Frontier next, int records) {
        Lease further = new Lease(
                lease.owner(),
                lease.term(),
                lease.beat() + 1,
                found.stream(),
                lease.generation() + (next.missed() ? 1 : 0),
                next.upTo(),
                next.marks());
        return table.keep(lease.owner(), further).invoke(attempt -> {
            if (attempt == Attempt.DONE) {
                lease = further;
                frontier = new Frontier(next.places(), false);
                Told.guarded(() -> listener.read(records));
                if (next.missed()) {
                    rounds = 0;
                    Told.guarded(() -> listener.missed(further.generation()));
                }
            }
        });
    }

    /** Lets another process go on. */
    Uni<Attempt> leave() {
        return table.keep(lease.owner(), lease.left());
    }
}
