package dev.flashstock.inventory;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import dev.flashstock.inventory.StockStream.Cursor;
import dev.flashstock.inventory.StockStream.Strand;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How far a stream has been read: a place in each strand that is being read, and none in those before them, which have been
 * read to their ends, nor in those after them, which are read when their parents are.
 *
 * @param places by strand
 * @param missed whether records were removed before they were read
 */
record Frontier(Map<String, Place> places, boolean missed) {
    /** The most strands that are read at a time: one for each partition of the table. */
    static final int MOST_STRANDS = 500;

    /** DynamoDB removes records after 24 hours, and may do so from a strand of which nothing was read without a word. */
    static final Duration SURELY_THERE = Duration.ofHours(23);

    /**
     * A reading may bring nothing though records follow, and DynamoDB does not say how often that may happen. Of so many in
     * a row one is taken at its word: what was there when the first of them began has been read.
     */
    static final int EMPTY_READINGS = 3;

    /** Within this time a change appears in the stream; DynamoDB promises no more than "near real time". */
    static final Duration APPEARS_WITHIN = Duration.ofSeconds(2);

    /**
     * A place in a strand.
     *
     * @param cursor where
     * @param ended whether nothing follows in the strand
     * @param upTo all of the strand's records that were made before have been read
     * @param empty when the last readings were begun, if they have brought nothing: at most {@link #EMPTY_READINGS}
     */
    record Place(Cursor cursor, boolean ended, Instant upTo, List<Instant> empty) {
        static Place beginningOf(String strand, Instant upTo) {
            return new Place(Cursor.beginningOf(strand), false, upTo, List.of());
        }

        /** The same after a reading. */
        Place after(StockStream.Read.Page page, Instant begun) {
            List<Instant> nowEmpty = page.records() > 0 ? List.of() : lastOf(empty, begun);
            boolean ends = page.next().isEmpty(); // what was made since may be in those that follow
            Instant known = page.until()
                    .orElseGet(() -> nowEmpty.size() == EMPTY_READINGS && !ends
                            ? nowEmpty.get(0).minus(APPEARS_WITHIN)
                            : upTo);
            return new Place(page.next().orElse(cursor), ends, known.isAfter(upTo) ? known : upTo, nowEmpty);
        }

        private static List<Instant> lastOf(List<Instant> before, Instant begun) {
            List<Instant> all = new ArrayList<>(before);
            all.add(begun);
            return List.copyOf(all.subList(Math.max(0, all.size() - EMPTY_READINGS), all.size()));
        }

        private Lease.Mark mark() {
            return new Lease.Mark(cursor.after(), ended);
        }
    }

    /** Where a lease says that it was left. */
    static Frontier of(Lease lease) {
        Map<String, Place> places = new HashMap<>();
        lease.marks()
                .forEach((strand, mark) -> places.put(
                        strand,
                        new Place(new Cursor(strand, mark.after(), null), mark.ended(), lease.upTo(), List.of())));
        return new Frontier(places, false);
    }

    Map<String, Lease.Mark> marks() {
        return places.entrySet().stream()
                .collect(toMap(Map.Entry::getKey, it -> it.getValue().mark()));
    }

    /** All changes before it have been read. */
    Instant upTo() {
        return places.values().stream()
                .map(Place::upTo)
                .min(Comparator.naturalOrder())
                .orElse(Lease.NEVER);
    }

    boolean waitsForStrands() {
        return places.isEmpty() || places.values().stream().anyMatch(Place::ended);
    }

    /** The same, further on. */
    Frontier with(Collection<Place> moved, boolean nowMissed) {
        Map<String, Place> all = new HashMap<>(places);
        moved.forEach(it -> all.put(it.cursor().strand(), it));
        return new Frontier(all, missed || nowMissed);
    }

    /**
     * The same in the stream as it is now: what follows strands that have ended takes their places, and strands that nobody
     * knew begin.
     *
     * @param strands all strands
     */
    Frontier in(List<Strand> strands) {
        Tree tree = new Tree(strands);
        Map<String, Place> next = new HashMap<>();
        boolean lost = missed;
        for (Place place : places.values()) {
            String id = place.cursor().strand();
            List<String> children = tree.childrenOf(id);
            if (place.ended() && !children.isEmpty()) {
                children.forEach(it -> next.putIfAbsent(it, Place.beginningOf(it, place.upTo())));
            } else if (tree.has(id)) {
                next.put(id, place);
            } else {
                lost = true;
            }
        }
        // A strand that is older than the first that was ever read, or that has come to light after its siblings.
        Instant upTo = places.isEmpty() ? Lease.NEVER : upTo();
        tree.unreadBeside(next.keySet()).forEach(it -> next.put(it, Place.beginningOf(it, upTo)));
        if (next.size() > MOST_STRANDS) {
            throw new Unavailable("The table's stream has more than " + MOST_STRANDS
                    + " open shards, more than one process can follow: set flashstock.totals.source=shards");
        }
        return new Frontier(next, lost);
    }

    /**
     * The same, and where a beginning may have been removed unread, that is said.
     *
     * @param now the time
     */
    Frontier checked(Instant now) {
        Map<String, Place> next = new HashMap<>(places);
        boolean lost = missed;
        for (Map.Entry<String, Place> entry : next.entrySet()) {
            if (mayHaveLostItsBeginning(entry.getValue(), now)) {
                lost = true;
                entry.setValue(Place.beginningOf(entry.getKey(), Lease.NEVER));
            }
        }
        return new Frontier(next, lost);
    }

    private static boolean mayHaveLostItsBeginning(Place place, Instant now) {
        return place.cursor().after() == null
                && !place.upTo().equals(Lease.NEVER)
                && place.upTo().isBefore(now.minus(SURELY_THERE));
    }

    private record Tree(Map<String, Strand> strands) {
        Tree(List<Strand> strands) {
            this(strands.stream().collect(toMap(Strand::id, it -> it)));
        }

        boolean has(String id) {
            return strands.containsKey(id);
        }

        List<String> childrenOf(String id) {
            return strands.values().stream()
                    .filter(it -> id.equals(it.parent()))
                    .map(Strand::id)
                    .toList();
        }

        /** The first of those that come neither before nor after others. */
        Set<String> unreadBeside(Set<String> read) {
            Set<String> before = new HashSet<>();
            read.forEach(id -> {
                for (String it = parentOf(id); it != null && before.add(it); ) {
                    it = parentOf(it);
                }
            });
            Set<String> beside = strands.keySet().stream()
                    .filter(id -> !read.contains(id) && !before.contains(id) && !comesAfter(id, read))
                    .collect(toSet());
            return beside.stream().filter(id -> !comesAfter(id, beside)).collect(toSet());
        }

        private boolean comesAfter(String id, Set<String> others) {
            for (String it = parentOf(id); it != null; it = parentOf(it)) {
                if (others.contains(it)) {
                    return true;
                }
            }
            return false;
        }

        /** Of strands that are still there. */
        private @Nullable String parentOf(String id) {
            return strands.containsKey(id)
                    ? Objects.requireNonNull(strands.get(id)).parent()
                    : null;
        }
    }
}
