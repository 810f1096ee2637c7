package dev.flashstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flashstock.it.Purchase.Way;
import dev.flashstock.local.Backend;
import dev.flashstock.local.Wires;
import dev.flashstock.local.faults.Fault;
import dev.flashstock.local.faults.FaultRule;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** An instance that is asked to end answers what it has accepted, refuses the rest, and ends. */
class DrainIT {
    private static final Logger LOG = Logger.getLogger(DrainIT.class);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String SKU = "console";
    private static final int UNITS = 100_000;
    private static final int SHARDS = 4;
    private static final int SHOPPERS = 24;
    /** It is asked to end after it has given 1 to this many answers. */
    private static final int LONGEST_LIFE = 200;
    /** What the other one answers when it is alone. */
    private static final int SOME_ANSWERS = 50;
    /** What the JVM, and the native executable like it, answers to SIGTERM when it has ended in order. */
    private static final int ENDED_BY_SIGTERM = 128 + 15;

    private final long seed = Long.getLong("flashstock.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final Wires wires = new Wires();
    private final OwnBackends backends = new OwnBackends("drained");
    private final Instance leaving = new Instance("drained-leaving", backends.settings());
    private final Instance staying = new Instance("drained-staying", backends.settings());
    private final Storefront storefront = new Storefront();
    private final Collection<Purchase> purchases = new ConcurrentLinkedQueue<>();

    @AfterEach
    void end() throws InterruptedException {
        leaving.close();
        staying.close();
        backends.close();
        wires.stop();
    }

    @Test
    void what_was_accepted_is_answered_or_in_the_queue_when_an_instance_ends() throws Exception {
        // Given
        LOG.infof("Again with -Dflashstock.seed=%d", seed);
        backends.settings().put(Backend.DYNAMODB.addressKey(), wires.start().get(Backend.DYNAMODB.addressKey()));
        leaving.start();
        staying.start();
        storefront.stockUp(staying, SKU, SHARDS, UNITS);
        // Requests are under way whenever it is asked to end.
        wires.to(Backend.DYNAMODB).faults().set(List.of(FaultRule.always(new Fault.Latency(200, 300))));

        // When
        int exitCode;
        long asked;
        try (Crew crew = new Crew(SHOPPERS, random.split(), this::shop)) {
            crew.awaitAnswers(leaving, 1 + random.nextInt(LONGEST_LIFE));
            asked = System.nanoTime();
            leaving.terminate();
            exitCode = leaving.exitCode(PATIENCE);
            crew.awaitAnswers(staying, SOME_ANSWERS);
            crew.stop();
        }
        wires.mend();
        await("the queue is empty").atMost(PATIENCE).until(() -> backends.messages() == 0);

        List<Map<String, AttributeValue>> items = backends.items();

        // Then
        LOG.infof("Shoppers were answered answers=%s", answers());
        assertThat(exitCode).isEqualTo(ENDED_BY_SIGTERM);
        assertThat(purchases)
                .as("seed %d: requests were under way, and were answered", seed)
                .anyMatch(it -> it.begun - asked < 0 && it.isAccepted() && isAnswerOfTheLeaving(it, asked));
        assertThat(Reckoning.differences(items, Map.of(SKU, UNITS), purchases))
                .as("seed %d", seed)
                .isEmpty();
        assertThat(takenAndNotAnswered(Reckoning.reservations(items)))
                .as("seed %d: taken and not answered", seed)
                .isEmpty();
        assertThat(purchases)
                .as("seed %d: what was accepted is held, says who is left", seed)
                .filteredOn(Purchase::isAccepted)
                .allMatch(it -> storefront.status(staying, it).equals("HELD"));
    }

    @Test
    void what_was_viewed_and_not_written_is_written_when_an_instance_ends() throws Exception {
        // Given
        backends.settings().put("flashstock.counters.flush", "1m");
        leaving.start();
        storefront.stockUp(leaving, SKU, SHARDS, UNITS);
        for (int i = 0; i < 25; i++) {
            storefront.view(leaving, SKU);
        }
        long before = views();

        // When
        leaving.terminate();
        int exitCode = leaving.exitCode(PATIENCE);

        // Then
        assertThat(before).isZero();
        assertThat(exitCode).isEqualTo(ENDED_BY_SIGTERM);
        assertThat(views()).isEqualTo(25);
    }

    private long views() {
        return backends.items().stream()
                .filter(item -> item.get("PK").s().startsWith("VIEWS#" + SKU + "#"))
                .mapToLong(item -> Long.parseLong(item.get("counted").n()))
                .sum();
    }

    private boolean isAnswerOfTheLeaving(Purchase purchase, long since) {
        Answer answer = purchase.answers().get(0);
        return answer.instance() == leaving && answer.at() - since > 0;
    }

    private List<Purchase> takenAndNotAnswered(Map<String, List<Reckoning.Found>> found) {
        return purchases.stream()
                .filter(it -> !it.isAccepted() && found.containsKey(it.user))
                .toList();
    }

    private Map<String, Long> answers() {
        return purchases.stream()
                .collect(Collectors.groupingBy(
                        it -> it.answers().get(0).toString(), TreeMap::new, Collectors.counting()));
    }

    private void shop(int number, SplittableRandom random) {
        Purchase purchase = new Purchase(SKU, "shopper-" + number, 1);
        purchases.add(purchase);
        Instance any = random.nextBoolean() && leaving.isUp() ? leaving : staying;
        storefront.reserve(any, random.nextBoolean() ? Way.DIRECT : Way.BUFFERED, purchase);
    }
}
