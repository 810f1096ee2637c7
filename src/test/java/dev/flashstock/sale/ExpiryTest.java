package dev.flashstock.sale;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingLong;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.Samples;
import dev.flashstock.dynamodb.DynamoDbLedger;
import dev.flashstock.dynamodb.DynamoDbStock;
import dev.flashstock.inventory.ForwardingStock;
import dev.flashstock.inventory.GroupCommit;
import dev.flashstock.inventory.LedgerTable;
import dev.flashstock.inventory.Precondition;
import dev.flashstock.inventory.StockTable;
import dev.flashstock.inventory.Unavailable;
import dev.flashstock.stock.Movement;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Product;
import dev.flashstock.stock.Quantity;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.Reservation.Status;
import dev.flashstock.stock.ReservationId;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A product, two for each user, of which all 10,000 units are held by 10,000 holds that end in the same minute. Three pods
 * sweep, and meanwhile 5,000 shoppers keep asking for two units each; half of them have two of those that end.
 *
 * <p>It prints how long it took to take all units at full speed, which tells what the embedded engine can do just then,
 * and for each hold how long after its end the transaction was done that gave its unit back: half of the holds (p50), 99
 * of 100 (p99) and the last one. A second of it is the sweepers' interval. The rest is the engine's, which has to write
 * for each hold what it wrote to take it, once to end it and, for two at a time, once to sell it again: when taking them
 * all takes longer than about 10 s it falls behind, transactions last so long that pods find each other in the way (the
 * cancelled ones), and the figures are its backlog and not the sweepers'. What is asserted holds at any speed.
 */
@Tag("long")
class ExpiryTest {
    private static final int HOLDS = 10_000;
    private static final int EACH = 2;
    private static final int USERS = HOLDS / EACH;
    private static final int SHARDS = 8;
    /** A reservation that counts against a limit is two items. */
    private static final int OF_A_TRANSACTION = GroupCommit.MAX_ENTRIES / 2;

    private static final int SHOPPERS_AT_ONCE = 100;
    private static final int SETUPS_AT_ONCE = 8;
    /** From when on they end, and for how long. */
    private static final Duration HEAD_START = Duration.ofSeconds(15);

    private static final Duration WINDOW = Duration.ofSeconds(58);

    /** What an embedded engine on a busy machine may take for an answer. */
    private static final Duration ENGINE = Duration.ofSeconds(20);

    private static final Duration WAIT = Duration.ofSeconds(10);
    private static final Duration BEFORE_ASKING_AGAIN = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Sku sku = new Sku("console-" + UUID.randomUUID());
    private final Queue<Long> lags = new ConcurrentLinkedQueue<>();
    private final AtomicLong committed = new AtomicLong();
    private final AtomicLong cancelled = new AtomicLong();
    private final AtomicLong asked = new AtomicLong();
    private final AtomicLong overLimit = new AtomicLong();

    /** Notes how late units come back. */
    private final class Watched extends ForwardingStock {
        Watched(StockTable table) {
            super(table);
        }

        @Override
        public Uni<GroupCommit.Result> commit(GroupCommit commit) {
            return commit.returns().isEmpty()
                    ? super.commit(commit)
                    : super.commit(commit).invoke(result -> count(commit, result));
        }
    }

    private void count(GroupCommit commit, GroupCommit.Result result) {
        Instant now = Instant.now();
        if (result instanceof GroupCommit.Result.Committed) {
            committed.incrementAndGet();
            commit.returned()
                    .forEach(
                            it -> lags.add(Duration.between(it.expiresAt(), now).toMillis()));
        } else {
            cancelled.incrementAndGet();
        }
    }

    @Test
    void tenThousandHoldsThatEndInTheSameMinuteAreSoldAgainAndNobodyIsOverTheLimit() {
        try (Cluster cluster = new Cluster(1, ENGINE, Watched::new)) {
            // Given
            stockUp(cluster.pod(0));
            Instant firstEnd = firstEnd();
            Duration taking = takeAll(cluster, firstEnd);
            IntStream.range(0, Cluster.PODS)
                    .forEach(place -> cluster.pod(place).sweeper.start());

            // When
            shop(cluster);
            Duration took = Duration.between(firstEnd, Instant.now());
            cluster.leaveOne();
            List<Map<String, AttributeValue>> items = cluster.items();

            // Then
            print(taking, took);
            assertEveryHoldEndedOnce(cluster, firstEnd, items);
            assertThat(Books.of(items, sku.value())).isEqualTo(new Books(HOLDS, 0, HOLDS, 0));
            assertNobodyIsOverTheLimit(items);
        }
    }

