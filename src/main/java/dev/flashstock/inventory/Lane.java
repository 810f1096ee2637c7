package dev.flashstock.inventory;

import dev.flashstock.inventory.Entry.Giving;
import dev.flashstock.inventory.Entry.Member;
import dev.flashstock.inventory.Entry.Taking;
import dev.flashstock.inventory.Entry.Visit;
import dev.flashstock.inventory.GroupCommit.Reason;
import dev.flashstock.inventory.GroupCommits.Answer;
import dev.flashstock.sharding.Layout;
import dev.flashstock.stock.Reservation;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One shard: who waits for it, and the transaction that is under way on it.
 *
 * <p>A cancelled transaction tells why, item by item: who is there already is answered and left out; who is in the way
 * of another transaction steps aside alone; when the shard has too few units those who fit stay and all others are sent
 * to another shard. What remains goes again, under a new token. Only what happens to the shard itself makes everybody
 * wait. A transaction whose answer is lost is sent again under its own token.
 *
 * <p>Answers are given after the next transaction has begun, so that nobody's continuation holds the shard up.
 */
final class Lane {
    /** How often a reservation is tried on a shard that others are busy on. */
    static final int TRIES = 3;

    private static final Duration BEFORE_RESENDING = Duration.ofMillis(50);

    /**
     * What all lanes of a process share.
     *
     * @param table the shards
     * @param tokens names transactions
     * @param clock from when units are held
     * @param neighbours how many pods write to a shard
     * @param pauses waits
     * @param random a number from 0 to one less than its argument
     * @param left called when an entry has its answer or is given up
     * @param idle called when a lane has nothing to do
     */
    record Setting(
            StockTable table,
            Supplier<String> tokens,
            InstantSource clock,
            Neighbours neighbours,
            Pauses pauses,
            IntUnaryOperator random,
            Runnable left,
            Consumer<GroupCommits.Shard> idle) {}

    private final Setting setting;
    private final GroupCommits.Shard shard;
    private final WaitingRoom room = new WaitingRoom();
    private final AtomicInteger draining = new AtomicInteger();

    // Touched by the one transaction under way; its end publishes them to the next.
    private final Pace pace;
    /** As it was last heard of, for the pace. */
    private @Nullable Layout layout;

    Lane(Setting setting, GroupCommits.Shard shard) {
        this.setting = setting;
        this.shard = shard;
        this.pace = new Pace(setting.random());
    }

    /** Those of one transaction, in its order. */
    private record Group(List<Taking> takings, List<Giving> givings, GroupCommit commit, Instant begun) {
        List<Member> members() {
            List<Member> all = new ArrayList<>(takings);
            all.addAll(givings);
            return all;
        }
    }

    // Who waits

    void add(Entry entry) {
        room.add(entry);
    }

    /** An entry has its answer, or its caller has gone: then it is left out of what comes. */
    void leave(Entry entry) {
        if (entry.end()) {
            room.remove(entry);
            setting.left().run();
        }
    }

    boolean isIdle() {
        return room.isIdle();
    }

    /** Begins the next transaction unless one is under way; a loop, because tables of tests answer at once. */
    void drain() {
        if (draining.getAndIncrement() != 0) {
            return;
        }
        do {
            List<Entry> next = room.letIn();
            if (next.isEmpty()) {
                if (isIdle()) {
                    setting.idle().accept(shard);
                }
            } else if (next.get(0) instanceof Visit<?> visit) {
                begin(visit);
            } else {
                begin(next.stream().map(Member.class::cast).toList());
            }
        } while (draining.decrementAndGet() != 0);
    }

    // The transaction

    private void begin(Visit<?> visit) {
        visit.run().subscribe().with(answer -> {
            free();
            leave(visit);
            Told.guarded(answer);
        });
    }

    private void begin(List<Member> members) {
        Group group;
        try {
            group = group(members);
        } catch (RuntimeException e) { // or the shard would never be free again
            fail(members, e);
            return;
        }
        send(group.commit())
                .subscribe()
                .with(
                        result -> Told.otherwise(() -> settle(group, result), e -> fail(group.members(), e)),
                        failure -> fail(group.members(), failure));
    }

    private Group group(List<Member> members) {
        List<Taking> takings = only(Taking.class, members);
        List<Giving> givings = only(Giving.class, members);
        takings.stream().findFirst().ifPresent(it -> layout = it.layout());
        Instant now = setting.clock().instant();
        GroupCommit commit = new GroupCommit(
                setting.tokens().get(),
                now,
                shard.sku(),
                shard.number(),
                takings.stream().map(it -> it.held(shard.number(), now)).toList(),
                givings.stream().map(Giving::endOfHold).toList(),
                takings.stream().flatMap(it -> Stream.ofNullable(it.trace())).toList());
        return new Group(takings, givings, commit, now);
    }

