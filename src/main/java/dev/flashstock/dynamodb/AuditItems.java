package dev.flashstock.dynamodb;

import static dev.flashstock.dynamodb.Schema.number;
import static dev.flashstock.dynamodb.Schema.text;

import dev.flashstock.stock.Audit;
import dev.flashstock.stock.Discrepancy;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationId;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Results of audits to attributes and back. */
final class AuditItems {
    private static final String KIND = "kind";
    private static final String RESERVATION = "reservation";
    private static final String USER = "user";
    private static final String ADJUSTMENT = "adjustment";

    private AuditItems() {}

    static Map<String, AttributeValue> of(Audit audit) {
        Map<String, AttributeValue> all = new HashMap<>();
        all.put(Schema.AUDIT_ID, text(audit.id()));
        all.put(Schema.STARTED_AT, number(audit.startedAt().toEpochMilli()));
        all.put(Schema.FINISHED_AT, number(audit.finishedAt().toEpochMilli()));
        all.put("stocked", number(audit.stocked()));
        all.put("repaired", number(audit.repaired()));
        all.put(Schema.AVAILABLE, number(audit.available()));
        all.put("held", number(audit.held()));
        all.put("confirmed", number(audit.confirmed()));
        all.put("difference", number(audit.difference()));
        all.put("inFlight", number(audit.inFlight()));
        all.put("searched", AttributeValue.fromBool(audit.searched()));
        all.put("movements", number(audit.movements()));
        all.put("versions", number(audit.versions()));
        all.put("more", number(audit.more()));
        all.put(
                "discrepancies",
                AttributeValue.fromL(audit.discrepancies().stream()
                        .map(it -> AttributeValue.fromM(of(it)))
                        .toList()));
        return all;
    }

    private static Map<String, AttributeValue> of(Discrepancy discrepancy) {
        Map<String, AttributeValue> all = new HashMap<>();
        all.put(KIND, text(discrepancy.kind().name()));
        all.put(Schema.UNITS, number(discrepancy.units()));
        Reservation.Key reservation = discrepancy.reservation();
        if (reservation != null) {
            all.put(USER, text(reservation.user().value()));
            all.put(RESERVATION, text(reservation.id().digest()));
        }
        String adjustment = discrepancy.adjustment();
        if (adjustment != null) {
            all.put(ADJUSTMENT, text(adjustment));
        }
        return all;
    }

    static Audit audit(Sku sku, Map<String, AttributeValue> all) {
        return new Audit(
                Items.string(all, Schema.AUDIT_ID),
                sku,
                Instant.ofEpochMilli(Items.integer(all, Schema.STARTED_AT)),
                Instant.ofEpochMilli(Items.integer(all, Schema.FINISHED_AT)),
                Items.integer(all, "stocked"),
                Items.integer(all, "repaired"),
                Items.integer(all, Schema.AVAILABLE),
                Items.integer(all, "held"),
                Items.integer(all, "confirmed"),
                Items.integer(all, "difference"),
                Items.integer(all, "inFlight"),
                Items.present(all, "searched").bool(),
                Items.integer(all, "movements"),
                Items.integer(all, "versions"),
                Items.present(all, "discrepancies").l().stream()
                        .map(it -> discrepancy(sku, it.m()))
                        .toList(),
                Items.integer(all, "more"));
    }

    private static Discrepancy discrepancy(Sku sku, Map<String, AttributeValue> all) {
        return new Discrepancy(
                Discrepancy.Kind.valueOf(Items.string(all, KIND)),
                Items.integer(all, Schema.UNITS),
                all.containsKey(RESERVATION)
                        ? new Reservation.Key(
                                new UserId(Items.string(all, USER)),
                                ReservationId.of(sku, Items.string(all, RESERVATION)))
                        : null,
                all.containsKey(ADJUSTMENT) ? Items.string(all, ADJUSTMENT) : null);
    }
}
