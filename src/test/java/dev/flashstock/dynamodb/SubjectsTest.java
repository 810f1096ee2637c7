package dev.flashstock.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.Samples;
import dev.flashstock.heat.Key;
import dev.flashstock.heat.Subject;
import dev.flashstock.heat.Subject.Kind;
import dev.flashstock.inventory.Expiry;
import dev.flashstock.stock.Product;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Each key that the schema makes is known for what it is. */
class SubjectsTest {
    private static final Sku SKU = new Sku("game.console~7");

    private static Stream<Arguments> keys() {
        return Stream.of(
                Arguments.of(Schema.shard(SKU, 12), new Subject(Kind.STOCK_SHARD, SKU, 12)),
                Arguments.of(Schema.product(SKU), new Subject(Kind.PRODUCT, SKU, 0)),
                Arguments.of(Schema.layout(SKU), new Subject(Kind.PRODUCT, SKU, 0)),
                Arguments.of(Schema.limit(new UserId("alice"), SKU), Subject.of(Kind.USER)),
                Arguments.of(Schema.adjustment(SKU, "id"), new Subject(Kind.ADJUSTMENTS, SKU, 0)),
                Arguments.of(Schema.movement(SKU, Samples.NOW, "id"), new Subject(Kind.LEDGER, SKU, 0)),
                Arguments.of(Schema.ledgerHour(SKU, Samples.NOW), new Subject(Kind.LEDGER, SKU, 0)),
                Arguments.of(
                        Schema.expiry(new Expiry(Samples.NOW, SKU, 3, Samples.NOW, "movement")),
                        Subject.of(Kind.EXPIRY)),
                Arguments.of(Schema.audit(SKU), new Subject(Kind.AUDIT, SKU, 0)),
                Arguments.of(Schema.summary(SKU), new Subject(Kind.SUMMARY, SKU, 0)),
                Arguments.of(Schema.summaryLease(), Subject.of(Kind.SUMMARY)),
                Arguments.of(Schema.views(SKU, 4), new Subject(Kind.VIEWS, SKU, 4)),
                Arguments.of(Schema.likes(SKU, 5), new Subject(Kind.LIKES, SKU, 5)));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void keysOfTheTable(Map<String, AttributeValue> key, Subject subject) {
        assertThat(Subjects.of(Key.ofTable(Items.string(key, Schema.PK)))).isEqualTo(subject);
    }

    @Test
    void keysOfTheIndex() {
        Key key = new Key(Schema.statusShard(Product.Status.ON_SALE, 3), Schema.BY_STATUS);

        assertThat(Subjects.of(key)).isEqualTo(Subject.of(Kind.STATUS_INDEX));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "#", "something else", "STOCK#", "STOCK##1", "UNKNOWN#a#1"})
    void otherKeysAreNotMistaken(String key) {
        assertThat(Subjects.of(Key.ofTable(key))).isEqualTo(Subject.of(Kind.OTHER));
    }
}