    private void stockUp(Pod pod) {
        Product any = Samples.product(sku);
        Product limited = new Product(
                sku, any.name(), any.price(), any.status(), null, null, Duration.ofHours(1), EACH, any.revision());
        pod.catalogue.put(limited, SHARDS, Precondition.none()).await().atMost(PATIENCE);
        pod.stock.adjust(Samples.adjustment(sku, HOLDS)).await().atMost(PATIENCE);
    }

    /** Such that all end in the same minute. */
    private static Instant firstEnd() {
        Instant earliest = Instant.now().plus(HEAD_START).truncatedTo(ChronoUnit.MILLIS);
        Instant minute = earliest.truncatedTo(ChronoUnit.MINUTES);
        return earliest.plus(WINDOW).isBefore(minute.plus(1, ChronoUnit.MINUTES))
                ? earliest
                : minute.plus(1, ChronoUnit.MINUTES);
    }

    // The holds that end

    /** In transactions as they come out of a full group commit. */
    private Duration takeAll(Cluster cluster, Instant firstEnd) {
        Instant begun = Instant.now();
        StockTable table = new DynamoDbStock(cluster.dynamoDb(), cluster.table(), Samples.RETENTION);
        List<GroupCommit.Result> results = Multi.createFrom()
                .iterable(commits(firstEnd))
                .onItem()
                .transformToUni(table::commit)
                .merge(SETUPS_AT_ONCE)
                .collect()
                .asList()
                .await()
                .atMost(PATIENCE);
        assertThat(results)
                .hasSizeGreaterThan(HOLDS / OF_A_TRANSACTION)
                .containsOnly(new GroupCommit.Result.Committed());
        return Duration.between(begun, Instant.now());
    }

    /** Those that are made first end first. */
    private List<GroupCommit> commits(Instant firstEnd) {
        List<GroupCommit> commits = new ArrayList<>();
        int ofAllShards = SHARDS * OF_A_TRANSACTION;
        for (int from = 0; from < HOLDS; from += ofAllShards) {
            for (int shard = 0; shard < SHARDS; shard++) {
                Instant end = firstEnd.plus(WINDOW.multipliedBy(from + shard).dividedBy(HOLDS));
                commits.add(commit(from, shard, end.truncatedTo(ChronoUnit.MILLIS)));
            }
        }
        return commits;
    }

    private GroupCommit commit(int from, int shard, Instant end) {
        List<Reservation> holds = IntStream.iterate(from + shard, it -> it + SHARDS)
                .limit(OF_A_TRANSACTION)
                .takeWhile(it -> it < HOLDS)
                .mapToObj(it -> Reservation.held(
                        Samples.request(sku, holder(it % USERS), 1), new Reservation.Hold(shard, end, false, EACH)))
                .toList();
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        return new GroupCommit(UUID.randomUUID().toString(), now, sku, shard, holds, List.of());
    }

    private static UserId holder(int number) {
        return new UserId("holder-" + number);
    }

    // Those who want them

    private void shop(Cluster cluster) {
        Multi.createFrom()
                .items(IntStream.range(0, USERS).boxed())
                .onItem()
                .transformToUni(it -> buy(cluster, it % 2 == 0 ? new UserId("shopper-" + it) : holder(it)))
                .merge(SHOPPERS_AT_ONCE)
                .collect()
                .last()
                .await()
                .atMost(PATIENCE);
    }

    private Uni<Reservation> buy(Cluster cluster, UserId user) {
        ReservationId id = ReservationId.of(sku, Samples.newKey());
        return buy(cluster, new ReservationRequest(id, user, new Quantity(EACH), Instant.now()));
    }

    private Uni<Reservation> buy(Cluster cluster, ReservationRequest request) {
        asked.incrementAndGet();
        Pod pod = cluster.pod(ThreadLocalRandom.current().nextInt(Cluster.PODS));
        return pod.desk
                .reserve(request, WAIT)
                .map(Optional::of)
                .onFailure(Unavailable.class)
                .recoverWithItem(Optional.empty())
                .chain(outcome -> goOn(cluster, request, outcome.orElse(null)));
    }

