package dev.flashstock.it;

import dev.flashstock.it.Purchase.Way;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** The CPU time of packaged instances for each reservation, by turns. */
final class ReservationCost {
    private static final int ROUNDS = 4;
    private static final int SHOPPERS = 96;
    private static final int ANSWERS_TO_WARM_UP = 6_000;
    private static final int ANSWERS = 8_000;
    private static final int UNITS = 10_000_000;

    private final Storefront storefront = new Storefront();
    private final AtomicInteger sale = new AtomicInteger();

    /** Starts them, and prints the least of some turns of each. */
    void print(List<Instance> instances) throws IOException, InterruptedException {
        for (Instance instance : instances) {
            instance.start();
        }
        Map<Instance, Double> least = new LinkedHashMap<>();
        for (Instance instance : instances) {
            measure(instance, ANSWERS_TO_WARM_UP);
        }
        for (int round = 0; round < ROUNDS; round++) {
            for (Instance instance : instances) {
                least.merge(instance, measure(instance, ANSWERS), Math::min);
            }
        }
        least.forEach(
                (instance, micros) -> System.out.printf("%-12s %8.1f us of CPU a reservation%n", instance, micros));
    }

    private double measure(Instance at, int answers) throws InterruptedException {
        String sku = "console-" + sale.incrementAndGet();
        storefront.stockUp(at, sku, 4, UNITS);
        Duration before = at.cpuTime();
        long first = at.answers();
        try (Crew crew = new Crew(
                SHOPPERS,
                new SplittableRandom(1),
                (number, random) -> storefront.reserve(at, Way.DIRECT, new Purchase(sku, "shopper-" + number, 1)))) {
            crew.awaitAnswers(at, answers);
            crew.stop();
        }
        return at.cpuTime().minus(before).toNanos() / 1_000.0 / (at.answers() - first);
    }
}
