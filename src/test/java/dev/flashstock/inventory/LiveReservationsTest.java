package dev.flashstock.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.Samples;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveReservationsTest {
    private final ReservationRequest request = Samples.request(new Sku("console"), 2);
    private final Reservation held = Samples.held(request, 0, Duration.ofMinutes(10));
    private final Reservation queued = Reservation.queued(request.id(), request.user());

    /** How long it was waited before each look but the first; none of it passes. */
    private final List<Duration> pauses = new ArrayList<>();

    /** It is queued until the look of this number, counted from 1. */
    private int decidedAt = Integer.MAX_VALUE;

    private int looks;
    private boolean broken;

    private final LiveReservations reservations = new LiveReservations(
            (user, id) -> {
                looks++;
                if (broken) {
                    return Uni.createFrom().failure(new Unavailable("away"));
                }
                return Uni.createFrom().item(looks < decidedAt ? queued : held);
            },
            pause -> {
                pauses.add(pause);
                return Uni.createFrom().voidItem();
            });

    private AssertSubscriber<Reservation> follow() {
        return reservations
                .follow(request.user(), request.id())
                .subscribe()
                .withSubscriber(AssertSubscriber.create(Long.MAX_VALUE));
    }

    @Test
    void whatIsDecidedIsToldAndThatIsAll() {
        // Given
        decidedAt = 1;

        // When
        AssertSubscriber<Reservation> told = follow();

        // Then
        told.assertCompleted().assertItems(held);
        assertThat(looks).isEqualTo(1);
        assertThat(pauses).isEmpty();
    }

    @Test
    void whatIsQueuedIsToldOnceAndThenItsOutcome() {
        // Given
        decidedAt = 5;

        // When
        AssertSubscriber<Reservation> told = follow();

        // Then
        told.assertCompleted().assertItems(queued, held);
        assertThat(pauses).extracting(Duration::toMillis).containsExactly(100L, 150L, 225L, 337L);
    }

    @Test
    void whatStaysQueuedIsFollowedForTwoMinutes() {
        // When
        AssertSubscriber<Reservation> told = follow();

        // Then
        told.assertCompleted().assertItems(queued);
        assertThat(pauses.stream().reduce(Duration.ZERO, Duration::plus))
                .isBetween(LiveReservations.LONGEST, LiveReservations.LONGEST.plusSeconds(1));
        assertThat(pauses).allMatch(it -> it.compareTo(Duration.ofSeconds(1)) <= 0);
    }

    @Test
    void whatCannotBeReadIsSaid() {
        // Given
        broken = true;

        // When
        AssertSubscriber<Reservation> told = follow();

        // Then
        told.assertFailedWith(Unavailable.class);
    }
}
