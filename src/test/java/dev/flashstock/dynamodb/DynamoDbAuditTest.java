package dev.flashstock.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.Samples;
import dev.flashstock.inventory.AuditContract;
import dev.flashstock.inventory.Listing;
import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.Audit;
import dev.flashstock.stock.Discrepancy;
import dev.flashstock.stock.Discrepancy.Kind;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Audits of the real table, and of damage that no transaction of flashstock's does. */
@Tag("long")
class DynamoDbAuditTest extends AuditContract {
    private final DynamoDbAsyncClient client = TableOnAWire.SHARED.client();
    private final String table = TableOnAWire.SHARED.table();

    @Override
    protected Ports table() {
        return TableOnAWire.SHARED.ports();
    }

    @Override
    protected <T> CompletableFuture<T> begin(Sku sku, Uni<T> transaction) {
        return TableOnAWire.SHARED.begin(sku, transaction);
    }

    @Override
    protected void end() {
        TableOnAWire.SHARED.end();
    }

    @Override
    protected void removed(Reservation over) {
        delete(Schema.reservation(over.user(), over.id()));
    }

    @Test
    void duringASaleNothingIsTakenForADifference() {
        // Given
        Listing listing = stockedFor4();

        // When
        List<Audit> audits = auditedDuringASale(listing);

        // Then
        assertThat(audits).allSatisfy(it -> {
            assertThat(it.difference()).isZero();
            assertThat(it.discrepancies()).isEmpty();
            assertThat(it.more()).isZero();
        });
        assertThat(audits.get(0).inFlight()).isPositive();
        Audit after = audits.get(audits.size() - 1);
        assertThat(after.inFlight()).isZero();
        assertThat(after.stocked()).isEqualTo(1600);
        assertThat(after.confirmed()).isPositive();
        assertThat(after.available() + after.held() + after.confirmed()).isEqualTo(1600);
    }

    @Test
    void duringASaleWhatIsWrongIsNamed() {
        // Given
        Listing listing = stockedFor4();
        Reservation lost = held(listing, 2);
        delete(Schema.reservation(lost.user(), lost.id()));
        Reservation forged = Samples.held(Samples.request(lost.sku(), 3), 0, Duration.ofMinutes(10));
        client.putItem(request -> request.tableName(table).item(Items.of(forged)))
                .join();

        // When
        List<Audit> audits = auditedDuringASale(listing);

        // Then
        assertThat(audits)
                .allSatisfy(it -> assertThat(it.discrepancies())
                        .filteredOn(named -> named.kind() != Kind.RESERVATION_WITHOUT_HOLD)
                        .containsExactly(wrong(Kind.RESERVATION_NOT_HELD, 2, lost)));
        assertThat(audits)
                .filteredOn(Audit::searched)
                .isNotEmpty()
                .allSatisfy(it ->
                        assertThat(it.discrepancies()).contains(wrong(Kind.RESERVATION_WITHOUT_HOLD, -3, forged)));
        assertThat(audits.get(audits.size() - 1).difference()).isEqualTo(2 - 3);
    }

    // Damage

    private void addToShard(Sku sku, int shard, long units) {
        client.updateItem(request -> request.tableName(table)
                        .key(Schema.shard(sku, shard))
                        .updateExpression("ADD available :units")
                        .expressionAttributeValues(Map.of(":units", Schema.number(units))))
                .join();
    }

    private void set(Reservation reservation, String attribute, AttributeValue value) {
        client.updateItem(request -> request.tableName(table)
                        .key(Schema.reservation(reservation.user(), reservation.id()))
                        .updateExpression("SET #it = :value")
                        .expressionAttributeNames(Map.of("#it", attribute))
                        .expressionAttributeValues(Map.of(":value", value)))
                .join();
    }

    private void delete(Map<String, AttributeValue> key) {
        client.deleteItem(request -> request.tableName(table).key(key)).join();
    }

    /** The movements of a SKU with lines of a kind. */
    private List<Map<String, AttributeValue>> movements(Sku sku, String kind) {
        return client
                .scan(request -> request.tableName(table)
                        .filterExpression("begins_with(PK, :ledger) AND attribute_exists(" + kind + ")")
                        .expressionAttributeValues(Map.of(":ledger", Schema.text("LEDGER#" + sku + "#"))))
                .join()
                .items()
                .stream()
                .map(it -> Map.of("PK", it.get("PK"), "SK", it.get("SK")))
                .toList();
    }

    private static Discrepancy wrong(Kind kind, long units, Reservation reservation) {
        return new Discrepancy(kind, units, reservation.key(), null);
    }

    /** The audit names it, the repair makes up for it, and then all is well. */
    private void namedAndRepaired(Sold product, long difference, Discrepancy... named) {
        // When
        Audit audit = audit(product.listing, true);
        Outcome<Adjustment> repair = repair(product.listing);
        Audit after = audit(product.listing, true);

        // Then
        assertThat(audit.inFlight()).isZero();
        assertThat(audit.difference()).isEqualTo(difference);
        assertThat(audit.discrepancies()).containsExactlyInAnyOrder(named);
        assertThat(audit.more()).isZero();
        assertThat(((Outcome.Done<Adjustment>) repair).value().delta()).isEqualTo(difference);
        assertThat(after.difference()).isZero();
        assertThat(after.repaired()).isEqualTo(difference);
        assertThat(after.discrepancies()).isEmpty();
        assertThat(after.available()).isEqualTo(audit.available() + difference);
    }

    @Test
    void aShardThatHasMoreIsRepaired() {
        Sold product = new Sold();
        addToShard(product.sku(), 0, 5);
        namedAndRepaired(product, -5, new Discrepancy(Kind.SHARDS, -5, null, null));
    }

