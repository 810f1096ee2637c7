package dev.flashstock.sale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flashstock.Samples;
import dev.flashstock.inventory.Precondition;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.Reservation.Status;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A SKU sells out on one pod. The others know it before anybody has asked them in vain, and so turn people away without a
 * write and without a message; they know as soon when a unit is back. It prints how soon that was.
 */
class SoldOutEverywhereTest {
    private static final int UNITS = 12;
    private static final int SHARDS = 3;
    /** What embedded backends on a busy machine may take for an answer. */
    private static final Duration ENGINE = Duration.ofSeconds(20);

    private static final Duration WAIT = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Sku sku = new Sku("console-" + UUID.randomUUID());

    @Test
    void whatSellsOutOnOnePodIsSoldOutOnTheOthersAtOnceAndBackOnThemAtOnce() {
        try (Cluster cluster = new Cluster(1, ENGINE, UnaryOperator.identity())) {
            // Given
            Pod seller = cluster.pod(0);
            Pod other = cluster.pod(1);
            seller.catalogue
                    .put(Samples.product(sku), SHARDS, Precondition.none())
                    .await()
                    .atMost(PATIENCE);
            seller.stock.adjust(Samples.adjustment(sku, UNITS)).await().atMost(PATIENCE);
            await().atMost(PATIENCE).until(() -> cluster.listeners() == Cluster.PODS);

            // When
            List<Reservation> sold = new ArrayList<>();
            for (int i = 0; i < UNITS; i++) {
                sold.add(held(reserve(seller, WAIT)));
            }
            Duration soldOutAfter = since(() -> other.heard.contains(sku + " 0"));
            List<Map<String, AttributeValue>> before = cluster.items();
            Outcome<Reservation> direct = reserve(other, WAIT);
            Outcome<Reservation> buffered = reserve(other, Duration.ZERO);
            List<Map<String, AttributeValue>> after = cluster.items();
            long messages = cluster.queued();

            // Then
            assertThat(List.of(direct, buffered))
                    .allSatisfy(it -> assertThat(it).isEqualTo(Outcome.refused(new Refusal.SoldOut(sku, 0))));
            assertThat(after).isEqualTo(before);
            assertThat(messages).isZero();

            // When
            Reservation returned = sold.get(0);
            seller.reservations.release(returned.user(), returned.id()).await().atMost(PATIENCE);
            Duration backAfter = since(() -> other.heard.contains(sku + " back"));
            Reservation last = held(reserve(other, WAIT));

            // Then
            assertThat(last.status()).isEqualTo(Status.HELD);
            System.out.printf(
                    "Sold out on one pod, and known on another after %d ms; a unit back after %d ms%n",
                    soldOutAfter.toMillis(), backAfter.toMillis());
        }
    }

    private static Duration since(Callable<Boolean> isKnown) {
        long begun = System.nanoTime();
        await().pollInterval(Duration.ofMillis(1))
                .pollDelay(Duration.ZERO)
                .atMost(PATIENCE)
                .until(isKnown);
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private Outcome<Reservation> reserve(Pod pod, Duration wait) {
        ReservationRequest request = Samples.request(sku, new UserId("user-" + UUID.randomUUID()), 1);
        return pod.desk.reserve(request, wait).await().atMost(PATIENCE);
    }

    private static Reservation held(Outcome<Reservation> outcome) {
        return outcome.fold(it -> it, refusal -> {
            throw new AssertionError(refusal);
        });
    }
}
