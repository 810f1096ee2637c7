package dev.flashstock.stock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ProductTest {
    private static final Sku SKU = new Sku("console");
    private static final Instant START = Instant.parse("2026-11-27T09:00:00Z");
    private static final Instant END = START.plusSeconds(3600);

    @Test
    void theFirstMomentOfTheSaleIsInTheSale() {
        // When
        Optional<Refusal> refusal = onSale(START, END).refusesSaleAt(START);

        // Then
        assertThat(refusal).isEmpty();
    }

    @Test
    void theMomentBeforeTheFirstIsNot() {
        // When
        Optional<Refusal> refusal = onSale(START, END).refusesSaleAt(START.minusNanos(1));

        // Then
        assertThat(refusal).contains(new Refusal.SaleNotStarted(SKU, START));
    }

    @Test
    void theMomentBeforeTheEndIsInTheSale() {
        // When
        Optional<Refusal> refusal = onSale(START, END).refusesSaleAt(END.minusNanos(1));

        // Then
        assertThat(refusal).isEmpty();
    }

    @Test
    void theEndIsNot() {
        // When
        Optional<Refusal> refusal = onSale(START, END).refusesSaleAt(END);

        // Then
        assertThat(refusal).contains(new Refusal.SaleEnded(SKU, END));
    }

    @Test
    void aSaleWithoutAWindowIsAlwaysOpen() {
        // When
        Product product = onSale(null, null);

        // Then
        assertThat(product.refusesSaleAt(Instant.EPOCH)).isEmpty();
        assertThat(product.refusesSaleAt(Instant.MAX)).isEmpty();
    }

    @Test
    void aWindowOpenOnOneSideIsBoundedOnTheOther() {
        // When
        Product fromStart = onSale(START, null);
        Product untilEnd = onSale(null, END);

        // Then
        assertThat(fromStart.refusesSaleAt(Instant.MAX)).isEmpty();
        assertThat(fromStart.refusesSaleAt(Instant.EPOCH)).containsInstanceOf(Refusal.SaleNotStarted.class);
        assertThat(untilEnd.refusesSaleAt(Instant.EPOCH)).isEmpty();
        assertThat(untilEnd.refusesSaleAt(Instant.MAX)).containsInstanceOf(Refusal.SaleEnded.class);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ON_SALE")
    void anyOtherStatusKeepsItFromBeingSoldInsideTheWindowToo(Product.Status status) {
        // Given
        Product product = Samples.product(SKU, status);

        // When
        Optional<Refusal> refusal = product.refusesSaleAt(START);

        // Then
        assertThat(refusal).contains(new Refusal.NotOnSale(SKU, status));
    }

    @Test
    void anotherRevisionSaysTheSame() {
        // Given
        Product one = product(SKU, "Console", 1, Product.Status.ON_SALE, START, END, 600, "r1");
        Product other = product(SKU, "Console", 1, Product.Status.ON_SALE, START, END, 600, "r2");

        // When
        boolean same = one.saysTheSameAs(other);

        // Then
        assertThat(same).isTrue();
    }

    @ParameterizedTest
    @MethodSource("differing")
    void anyOtherDifferenceSaysSomethingElse(Product other) {
        // Given
        Product one = product(SKU, "Console", 1, Product.Status.ON_SALE, START, END, 600, "r1");

        // When
        boolean same = one.saysTheSameAs(other);

        // Then
        assertThat(same).isFalse();
    }

    static Stream<Product> differing() {
        Product.Status onSale = Product.Status.ON_SALE;
        return Stream.of(
                product(new Sku("other"), "Console", 1, onSale, START, END, 600, "r1"),
                product(SKU, "console", 1, onSale, START, END, 600, "r1"),
                product(SKU, "Console", 2, onSale, START, END, 600, "r1"),
                product(SKU, "Console", 1, Product.Status.PAUSED, START, END, 600, "r1"),
                product(SKU, "Console", 1, onSale, null, END, 600, "r1"),
                product(SKU, "Console", 1, onSale, START, null, 600, "r1"),
                product(SKU, "Console", 1, onSale, START, END, 601, "r1"));
    }

    private static Product onSale(@Nullable Instant startsAt, @Nullable Instant endsAt) {
        return product(SKU, "Console", 1, Product.Status.ON_SALE, startsAt, endsAt, 600, "r1");
    }

    private static Product product(
            Sku sku,
            String name,
            long minorUnits,
            Product.Status status,
            @Nullable Instant startsAt,
            @Nullable Instant endsAt,
            int holdSeconds,
            String revision) {
        return new Product(
                sku,
                name,
                new Price(minorUnits, Currency.getInstance("EUR")),
                status,
                startsAt,
                endsAt,
                Duration.ofSeconds(holdSeconds),
                null,
                revision);
    }
}
