package dev.flashstock.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flashstock.Samples;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RememberedListingsTest {
    private static final Sku SKU = new Sku("console");
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Every look-up stays under way until the test ends it. */
    private final List<CompletableFuture<Optional<Listing>>> lookUps = new CopyOnWriteArrayList<>();

    private final RememberedListings remembered = remembering(LONG);

    private RememberedListings remembering(Duration forHowLong) {
        return new RememberedListings(
                sku -> Uni.createFrom().completionStage(() -> {
                    CompletableFuture<Optional<Listing>> lookUp = new CompletableFuture<>();
                    lookUps.add(lookUp);
                    return lookUp;
                }),
                forHowLong);
    }

    @Test
    void thoseWhoAskTogetherShareOneLookUp() {
        // Given
        Optional<Listing> listing = Optional.of(Samples.listing(SKU, 10));

        // When
        List<CompletableFuture<Optional<Listing>>> answers =
                Stream.generate(() -> ask(remembered)).limit(20).toList();
        lookUps.get(0).complete(listing);

        // Then
        assertThat(lookUps).hasSize(1);
        assertThat(answers).allSatisfy(it -> assertThat(it).isCompletedWithValue(listing));
    }

    @Test
    void thoseWhoAskSoonAfterwardsGetTheSameListing() {
        // Given
        Optional<Listing> listing = Optional.of(Samples.listing(SKU, 10));
        ask(remembered);
        lookUps.get(0).complete(listing);

        // When
        CompletableFuture<Optional<Listing>> later = ask(remembered);

        // Then
        assertThat(later).isCompletedWithValue(listing);
        assertThat(lookUps).hasSize(1);
    }

    @Test
    void thatThereIsNoListingIsRememberedToo() {
        // Given
        ask(remembered);
        lookUps.get(0).complete(Optional.empty());

        // When
        CompletableFuture<Optional<Listing>> later = ask(remembered);

        // Then
        assertThat(later).isCompletedWithValue(Optional.empty());
        assertThat(lookUps).hasSize(1);
    }

    @Test
    void afterItsTimeAListingIsLookedUpAgain() {
        // Given
        RememberedListings briefly = remembering(Duration.ofMillis(20));
        ask(briefly);
        lookUps.get(0).complete(Optional.empty());

        // When
        await().atMost(PATIENCE).until(() -> {
            ask(briefly);
            return lookUps.size() == 2;
        });

        // Then
        assertThat(ask(briefly)).isNotDone();
    }

    @Test
    void aForgottenListingIsLookedUpAgain() {
        // Given
        ask(remembered);
        lookUps.get(0).complete(Optional.empty());
        Optional<Listing> created = Optional.of(Samples.listing(SKU, 10));

        // When
        remembered.forget(SKU);
        CompletableFuture<Optional<Listing>> later = ask(remembered);
        lookUps.get(1).complete(created);

        // Then
        assertThat(later).isCompletedWithValue(created);
    }

    @Test
    void aLookUpThatWasUnderWayWhenItWasForgottenIsNotRemembered() {
        // Given
        ask(remembered);

        // When
        remembered.forget(SKU);
        lookUps.get(0).complete(Optional.empty());
        CompletableFuture<Optional<Listing>> later = ask(remembered);

        // Then
        assertThat(later).isNotDone();
        assertThat(lookUps).hasSize(2);
    }

    @Test
    void aFailedLookUpIsNotRemembered() {
        // Given
        ask(remembered);
        lookUps.get(0).completeExceptionally(new Unavailable("away"));
        Optional<Listing> listing = Optional.of(Samples.listing(SKU, 10));

        // When
        CompletableFuture<Optional<Listing>> later = ask(remembered);
        lookUps.get(1).complete(listing);

        // Then
        assertThat(later).isCompletedWithValue(listing);
    }

    @Test
    void aFailedLookUpFailsWithWhatTheTableSaid() {
        // Given
        UniAssertSubscriber<Optional<Listing>> first =
                remembered.find(SKU).subscribe().withSubscriber(UniAssertSubscriber.create());
        UniAssertSubscriber<Optional<Listing>> second =
                remembered.find(SKU).subscribe().withSubscriber(UniAssertSubscriber.create());

        // When
        lookUps.get(0).completeExceptionally(new Unavailable("away"));

        // Then
        first.awaitFailure(PATIENCE).assertFailedWith(Unavailable.class, "away");
        second.awaitFailure(PATIENCE).assertFailedWith(Unavailable.class, "away");
    }

    @Test
    void oneWhoGivesUpDoesNotEndTheOthersLookUp() {
        // Given
        CompletableFuture<Optional<Listing>> impatient = ask(remembered);
        CompletableFuture<Optional<Listing>> patient = ask(remembered);
        Optional<Listing> listing = Optional.of(Samples.listing(SKU, 10));

        // When
        impatient.cancel(true);
        lookUps.get(0).complete(listing);

        // Then
        assertThat(patient).isCompletedWithValue(listing);
        assertThat(lookUps).hasSize(1);
        assertThat(lookUps.get(0)).isNotCancelled();
    }

    private static CompletableFuture<Optional<Listing>> ask(Listings listings) {
        return listings.find(SKU).subscribeAsCompletionStage();
    }
}
