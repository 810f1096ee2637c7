package dev.flashstock.inventory;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A stream in memory, which does what DynamoDB's may do: strands split, readings bring nothing though records follow, a
 * day-old record is gone, and so is a strand that ended a day ago.
 */
public final class InMemoryStream implements StockStream {
    private static final Duration KEPT = Duration.ofHours(24);

    private final Random random;
    private final InstantSource clock;
    private final int pageSize;
    private final List<Branch> branches = new ArrayList<>();
    private String name = "stream-1";
    private long numbers;

    private record Entry(long number, ShardChange change, Instant at) {}

    private static final class Branch {
        private final String id;
        private final @Nullable String parent;
        private final int from;
        private final int to;
        private final List<Entry> entries = new ArrayList<>();
        private long trimmed;
        private @Nullable Instant endedAt;

        Branch(String id, @Nullable String parent, int from, int to) {
            this.id = id;
            this.parent = parent;
            this.from = from;
            this.to = to;
        }

        boolean takes(ShardChange change) {
            int place = Math.floorMod(change.sku().hashCode() * 31 + change.shard(), 64);
            return endedAt == null && place >= from && place < to;
        }
    }

    public InMemoryStream(Random random, InstantSource clock, int pageSize) {
        this.pageSize = pageSize;
        this.random = random;
        this.clock = clock;
        branches.add(new Branch("first-0", null, 0, 32));
        branches.add(new Branch("first-1", null, 32, 64));
    }

    public void add(ShardChange change) {
        branches.stream()
                .filter(it -> it.takes(change))
                .findFirst()
                .orElseThrow()
                .entries
                .add(new Entry(++numbers, change, clock.instant()));
    }

    /** One of the open strands ends, and two follow it. */
    public void split() {
        List<Branch> wide = branches.stream()
                .filter(it -> it.endedAt == null && it.to - it.from > 1)
                .toList();
        if (!wide.isEmpty()) {
            Branch branch = wide.get(random.nextInt(wide.size()));
            branch.endedAt = clock.instant();
            int middle = (branch.from + branch.to) / 2;
            branches.add(new Branch("strand-" + ++numbers, branch.id, branch.from, middle));
            branches.add(new Branch("strand-" + ++numbers, branch.id, middle, branch.to));
        }
    }

    /** Removes what is too old. */
    public void age() {
        Instant oldest = clock.instant().minus(KEPT);
        for (Branch branch : branches) {
            branch.entries.stream().filter(it -> it.at().isBefore(oldest)).forEach(it -> branch.trimmed = it.number());
            branch.entries.removeIf(it -> it.at().isBefore(oldest));
        }
        branches.removeIf(it -> it.endedAt != null && it.endedAt.isBefore(oldest));
    }

    /** Was switched off and on. */
    public void restart() {
        name = "stream-" + ++numbers;
        branches.clear();
        branches.add(new Branch("strand-" + ++numbers, null, 0, 64));
    }

    @Override
    public Uni<Description> describe() {
        return Uni.createFrom()
                .item(() -> new Description(
                        name,
                        branches.stream()
                                .map(it -> new Strand(it.id, it.parent))
                                .toList()));
    }

    @Override
    public Uni<Read> read(String stream, Cursor cursor) {
        return Uni.createFrom().item(() -> stream.equals(name) ? read(cursor) : new Read.Trimmed());
    }

    private Read read(Cursor cursor) {
        Optional<Branch> found =
                branches.stream().filter(it -> it.id.equals(cursor.strand())).findFirst();
        long after = cursor.after() == null ? 0 : Long.parseLong(cursor.after());
        if (found.isEmpty() || (cursor.after() != null && after < found.get().trimmed)) {
            return new Read.Trimmed();
        }
        Branch branch = found.get();
        List<Entry> rest =
                branch.entries.stream().filter(it -> it.number() > after).toList();
        int emptyInARow = cursor.iterator() == null ? 0 : Integer.parseInt(cursor.iterator());
        boolean nothing = emptyInARow < Frontier.EMPTY_READINGS - 1 && random.nextInt(4) == 0;
        List<Entry> page = nothing ? List.of() : rest.stream().limit(pageSize).toList();
        String iterator = Integer.toString(page.isEmpty() ? emptyInARow + 1 : 0);
        Optional<Entry> last = page.isEmpty() ? Optional.empty() : Optional.of(page.get(page.size() - 1));
        String next = last.map(it -> Long.toString(it.number())).orElse(cursor.after());
        boolean end = !nothing && branch.endedAt != null && page.size() == rest.size();
        return new Read.Page(
                page.stream().map(Entry::change).toList(),
                page.size(),
                last.map(it -> it.at().truncatedTo(ChronoUnit.SECONDS)),
                end ? Optional.empty() : Optional.of(new Cursor(branch.id, next, iterator)));
    }
}
