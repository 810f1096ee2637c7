package dev.flashstock.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.stock.Quantity;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SoldOutTest {
    private static final Sku SKU = new Sku("console");
    private static final Quantity ONE = new Quantity(1);
    private static final Quantity TWO = new Quantity(2);

    private final List<String> told = new ArrayList<>();
    private Duration now = Duration.ZERO;
    private final SoldOut soldOut = new SoldOut(() -> now.toNanos(), new News() {
        @Override
        public void soldOut(Sku sku, long available, boolean again) {
            told.add(available + (again ? " again" : ""));
        }

        @Override
        public void back(Sku sku) {
            told.add("back");
        }

        @Override
        public Uni<Boolean> takeTurn(Sku sku) {
            return Uni.createFrom().item(true);
        }
    });

    @Test
    void whatIsHeardIsBelievedThenInDoubtThenForgotten() {
        // Given
        soldOut.hear(SKU, 1);

        // When
        OptionalLong atOnce = soldOut.tooFewFor(SKU, TWO);
        now = SoldOut.MEMORY;
        OptionalLong later = soldOut.tooFewFor(SKU, TWO);
        OptionalLong inDoubt = soldOut.perhapsTooFewFor(SKU, TWO);
        now = SoldOut.DOUBT;
        OptionalLong forgotten = soldOut.perhapsTooFewFor(SKU, TWO);

        // Then
        assertThat(atOnce).hasValue(1);
        assertThat(later).isEmpty();
        assertThat(inDoubt).hasValue(1);
        assertThat(forgotten).isEmpty();
    }

    @Test
    void whoAsksForNoMoreThanIsLeftIsNotTurnedAway() {
        // Given
        soldOut.hear(SKU, 1);

        // When
        OptionalLong left = soldOut.tooFewFor(SKU, ONE);

        // Then
        assertThat(left).isEmpty();
    }

    @Test
    void othersAreToldWhatIsNewAndFromTimeToTimeWhatIsNot() {
        // When
        soldOut.hear(SKU, 1);
        soldOut.hear(SKU, 1);
        soldOut.hear(SKU, 0);
        now = SoldOut.MEMORY;
        soldOut.hear(SKU, 0);

        // Then
        assertThat(told).containsExactly("1", "0", "0 again");
    }

    @Test
    void whatComesFromOthersIsNotToldThem() {
        // When
        soldOut.heardElsewhere(SKU, 0);
        soldOut.hear(SKU, 0);
        soldOut.backElsewhere(SKU);

        // Then
        assertThat(told).isEmpty();
        assertThat(soldOut.perhapsTooFewFor(SKU, ONE)).isEmpty();
    }

    @Test
    void thatUnitsAreBackIsToldIfItIsNews() {
        // Given
        soldOut.forget(SKU);
        soldOut.heardElsewhere(SKU, 0);

        // When
        soldOut.forget(SKU);
        soldOut.forget(SKU);

        // Then
        assertThat(told).containsExactly("back");
        assertThat(soldOut.tooFewFor(SKU, ONE)).isEmpty();
    }

    @Test
    void whoHasLookedAgainConfirmsOrForgets() {
        // Given
        soldOut.hear(SKU, 1);
        now = SoldOut.MEMORY;

        // When
        soldOut.hearAgain(SKU, OptionalLong.of(0));
        OptionalLong confirmed = soldOut.tooFewFor(SKU, ONE);
        soldOut.hearAgain(SKU, OptionalLong.of(5));
        OptionalLong more = soldOut.perhapsTooFewFor(SKU, new Quantity(9));
        soldOut.hear(SKU, 0);
        soldOut.hearAgain(SKU, OptionalLong.empty());
        OptionalLong uncertain = soldOut.perhapsTooFewFor(SKU, ONE);

        // Then
        assertThat(confirmed).hasValue(0);
        assertThat(more).isEmpty();
        assertThat(uncertain).isEmpty();
        assertThat(told).containsExactly("1", "0", "back", "0", "back");
    }
}
