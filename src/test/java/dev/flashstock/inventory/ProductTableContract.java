package dev.flashstock.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.Samples;
import dev.flashstock.sharding.Layout;
import dev.flashstock.sharding.Spread;
import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Price;
import dev.flashstock.stock.Product;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.tuples.Tuple2;
import java.time.Duration;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The port for products, whatever is behind it. */
public abstract class ProductTableContract extends TableContract {
    @Test
    public void aNewProductComesBackAsItWasWritten() {
        // Given
        Sku sku = Samples.newSku();
        Product full = new Product(
                sku,
                "Spielkonsole \"Größe XL\" 👾",
                new Price(0, Currency.getInstance("JPY")),
                Product.Status.DRAFT,
                Samples.NOW,
                Samples.NOW.plusMillis(1),
                Duration.ofSeconds(601),
                2,
                "r1");
        Listing listing = new Listing(full, new Layout(3, 5, 7));

        // When
        Attempt attempt = products.create(listing).await().atMost(PATIENCE);

        // Then
        assertThat(attempt).isEqualTo(Attempt.DONE);
        assertThat(found(sku)).contains(listing);
    }

    @Test
    public void aSkuIsTakenOnce() {
        // Given
        Listing first = created(3);

        // When
        Attempt attempt =
                products.create(Samples.listing(sku(first), 9)).await().atMost(PATIENCE);

        // Then
        assertThat(attempt).isEqualTo(Attempt.CHANGED);
        assertThat(found(sku(first))).contains(first);
    }

    @Test
    public void aProductIsReplacedAndItsLayoutStays() {
        // Given
        Listing listing = created(3);
        Product paused = Samples.product(sku(listing), Product.Status.PAUSED);

        // When
        Attempt attempt =
                products.replace(paused, listing.product().revision()).await().atMost(PATIENCE);

        // Then
        assertThat(attempt).isEqualTo(Attempt.DONE);
        assertThat(found(sku(listing))).contains(new Listing(paused, listing.layout()));
    }

    @Test
    public void aProductThatHasChangedOrIsGoneIsNotReplaced() {
        // Given
        Listing listing = created(3);
        Product never = Samples.product(Samples.newSku());

        // When
        Attempt changed = products.replace(Samples.product(sku(listing)), "another revision")
                .await()
                .atMost(PATIENCE);
        Attempt gone = products.replace(never, never.revision()).await().atMost(PATIENCE);

        // Then
        assertThat(changed).isEqualTo(Attempt.CHANGED);
        assertThat(gone).isEqualTo(Attempt.CHANGED);
        assertThat(found(sku(listing))).contains(listing);
        assertThat(found(never.sku())).isEmpty();
    }

    @Test
    public void aProductIsRemoved() {
        // Given
        Listing listing = stocked(3, 4);

        // When
        Attempt attempt = products.remove(listing.product()).await().atMost(PATIENCE);
        Attempt again = products.remove(listing.product()).await().atMost(PATIENCE);

        // Then
        assertThat(attempt).isEqualTo(Attempt.DONE);
        assertThat(again).isEqualTo(Attempt.CHANGED);
        assertThat(found(sku(listing))).isEmpty();
    }

    @Test
    public void aProductThatHasChangedIsNotRemoved() {
        // Given
        Listing edited = created(1);
        products.replace(Samples.product(sku(edited)), edited.product().revision())
                .await()
                .atMost(PATIENCE);

        // When
        Attempt attempt = products.remove(edited.product()).await().atMost(PATIENCE);

        // Then
        assertThat(attempt).isEqualTo(Attempt.CHANGED);
        assertThat(found(sku(edited))).isPresent();
    }

    @Test
    public void theBooksOfARemovedProductStayAndItsStockIsNotAdjusted() {
        // Given
        Listing listing = stocked(3, 4);
        Reservation held = hold(listing, 2);
        commit(listing, held);
        products.remove(listing.product()).await().atMost(PATIENCE);
        Adjustment late = Samples.adjustment(sku(listing), 5);

        // When
        Attempt adjusted = adjust(late, new Portion(0, 5));
        Attempt repaired = stock.repair(late, List.of(new Portion(0, 5)), List.of(), "an audit")
                .await()
                .atMost(PATIENCE);
        giveBack(held, Reservation.Status.RELEASED);

        // Then
        assertThat(adjusted).isEqualTo(Attempt.CHANGED);
        assertThat(repaired).isEqualTo(Attempt.CHANGED);
        assertThat(gather(listing)).extracting(ShardLevel::available).containsExactly(3L, 4L);
        assertThat(ever(listing)).isEqualTo(7);
    }

