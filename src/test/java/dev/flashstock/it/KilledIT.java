package dev.flashstock.it;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flashstock.it.Purchase.Ending;
import dev.flashstock.it.Purchase.Way;
import dev.flashstock.sale.Books;
import dev.flashstock.stock.Quantity;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Two packaged instances sell the same stock, and again and again one of them is killed in the middle of it. Whatever a
 * shopper was told before, during and after is true in the end.
 */
@Tag("long")
class KilledIT {
    private static final Logger LOG = Logger.getLogger(KilledIT.class);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int KILLS = 5;
    private static final int SHOPPERS = 24;
    /** Each time both are there a new sale begins; it ends while one of them is dead, or just before. */
    private static final int UNITS = 200;

    private static final int SHARDS = 4;
    private static final int MOST_UNITS_EACH = 3;
    /** An instance is killed after it has given 1 to this many answers. */
    private static final int LONGEST_LIFE = 150;
    /** What the other one answers while one is dead, and both in the end. */
    private static final int SOME_ANSWERS = 50;
    /** How often a shopper asks until there is an answer. */
    private static final int TRIES = 50;

    private static final int PAUSE_MILLIS = 50;

    /** A product whose holds end while instances are killed. */
    private static final String ABANDONED = "abandoned";

    private static final Duration SHORT_HOLD = Duration.ofSeconds(15);
    private static final int CARTS = 40;
    private static final int PAID_CARTS = 10;

    private final long seed = Long.getLong("flashstock.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final OwnBackends backends = new OwnBackends("killed");
    private final List<Instance> instances =
            List.of(new Instance("killed-a", backends.settings()), new Instance("killed-b", backends.settings()));
    private final Storefront storefront = new Storefront();
    private final Map<String, Integer> stocked = new ConcurrentHashMap<>();
    private final Collection<Purchase> purchases = new ConcurrentLinkedQueue<>();
    private volatile String sku = "";

    @AfterEach
    void end() throws InterruptedException {
        for (Instance instance : instances) {
            instance.close();
        }
        backends.close();
    }

    @Test
    void nothing_is_oversold_or_lost_and_every_answer_stays_true_when_instances_are_killed() throws Exception {
        // Given
        LOG.infof("Again with -Dflashstock.seed=%d", seed);
        for (Instance instance : instances) {
            instance.start();
        }

        fillCarts();

        // When
        killWhileLoadRuns();
        Map<Purchase, String> shown = outcomes();
        assertAbandonedCartsCameBack();
        List<Map<String, AttributeValue>> items = backends.items().stream()
                .filter(it -> !it.get("SK").s().startsWith("RESERVATION#" + ABANDONED + "."))
                .toList();

        // Then
        assertThat(Reckoning.differences(items, stocked, purchases))
                .as("seed %d", seed)
                .isEmpty();
        Map<String, List<Reckoning.Found>> found = Reckoning.reservations(items);
        assertThat(shown)
                .as("seed %d: each location shows what is stored", seed)
                .allSatisfy((purchase, status) -> assertThat(found.get(purchase.user))
                        .extracting(Reckoning.Found::status)
                        .containsExactly(status));
        assertEnoughHappened();
        sellTheRest();
    }

    private void killWhileLoadRuns() throws InterruptedException, IOException {
        newSale();
        try (Crew crew = new Crew(SHOPPERS, random.split(), this::shop)) {
            for (int i = 0; i < KILLS; i++) {
                Instance victim = instances.get(random.nextInt(instances.size()));
                crew.awaitAnswers(victim, 1 + random.nextInt(LONGEST_LIFE));
                victim.kill();
                crew.awaitAnswers(theOther(victim), SOME_ANSWERS);
                victim.start();
                newSale();
            }
            for (Instance instance : instances) {
                crew.awaitAnswers(instance, SOME_ANSWERS);
            }
            crew.stop();
        }
    }

    private void newSale() {
        String next = "console-" + stocked.size();
        stocked.put(next, UNITS);
        storefront.stockUp(instances.get(0), next, SHARDS, UNITS);
        sku = next;
    }

    // Carts

    private void fillCarts() {
        Instance at = instances.get(0);
        storefront.stockUp(at, ABANDONED, SHARDS, UNITS, SHORT_HOLD);
        for (int i = 0; i < CARTS; i++) {
            Purchase cart = new Purchase(ABANDONED, "cart-" + i, MOST_UNITS_EACH);
            assertThat(storefront.reserve(at, Way.DIRECT, cart).status()).isEqualTo(201);
            if (i < PAID_CARTS) {
                cart.ends(Ending.CONFIRM);
                assertThat(storefront.end(at, cart).status()).isEqualTo(200);
            }
        }
    }

    private void assertAbandonedCartsCameBack() {
        long sold = (long) PAID_CARTS * MOST_UNITS_EACH;
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(Books.of(backends.items(), ABANDONED))
                        .isEqualTo(new Books(UNITS, UNITS - sold, 0, sold)));
    }