    private static <T extends Member> List<T> only(Class<T> kind, List<Member> members) {
        return members.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Whether it has happened is not known when the answer is lost: under the same token it happens once. */
    private Uni<GroupCommit.Result> send(GroupCommit commit) {
        return Uni.createFrom()
                .deferred(() -> setting.table().commit(commit))
                .onFailure(Unavailable.class)
                .recoverWithUni(() -> setting.pauses()
                        .of(BEFORE_RESENDING)
                        .chain(() -> setting.table().commit(commit)));
    }

    private void settle(Group group, GroupCommit.Result result) {
        if (result instanceof GroupCommit.Result.Cancelled cancelled) {
            goAgain(group, cancelled);
            return;
        }
        Answers answers = new Answers();
        List<Reservation> held = group.commit().holds();
        for (int i = 0; i < held.size(); i++) {
            answers.add(group.takings().get(i), new Answer.There(held.get(i)));
        }
        group.givings().forEach(it -> answers.add(it, new Answer.There(it.given())));
        long millis = Duration.between(group.begun(), setting.clock().instant()).toMillis();
        goOn(pace.afterCommit(millis, writers()), answers);
    }

    private void goAgain(Group group, GroupCommit.Result.Cancelled cancelled) {
        Answers answers = new Answers();
        List<Member> rest = new ArrayList<>();
        // First those whose units the others may take.
        for (int i = 0; i < group.givings().size(); i++) {
            sort(group.givings().get(i), cancelled.returns().get(i), answers, rest);
        }
        for (int i = 0; i < group.takings().size(); i++) {
            sort(group.takings().get(i), cancelled.holds().get(i), answers, rest);
        }
        if (cancelled.shard() instanceof Reason.TooFew shortage) {
            room.firstInLine(whoTriesAgain(rest, answers));
            room.whoDoesNotFitLeaves(shortage.available())
                    .forEach(it -> answers.add(it, new Answer.TooFew(shortage.available())));
            goOn(Duration.ZERO, answers);
        } else if (cancelled.shard() instanceof Reason.Closed) {
            rest.stream().filter(Giving.class::isInstance).forEach(it -> answers.add(it, new Answer.Closed()));
            room.firstInLine(only(Taking.class, rest));
            goOn(Duration.ZERO, answers);
        } else if (cancelled.shard() instanceof Reason.None && !answers.isEmpty()) {
            rest.forEach(Member::isFoundGood);
            room.firstInLine(rest);
            goOn(Duration.ZERO, answers);
        } else {
            room.firstInLine(whoTriesAgain(rest, answers));
            goOn(
                    cancelled.shard() instanceof Reason.Throttled
                            ? pace.afterThrottle()
                            : pace.afterConflict(writers()),
                    answers);
        }
    }

    private static void sort(Member member, Reason reason, Answers answers, List<Member> rest) {
        if (reason instanceof Reason.None) {
            rest.add(member);
        } else if (reason instanceof Reason.Exists exists) {
            answers.add(member, new Answer.There(exists.reservation()));
        } else if (reason instanceof Reason.OverLimit over) {
            answers.add(member, new Answer.OverLimit(over.used()));
        } else if (reason instanceof Reason.NotHeld) {
            answers.add(member, new Answer.NotHeld());
        } else {
            answers.add(member, new Answer.Contended());
        }
    }

    private static List<Member> whoTriesAgain(List<Member> rest, Answers answers) {
        List<Member> patient = new ArrayList<>();
        for (Member member : rest) {
            if (member.triedInVain() < TRIES) {
                patient.add(member);
            } else {
                answers.add(member, new Answer.Contended());
            }
        }
        return patient;
    }

    private void fail(List<Member> members, Throwable failure) {
        Answers answers = new Answers();
        if (failure instanceof Unavailable || members.size() == 1) {
            members.forEach(it -> answers.fail(it, failure));
        } else {
            // One of them breaks it: each is tried for itself.
            members.forEach(Member::goesAlone);
            room.firstInLine(members);
        }
        // The table does not answer, or throttles whole requests.
        goOn(failure instanceof Unavailable ? pace.afterThrottle() : Duration.ZERO, answers);
    }

    private void goOn(Duration pause, Answers answers) {
        if (pause.isZero()) {
            free();
        } else {
            setting.pauses().of(pause).subscribe().with(over -> free(), failure -> free());
        }
        answers.give();
    }

    private void free() {
        room.free();
        drain();
    }

    private int writers() {
        return layout == null ? 1 : setting.neighbours().writers(shard.sku(), layout, shard.number());
    }

    /** What is told to whom, once the shard is free. */
    private final class Answers {
        private final List<Runnable> answers = new ArrayList<>();

        void add(Member member, Answer answer) {
            answers.add(() -> tell(member, () -> member.answer(answer)));
        }

        void fail(Member member, Throwable failure) {
            answers.add(() -> tell(member, () -> member.fail(failure)));
        }

        boolean isEmpty() {
            return answers.isEmpty();
        }

        void give() {
            answers.forEach(Runnable::run);
        }

        private void tell(Member member, Runnable answer) {
            leave(member);
            Told.guarded(answer);
        }
    }
}