    /** A refusal may be the last word for its key; who does not know what came of a request repeats it. */
    private Uni<Reservation> goOn(Cluster cluster, ReservationRequest request, @Nullable Outcome<Reservation> outcome) {
        Uni<Void> pause = Uni.createFrom().voidItem().onItem().delayIt().by(BEFORE_ASKING_AGAIN);
        if (outcome instanceof Outcome.Refused<Reservation> refused) {
            assertThat(refused.refusal()).isInstanceOfAny(Refusal.SoldOut.class, Refusal.OverLimit.class);
            overLimit.addAndGet(refused.refusal() instanceof Refusal.OverLimit ? 1 : 0);
            return pause.chain(() -> buy(cluster, request.user()));
        }
        Status status =
                outcome instanceof Outcome.Done<Reservation> done ? done.value().status() : Status.QUEUED;
        return switch (status) {
            case HELD -> Uni.createFrom().item(((Outcome.Done<Reservation>) outcome).value());
            case REJECTED -> pause.chain(() -> buy(cluster, request.user()));
            default -> pause.chain(() -> buy(cluster, request));
        };
    }

    // What came of it

    private void print(Duration taking, Duration took) {
        long[] sorted = lags.stream().mapToLong(Long::longValue).sorted().toArray();
        System.out.printf(
                "%d holds, taken in %.1f s, ended within %d s; back in stock after their end: p50 %d ms, p99 %d ms,"
                        + " max %d ms, in %d transactions, %d were cancelled; all sold again after %.1f s; shoppers"
                        + " asked %d times, over their limit %d times%n",
                sorted.length,
                taking.toMillis() / 1e3,
                WINDOW.toSeconds(),
                sorted[sorted.length / 2],
                sorted[sorted.length * 99 / 100],
                sorted[sorted.length - 1],
                committed.get(),
                cancelled.get(),
                took.toMillis() / 1e3,
                asked.get(),
                overLimit.get());
    }

    /** By the items, and by the ledger. */
    private void assertEveryHoldEndedOnce(Cluster cluster, Instant firstEnd, List<Map<String, AttributeValue>> items) {
        Found found = Found.of(items, sku.value());
        Map<String, Long> states =
                found.reservations().values().stream().collect(groupingBy(Found.Recorded::status, counting()));
        assertThat(states).containsEntry("EXPIRED", (long) HOLDS).containsEntry("HELD", (long) USERS);
        Map<Movement.Kind, List<Movement.Line>> lines = ledger(cluster, firstEnd).stream()
                .flatMap(it -> it.lines().stream())
                .collect(groupingBy(Movement.Line::kind));
        assertThat(lines.get(Movement.Kind.EXPIRY))
                .hasSize(HOLDS)
                .extracting(Movement.Line::reservation)
                .doesNotHaveDuplicates();
        assertThat(lines.get(Movement.Kind.HOLD)).hasSize(HOLDS + USERS);
        assertThat(items).noneMatch(it -> isDue(it, firstEnd));
    }

    /** The expiries of what was bought, an hour later, are still to come. */
    private static boolean isDue(Map<String, AttributeValue> item, Instant firstEnd) {
        return item.get("PK").s().startsWith("EXPIRY#")
                && item.get("SK")
                                .s()
                                .compareTo(firstEnd.plus(Duration.ofMinutes(30)).toString())
                        < 0;
    }

    private List<Movement> ledger(Cluster cluster, Instant firstEnd) {
        LedgerTable ledger = new DynamoDbLedger(cluster.dynamoDb(), cluster.table());
        List<Movement> movements = new ArrayList<>();
        List<Instant> hours = ledger.hours(sku, firstEnd.minus(1, ChronoUnit.HOURS), Instant.now(), 10)
                .await()
                .atMost(PATIENCE);
        for (Instant hour : hours) {
            for (int bucket = 0; bucket < LedgerTable.BUCKETS; bucket++) {
                List<Movement> page = List.of();
                do {
                    LedgerTable.Position after =
                            page.isEmpty() ? null : LedgerTable.Position.of(page.get(page.size() - 1));
                    page = ledger.movements(sku, hour, bucket, after, 1_000)
                            .await()
                            .atMost(PATIENCE);
                    movements.addAll(page);
                } while (!page.isEmpty());
            }
        }
        return movements;
    }

    private void assertNobodyIsOverTheLimit(List<Map<String, AttributeValue>> items) {
        Map<String, Long> held = Found.of(items, sku.value()).reservations().entrySet().stream()
                .filter(it -> it.getValue().status().equals("HELD"))
                .collect(groupingBy(
                        it -> it.getKey().user(),
                        summingLong(it -> it.getValue().quantity())));
        Map<String, Long> counted = items.stream()
                .filter(it -> it.get("SK").s().equals("LIMIT#" + sku))
                .filter(it -> !it.get("units").n().equals("0"))
                .collect(toMap(
                        it -> it.get("PK").s().substring("USER#".length()),
                        it -> Long.valueOf(it.get("units").n())));
        assertThat(held).hasSize(USERS);
        assertThat(held.values()).containsOnly((long) EACH);
        assertThat(counted).isEqualTo(held);
    }
}