    @Test
    public void aProductThatIsPutAgainHasTheShardsThatItHad() {
        // Given
        Listing listing = stocked(3, 4);
        long version = found(sku(listing)).orElseThrow().layout().version();
        products.remove(listing.product()).await().atMost(PATIENCE);
        Listing other = Samples.listing(sku(listing), 9);

        // When
        Attempt attempt = products.create(other).await().atMost(PATIENCE);
        Attempt taken =
                products.create(Samples.listing(sku(listing), 9)).await().atMost(PATIENCE);

        // Then
        Listing now = found(sku(listing)).orElseThrow();
        assertThat(attempt).isEqualTo(Attempt.DONE);
        assertThat(taken).isEqualTo(Attempt.CHANGED);
        assertThat(now.product()).isEqualTo(other.product());
        assertThat(now.layout()).isEqualTo(new Layout(2, 2, version + 2));
        assertThat(gather(now)).extracting(ShardLevel::available).containsExactly(3L, 4L);
        assertThat(adjust(Samples.adjustment(sku(listing), 1), new Portion(0, 1)))
                .isEqualTo(Attempt.DONE);
    }

    @Test
    public void aProductThatIsDeletedWhileItIsStockedKeepsItsBooks() {
        RememberedListings remembered = new RememberedListings(products, Duration.ofSeconds(1));
        Retries retries = new Retries(ThreadLocalRandom.current()::nextInt, Pauses.real());
        Catalogue catalogue = new Catalogue(products, auditor(retries)::held, remembered, remembered, retries);
        Stock useCases = stock(remembered, retries);
        for (int round = 0; round < 20; round++) {
            // Given
            Listing listing = Samples.ended(Samples.newSku(), 3);
            products.create(listing).await().atMost(PATIENCE);
            Sku sku = sku(listing);

            // When
            Tuple2<Outcome<Sku>, Outcome<Adjustment>> outcomes = Uni.combine()
                    .all()
                    .unis(catalogue.delete(sku, Precondition.none()), useCases.adjust(Samples.adjustment(sku, 7)))
                    .asTuple()
                    .await()
                    .atMost(PATIENCE);

            // Then
            boolean adjusted = outcomes.getItem2() instanceof Outcome.Done;
            assertThat(found(sku)).isEmpty();
            assertThat(outcomes.getItem1()).isEqualTo(Outcome.done(sku));
            assertThat(adjusted || outcomes.getItem2().equals(Outcome.refused(new Refusal.UnknownSku(sku))))
                    .isTrue();
            assertThat(Spread.total(gather(listing))).isEqualTo(adjusted ? 7 : 0);
            assertThat(ever(listing)).isEqualTo(adjusted ? 7 : 0);
        }
    }

    @Test
    public void productsAreListedByStatusInTheOrderOfTheirSkusAcrossAllShardsOfTheIndex() {
        // Given
        String prefix = "list-" + UUID.randomUUID() + "-";
        List<Product> all = IntStream.range(0, 150)
                .mapToObj(i -> Samples.product(new Sku(prefix + (1_000 + i)), Product.Status.ENDED))
                .toList();
        all.forEach(it -> products.create(new Listing(it, Layout.of(1))).await().atMost(PATIENCE));
        products.create(new Listing(Samples.product(new Sku(prefix + "1000a")), Layout.of(1)))
                .await()
                .atMost(PATIENCE);

        // When
        List<Product> first = products.list(Product.Status.ENDED, new Sku(prefix), 101)
                .await()
                .atMost(PATIENCE);
        List<Product> second = products.list(
                        Product.Status.ENDED, first.get(100).sku(), 49)
                .await()
                .atMost(PATIENCE);

        // Then
        assertThat(first).isEqualTo(all.subList(0, 101));
        assertThat(second).isEqualTo(all.subList(101, 150));
    }

    @Test
    public void aProductIsListedUnderItsStatusOnly() {
        // Given
        Listing listing = created(1);
        Sku sku = sku(listing);
        Sku before = new Sku(sku.value().substring(0, sku.value().length() - 1));
        Product paused = Samples.product(sku, Product.Status.PAUSED);

        // When
        products.replace(paused, listing.product().revision()).await().atMost(PATIENCE);

        // Then
        assertThat(products.list(Product.Status.PAUSED, before, 1).await().atMost(PATIENCE))
                .containsExactly(paused);
        assertThat(products.list(Product.Status.ON_SALE, before, 1).await().atMost(PATIENCE))
                .extracting(Product::sku)
                .doesNotContain(sku);
    }

    private Optional<Listing> found(Sku sku) {
        return products.find(sku).await().atMost(PATIENCE);
    }
}
