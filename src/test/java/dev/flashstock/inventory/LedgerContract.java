package dev.flashstock.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.Samples;
import dev.flashstock.inventory.LedgerTable.Position;
import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.Movement;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Quantity;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationId;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading the ledger, whatever table it is in. */
public abstract class LedgerContract extends TableContract {
    private static final Ledger.Extract ALL = extract(Ledger.BEGINNING, Ledger.END);
    /** An hour in which nothing was delivered. */
    private static final Instant LATER = Samples.NOW.plus(Duration.ofHours(1));

    private Ledger useCase() {
        return new Ledger(products, ledger);
    }

    private static Ledger.Extract extract(Instant from, Instant until, Movement.Kind... kinds) {
        return new Ledger.Extract(from, until, Set.of(kinds));
    }

    /** 150 movements: many at the same moment, most in one hour, some in hours far from it. */
    private List<Movement> written(Listing listing) {
        Random random = new Random(7);
        List<Movement> written = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            Duration later = i % 10 == 0 ? Duration.ofHours(random.nextInt(60)) : Duration.ofMillis(random.nextInt(40));
            Instant at = Samples.NOW.plus(later);
            if (i % 3 == 0) {
                Adjustment adjustment = new Adjustment(
                        Adjustment.idFor(sku(listing), Samples.newKey()),
                        sku(listing),
                        1,
                        Adjustment.Reason.DELIVERY,
                        at,
                        Samples.ADMIN);
                adjust(adjustment, new Portion(0, 1));
                written.add(adjustment.movement(List.of(new Portion(0, 1))));
            } else {
                GroupCommit commit = new GroupCommit(
                        UUID.randomUUID().toString(), at, sku(listing), 0, List.of(hold(listing, 1)), List.of());
                stock.commit(commit).await().atMost(PATIENCE);
                written.add(commit.movement());
            }
        }
        return written.stream().sorted(Comparator.comparing(Position::of)).toList();
    }

    private List<Ledger.Page> pages(Sku sku, Ledger.Extract extract, int limit) {
        List<Ledger.Page> pages = new ArrayList<>();
        Position next = null;
        do {
            Ledger.Page page = page(sku, extract, next, limit);
            pages.add(page);
            next = page.next();
        } while (next != null);
        return pages;
    }

    private Ledger.Page page(Sku sku, Ledger.Extract extract, Position after, int limit) {
        return ((Outcome.Done<Ledger.Page>)
                        useCase().page(sku, extract, after, limit).await().atMost(PATIENCE))
                .value();
    }

    private static Stream<Movement> movements(List<Ledger.Page> pages) {
        return pages.stream().flatMap(it -> it.movements().stream());
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 50, 100})
    public void pagesHaveEveryMovementOnceInTheOrderOfTime(int limit) {
        // Given
        Listing listing = stocked(200);
        List<Movement> written = new ArrayList<>(written(listing));

        // When
        List<Ledger.Page> pages = pages(sku(listing), ALL, limit);

        // Then
        assertThat(movements(pages).filter(it -> it.changes().get(0).units() != 200))
                .containsExactlyElementsOf(written);
        assertThat(movements(pages)).hasSize(151);
        assertThat(pages)
                .allSatisfy(it -> assertThat(it.movements()).isNotEmpty().hasSizeLessThanOrEqualTo(limit));
    }

    @Test
    public void anExtractHasWhatIsInItsTimeAndOfItsKinds() {
        // Given
        Listing listing = stocked(200);
        List<Movement> written = written(listing);
        Instant from = Samples.NOW.plusMillis(10);
        Instant until = Samples.NOW.plus(Duration.ofHours(30));

        // When
        List<Ledger.Page> pages = pages(sku(listing), extract(from, until, Movement.Kind.HOLD), 20);

        // Then
        assertThat(movements(pages))
                .isNotEmpty()
                .containsExactlyElementsOf(written.stream()
                        .filter(it -> !it.at().isBefore(from) && it.at().isBefore(until))
                        .filter(it -> it.lines().get(0).kind() == Movement.Kind.HOLD)
                        .toList());
    }

    @Test
    public void aTimeMayBeFinerThanMovementsAre() {
        // Given
        Listing listing = stocked(200);
        List<Movement> written = written(listing);
        Instant from = Samples.NOW.plusNanos(10_000_001);
        Instant until = Samples.NOW.plusNanos(20_000_001);

        // When
        List<Ledger.Page> pages = pages(sku(listing), extract(from, until), 20);

        // Then
        assertThat(movements(pages))
                .containsExactlyElementsOf(written.stream()
                        .filter(it -> it.at().isAfter(Samples.NOW.plusMillis(10))
                                && !it.at().isAfter(Samples.NOW.plusMillis(20)))
                        .toList());
        assertThat(written).extracting(Movement::at).contains(Samples.NOW.plusMillis(10), Samples.NOW.plusMillis(20));
    }

    @Test
    public void ofAMovementOnlyLinesOfTheKindsAreShown() {
        // Given
        Listing listing = stocked(5);
        Reservation there = hold(listing, 4);
        commit(listing, there);
        Reservation fresh = hold(listing, 5);
        commit(listing, List.of(fresh), List.of(new GroupCommit.Return(there, Reservation.Status.RELEASED)));

        // When
        Ledger.Page page = page(sku(listing), extract(Ledger.BEGINNING, Ledger.END, Movement.Kind.RELEASE), null, 20);

        // Then
        assertThat(page.movements())
                .singleElement()
                .satisfies(it -> assertThat(it.lines())
                        .containsExactly(new Movement.Line(Movement.Kind.RELEASE, 4, there.key(), null, null)));
        assertThat(page.next()).isNull();
    }

    @Test
    public void aLimitThatFitsExactlyHasNoNextPage() {
        // Given
        Listing listing = stocked(10);
        IntStream.range(0, 4).forEach(i -> commit(listing, hold(listing, 1)));

        // When
        Ledger.Page page = page(sku(listing), ALL, null, 5);

        // Then
        assertThat(page.movements()).hasSize(5);
        assertThat(page.next()).isNull();
    }

    @Test
    public void anEmptyTimeHasNothing() {
        // Given
        Listing listing = stocked(1);

        // When
        Ledger.Page page = page(sku(listing), extract(Samples.NOW, Samples.NOW), null, 5);

        // Then
        assertThat(page).isEqualTo(new Ledger.Page(List.of(), null));
    }

    @Test
    public void aProductWithoutMovementsHasNoneAndAnUnknownSkuIsRefused() {
        // Given
        Listing listing = created(1);
        Sku unknown = Samples.newSku();

        // When
        Ledger.Page none = page(sku(listing), ALL, null, 5);
        Outcome<Ledger.Page> refused =
                useCase().page(unknown, ALL, null, 5).await().atMost(PATIENCE);

        // Then
        assertThat(none).isEqualTo(new Ledger.Page(List.of(), null));
        assertThat(refused).isEqualTo(Outcome.refused(new Refusal.UnknownSku(unknown)));
    }

    @Test
    public void theLedgerOfADeletedProductIsStillRead() {
        // Given
        Listing listing = stocked(7);
        products.remove(listing.product()).await().atMost(PATIENCE);

        // When
        Ledger.Page page = page(sku(listing), ALL, null, 5);

        // Then
        assertThat(page.movements()).hasSize(1);
    }

    @Test
    public void movementsThatAreLargerTogetherThanAResponseAreReadToTheEnd() {
        // Given
        Listing listing = stocked(10_000);
        List<String> tokens = Stream.generate(() -> UUID.randomUUID().toString())
                .filter(it -> Math.floorMod(it.hashCode(), LedgerTable.BUCKETS) == 5)
                .limit(26)
                .toList();
        tokens.forEach(it -> stock.commit(large(listing, it)).await().atMost(PATIENCE));

        // When
        List<Movement> read =
                ledger.movements(sku(listing), LATER, 5, null, 25).await().atMost(PATIENCE);

        // Then
        assertThat(read).extracting(Movement::id).isSubsetOf(tokens).hasSize(25);
    }

    /** 97 reservations of users with the longest names. */
    private static GroupCommit large(Listing listing, String token) {
        List<Reservation> holds = IntStream.range(0, GroupCommit.MAX_ENTRIES)
                .mapToObj(i -> new UserId("%03d".formatted(i) + "👾".repeat(62)))
                .map(user -> new ReservationRequest(
                        ReservationId.of(sku(listing), Samples.newKey()), user, new Quantity(1), Samples.NOW))
                .map(it -> Samples.held(it, 0, Duration.ofMinutes(10)))
                .toList();
        return new GroupCommit(token, LATER, sku(listing), 0, holds, List.of());
    }
}
