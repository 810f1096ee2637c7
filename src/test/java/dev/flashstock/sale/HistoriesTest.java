package dev.flashstock.sale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.inventory.Unavailable;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random histories on the embedded backends: several pods that die, on wires on which much goes wrong, sell a few SKUs to
 * a few users. The seed is printed; {@code -Dhistories.seed=} makes the same choices again, while what comes first is up
 * to the machine. {@code -Dsoak.operations=} says how many operations there are in all.
 */
@Tag("long")
class HistoriesTest {
    private static final int OF_A_ROUND = 20_400;
    private static final int OPERATIONS = Integer.getInteger("soak.operations", OF_A_ROUND);

    /** What goes wrong on purpose is not worth a line each time. */
    private static final List<Logger> TALKATIVE = List.of(
            Logger.getLogger("dev.flashstock.sqs"),
            Logger.getLogger("dev.flashstock.redis"),
            Logger.getLogger("io.vertx.redis.client"));

    /** Failures that nobody waited for any more. */
    private final Queue<Throwable> dropped = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void listenLess() {
        TALKATIVE.forEach(it -> it.setLevel(Level.OFF));
        Infrastructure.setDroppedExceptionHandler(failure -> {
            if (!(failure instanceof Unavailable)) {
                dropped.add(failure);
            }
        });
    }

    @AfterEach
    void listenAgain() {
        Infrastructure.resetDroppedExceptionHandler();
        TALKATIVE.forEach(it -> it.setLevel(null));
    }

    @Test
    void whateverGoesWrongNothingIsOversoldLostOrDoneTwiceAndAllAnswersAgree() {
        long seed = Long.getLong("histories.seed", System.nanoTime());
        for (int left = OPERATIONS; left > 0; left -= OF_A_ROUND) {
            int operations = Math.min(left, OF_A_ROUND);
            System.out.printf("%d operations, -Dhistories.seed=%d%n", operations, seed);
            new Round(seed, operations).run();
            assertThat(dropped).as("failures that nobody expects").isEmpty();
            seed = new Random(seed).nextLong();
        }
    }
}
