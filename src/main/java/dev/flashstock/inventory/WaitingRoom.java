package dev.flashstock.inventory;

import dev.flashstock.inventory.Entry.Giving;
import dev.flashstock.inventory.Entry.Member;
import dev.flashstock.inventory.Entry.Taking;
import dev.flashstock.inventory.Entry.Visit;
import dev.flashstock.stock.ReservationId;
import dev.flashstock.stock.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for a shard, in the order in which they go, and who goes together: a visit alone, or the members of one
 * transaction. Nobody is let in until those before have done.
 */
final class WaitingRoom {
    /** The most reservations of one user in a transaction: they are all on one partition. */
    private static final int MAX_OF_A_USER = 10;

    private Set<Entry> waiting = new LinkedHashSet<>();
    private boolean busy;

    synchronized void add(Entry entry) {
        if (entry instanceof Visit<?> visit && visit.goesAhead()) {
            goFirst(List.of(visit));
        } else {
            waiting.add(entry);
        }
    }

    synchronized void remove(Entry entry) {
        waiting.remove(entry);
    }

    /** Nobody waits, and nobody has been let in who has not done. */
    synchronized boolean isIdle() {
        return !busy && waiting.isEmpty();
    }

    /** Those who were let in have done. */
    synchronized void free() {
        busy = false;
    }

    /**
     * Who is next.
     *
     * @return a visit, or members of one transaction; nobody while those before have not done
     */
    synchronized List<Entry> letIn() {
        if (busy) {
            return List.of();
        }
        List<Entry> next = new ArrayList<>();
        Seats seats = new Seats();
        Iterator<Entry> line = waiting.iterator();
        while (line.hasNext() && seats.areLeft()) {
            Entry entry = line.next();
            boolean alone = !(entry instanceof Member member) || member.isAlone();
            if (!next.isEmpty() && (alone || (isKnownGood(next.get(0)) && !isKnownGood(entry)))) {
                break;
            }
            if (alone || seats.take((Member) entry)) {
                line.remove();
                next.add(entry);
            }
            if (alone) {
                break;
            }
        }
        busy = !next.isEmpty();
        return next;
    }

    /** Those who were let in go again, before who has come meanwhile, unless their wait has ended. */
    synchronized void firstInLine(List<? extends Member> members) {
        goFirst(members.stream().filter(it -> !it.ended()).toList());
    }

    private void goFirst(List<? extends Entry> entries) {
        Set<Entry> line = new LinkedHashSet<>(entries);
        line.addAll(waiting);
        waiting = line;
    }

    /**
     * Units go to who came first and still fits; so do those that are given back meanwhile.
     *
     * @param available how many units there are
     * @return who has to try another shard, and waits here no more
     */
    synchronized List<Taking> whoDoesNotFitLeaves(long available) {
        List<Taking> leaving = new ArrayList<>();
        long left = available;
        for (Entry entry : waiting) {
            if (entry instanceof Giving giving) {
                left += giving.units();
            } else if (entry instanceof Taking taking && taking.units() <= left) {
                left -= taking.units();
            } else if (entry instanceof Taking taking) {
                leaving.add(taking);
            }
        }
        leaving.forEach(waiting::remove);
        return leaving;
    }

    /** Whoever comes may break a transaction: those whom nothing stands against do not go with them again. */
    private static boolean isKnownGood(Entry entry) {
        return entry instanceof Member member && member.isKnownGood();
    }

    /** Who goes into one transaction: it has each item once, few of one user, and holds that expire together. */
    private static final class Seats {
        private final Map<UserId, Set<ReservationId>> taken = new HashMap<>();
        private final Set<UserId> limited = new HashSet<>();
        private @Nullable Duration holdTime;
        private int left = GroupCommit.MAX_ENTRIES;

        boolean areLeft() {
            return left > 0;
        }

        boolean take(Member member) {
            int seats = member.isLimited() ? 2 : 1;
            Set<ReservationId> ofUser = taken.computeIfAbsent(member.user(), user -> new HashSet<>());
            if (seats > left
                    || ofUser.size() == MAX_OF_A_USER
                    || ofUser.contains(member.id())
                    || (member.isLimited() && limited.contains(member.user()))
                    || (member instanceof Taking taking && holdTime != null && !holdTime.equals(taking.holdTime()))) {
                return false;
            }
            left -= seats;
            ofUser.add(member.id());
            if (member.isLimited()) {
                limited.add(member.user());
            }
            if (member instanceof Taking taking) {
                holdTime = taking.holdTime();
            }
            return true;
        }
    }
}