    @Test
    void aShardThatHasFewerIsRepaired() {
        Sold product = new Sold();
        addToShard(product.sku(), 1, -3);
        namedAndRepaired(product, 3, new Discrepancy(Kind.SHARDS, 3, null, null));
    }

    @Test
    void aHoldThatIsGoneIsRepaired() {
        Sold product = new Sold();
        delete(Schema.reservation(product.held.user(), product.held.id()));
        namedAndRepaired(product, 4, wrong(Kind.RESERVATION_NOT_HELD, 4, product.held));
    }

    @Test
    void aHoldThatWasReleasedByHandIsRepaired() {
        Sold product = new Sold();
        set(product.held, "status", Schema.text("RELEASED"));
        namedAndRepaired(product, 4, wrong(Kind.RESERVATION_NOT_HELD, 4, product.held));
    }

    @Test
    void aReservationThatIsHeldAgainByHandIsRepaired() {
        Sold product = new Sold();
        set(product.released, "status", Schema.text("HELD"));
        namedAndRepaired(product, -2, wrong(Kind.RESERVATION_GIVEN_BACK, -2, product.released));
    }

    @Test
    void aReservationWithOtherUnitsIsRepaired() {
        Sold product = new Sold();
        set(product.held, "quantity", Schema.number(6));
        namedAndRepaired(product, -2, wrong(Kind.RESERVATION_UNITS, -2, product.held));
    }

    @Test
    void aReservationThatWasMadeUpIsRepairedAndThenGivesItsUnitsBackLikeAnyOther() {
        Sold product = new Sold();
        Reservation forged = Samples.held(Samples.request(product.sku(), 3), 0, Duration.ofMinutes(10));
        client.putItem(request -> request.tableName(table).item(Items.of(forged)))
                .join();
        namedAndRepaired(product, -3, wrong(Kind.RESERVATION_WITHOUT_HOLD, -3, forged));

        // When
        Audit unsearched = audit(product.listing, false);
        release(forged);
        Audit released = audit(product.listing, true);

        // Then
        assertThat(unsearched.difference()).isZero();
        assertThat(unsearched.held()).isEqualTo(7);
        assertThat(released.difference()).isZero();
        assertThat(released.discrepancies()).isEmpty();
    }

    @Test
    void anAdjustmentThatIsNotRecordedIsRepaired() {
        Sold product = new Sold();
        Adjustment adjustment = theOnlyAdjustment(product.sku());
        delete(Schema.adjustment(product.sku(), adjustment.id()));
        deliver(product, 30);

        // When
        Audit audit = audit(product.listing, true);
        Outcome<Adjustment> repair = repair(product.listing);

        // Then
        assertThat(audit.difference()).isEqualTo(-20);
        assertThat(audit.discrepancies())
                .containsExactly(new Discrepancy(Kind.ADJUSTMENT_NOT_RECORDED, -20, null, adjustment.id()));
        assertThat(repair).isInstanceOf(Outcome.Done.class);
        Audit after = audit(product.listing, true);
        assertThat(after.difference()).isZero();
        assertThat(after.discrepancies()).isEmpty();
    }

    @Test
    void anAdjustmentWhoseMovementIsLostIsNamed() {
        Sold product = new Sold();
        Adjustment adjustment = theOnlyAdjustment(product.sku());
        delete(movements(product.sku(), "adjustments").get(0));

        // When
        Audit audit = audit(product.listing, true);

        // Then: the shards and the records are right, the ledger is not.
        assertThat(audit.difference()).isZero();
        assertThat(audit.discrepancies())
                .containsExactlyInAnyOrder(
                        new Discrepancy(Kind.ADJUSTMENT_NOT_IN_LEDGER, 20, null, adjustment.id()),
                        new Discrepancy(Kind.SHARDS, -20, null, null));
    }

    @Test
    void aMovementThatIsLostIsNamedByAllThatItWasAbout() {
        Sold product = new Sold();
        delete(movements(product.sku(), "holds").get(0));

        // When
        Audit audit = audit(product.listing, false); // that something is wrong makes it search

        // Then: the shards and the reservations are right, the ledger is not.
        assertThat(audit.searched()).isTrue();
        assertThat(audit.difference()).isZero();
        assertThat(audit.held()).isEqualTo(4);
        assertThat(audit.confirmed()).isEqualTo(3);
        assertThat(audit.discrepancies())
                .containsExactlyInAnyOrder(
                        wrong(Kind.RESERVATION_WITHOUT_HOLD, -4, product.held),
                        wrong(Kind.RESERVATION_WITHOUT_HOLD, -3, product.sold),
                        wrong(Kind.RETURN_WITHOUT_HOLD, -2, product.released),
                        wrong(Kind.RETURN_WITHOUT_HOLD, -1, product.expired),
                        new Discrepancy(Kind.SHARDS, 10, null, null));
    }

    @Test
    void aHundredAreNamedAndTheRestIsCounted() {
        Sold product = new Sold();
        IntStream.range(0, 105).forEach(i -> {
            Reservation forged = Samples.held(Samples.request(product.sku(), 1), 0, Duration.ofMinutes(10));
            client.putItem(request -> request.tableName(table).item(Items.of(forged)))
                    .join();
        });

        // When
        Audit audit = audit(product.listing, true);

        // Then
        assertThat(audit.difference()).isEqualTo(-105);
        assertThat(audit.discrepancies()).hasSize(Audit.MAX_NAMED);
        assertThat(audit.more()).isEqualTo(5);
    }

    private Adjustment theOnlyAdjustment(Sku sku) {
        return table().stock().adjustments(sku, "", 2).await().indefinitely().get(0);
    }
}
