package dev.flashstock.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.Samples;
import dev.flashstock.inventory.Listing;
import dev.flashstock.inventory.Precondition;
import dev.flashstock.sharding.Layout;
import dev.flashstock.stock.Product;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ETagsTest {
    @Test
    void aTagIsInQuotes() {
        // When
        String tag = ETags.of("r1");

        // Then
        assertThat(tag).isEqualTo("\"r1\"");
    }

    @Test
    void aProductsTagIsItsRevisionAndItsShards() {
        // When
        String tag = ETags.tag(new Listing(product("r1"), Layout.of(10)));

        // Then
        assertThat(tag).isEqualTo("r1.10");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                // If-Match      | If-None-Match | there is r1 | there is none
                "-               | -             | true  | true",
                "*               | -             | true  | false",
                " *              | -             | true  | false",
                "\"r1\"          | -             | true  | false",
                "\"r2\"          | -             | false | false",
                "\"r2\", \"r1\"  | -             | true  | false",
                "\"r2\",\"r1\"   | -             | true  | false",
                "\"r1.10\"       | -             | true  | false",
                "\"r2.10\"       | -             | false | false",
                "W/\"r1\"        | -             | false | false",
                "r1              | -             | false | false",
                "``              | -             | false | false",
                "-               | *             | false | true",
                "-               | \"r1\"        | false | true",
                "-               | \"r2\"        | true  | true",
                "-               | \"r2\",\"r1\" | false | true",
                "-               | W/\"r1\"      | false | true",
                "-               | \"r1.20\"     | false | true",
                "\"r1\"          | \"r1\"        | false | false",
                "\"r1\"          | \"r2\"        | true  | false"
            })
    void aPreconditionHoldsAsTheHeadersSay(
            @Nullable String ifMatch, @Nullable String ifNoneMatch, boolean present, boolean absent) {
        // When
        Precondition precondition = ETags.precondition(ifMatch, ifNoneMatch);

        // Then
        assertThat(precondition.holds(Optional.of(product("r1")))).isEqualTo(present);
        assertThat(precondition.holds(Optional.empty())).isEqualTo(absent);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                "-                 | false",
                "*                 | true",
                "\"r1\"            | true",
                "W/\"r1\"          | true",
                "\"r2\"            | false",
                "\"r1.10\"         | false",
                "\"r2\", W/\"r1\"  | true",
                "r1                | false",
                "``                | false"
            })
    void aReaderHasTheRevisionAlreadyByWeakComparison(@Nullable String ifNoneMatch, boolean matches) {
        // When
        boolean has = ETags.matches(ifNoneMatch, "r1");

        // Then
        assertThat(has).isEqualTo(matches);
    }

    private static Product product(String revision) {
        Product it = Samples.product(Samples.newSku());
        return new Product(
                it.sku(),
                it.name(),
                it.price(),
                it.status(),
                it.startsAt(),
                it.endsAt(),
                it.holdTime(),
                it.perUserLimit(),
                revision);
    }
}