    // What a shopper does

    private void shop(int number, SplittableRandom random) throws InterruptedException {
        Purchase purchase = new Purchase(sku, "shopper-" + number, 1 + random.nextInt(MOST_UNITS_EACH));
        purchases.add(purchase);
        reserve(purchase, random);
        if (random.nextInt(4) == 0) {
            reserve(purchase, random); // as if the answer had not come
        }
        if (purchase.isAccepted() && random.nextBoolean()) {
            // Only what is held can be confirmed.
            purchase.ends(purchase.was(201) && random.nextBoolean() ? Ending.CONFIRM : Ending.RELEASE);
            end(purchase, random);
        }
    }

    private void reserve(Purchase purchase, SplittableRandom random) throws InterruptedException {
        Way way = random.nextBoolean() ? Way.DIRECT : Way.BUFFERED;
        for (int i = 0; i < TRIES; i++) {
            if (!storefront.reserve(anyInstance(random), way, purchase).asksForAnother()) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
    }

    private void end(Purchase purchase, SplittableRandom random) throws InterruptedException {
        for (int i = 0; i < TRIES; i++) {
            if (!storefront.end(anyInstance(random), purchase).asksForAnother()) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
    }

    private Instance anyInstance(SplittableRandom random) {
        Instance any = instances.get(random.nextInt(instances.size()));
        return any.isUp() ? any : theOther(any);
    }

    private Instance theOther(Instance one) {
        return instances.get(1 - instances.indexOf(one));
    }

    // What came of it

    /** What each location shows at last, read from either instance. */
    private Map<Purchase, String> outcomes() {
        Map<Purchase, String> shown = new ConcurrentHashMap<>();
        await("the queue is empty").atMost(PATIENCE).until(() -> backends.messages() == 0);
        await().atMost(PATIENCE).until(() -> {
            purchases.parallelStream()
                    .filter(it ->
                            it.isAccepted() && shown.getOrDefault(it, "QUEUED").equals("QUEUED"))
                    .forEach(it -> shown.put(it, storefront.status(instances.get(it.hashCode() & 1), it)));
            return !shown.containsValue("QUEUED");
        });
        return shown;
    }

    /** A run in which nothing went wrong proves nothing. */
    private void assertEnoughHappened() {
        Map<String, Long> happened = new TreeMap<>(purchases.stream()
                .flatMap(it -> Stream.concat(it.answers().stream(), it.endings().stream()))
                .collect(groupingBy(it -> it.what() + " " + it.status(), counting())));
        LOG.infof("Shoppers were answered purchases=%d answers=%s", purchases.size(), happened);
        assertThat(happened)
                .containsKeys(
                        "DIRECT 201",
                        "DIRECT 409",
                        "DIRECT 0",
                        "BUFFERED 202",
                        "BUFFERED 409",
                        "RELEASE 200",
                        "CONFIRM 200");
    }

    /** What is left can be sold, to the last unit, and no more. */
    private void sellTheRest() {
        int buyers = 0;
        for (String each : stocked.keySet()) {
            long left = Books.of(backends.items(), each).available();
            while (left > 0) {
                Purchase rest = new Purchase(each, "last-" + buyers++, (int) Math.min(left, Quantity.MAX));
                await().atMost(PATIENCE)
                        .until(() -> storefront
                                        .reserve(instances.get(0), Way.DIRECT, rest)
                                        .status()
                                == 201);
                left -= rest.quantity;
            }
            Purchase tooLate = new Purchase(each, "late-" + buyers++, 1);
            assertThat(storefront.reserve(instances.get(1), Way.DIRECT, tooLate).status())
                    .isEqualTo(409);
            Books books = Books.of(backends.items(), each);
            assertThat(books)
                    .extracting(Books::balance, Books::available)
                    .as("%s", books)
                    .containsExactly(true, 0L);
        }
    }
}
