package dev.flashstock.dynamodb;

import static dev.flashstock.dynamodb.Schema.text;

import dev.flashstock.stock.Movement;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationId;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Movements to items and back. A transaction pays for every KiB of them, so an item is short: an attribute for each kind
 * of line, in it a line of text for each, its fields apart by tabs: units, the reservation's digest, its user, by whom,
 * why. No field has a control character.
 */
final class LedgerItems {
    private static final String LINE = "\n";
    private static final String FIELD = "\t";

    private LedgerItems() {}

    /** The attribute that lines of a kind are in. */
    static String attribute(Movement.Kind kind) {
        return switch (kind) {
            case HOLD -> "holds";
            case RELEASE -> "releases";
            case EXPIRY -> "expiries";
            case ADJUSTMENT -> "adjustments";
            case MOVE -> "moves";
        };
    }

    static Map<String, AttributeValue> of(Movement movement) {
        Map<String, AttributeValue> item = new HashMap<>(Schema.movement(movement.sku(), movement.at(), movement.id()));
        item.put(
                Schema.CHANGES,
                text(movement.changes().stream()
                        .map(it -> it.shard() + ":" + it.units())
                        .collect(Collectors.joining(" "))));
        movement.lines().stream()
                .collect(Collectors.groupingBy(
                        Movement.Line::kind, Collectors.mapping(LedgerItems::of, Collectors.joining(LINE))))
                .forEach((kind, lines) -> item.put(attribute(kind), text(lines)));
        return item;
    }

    private static String of(Movement.Line line) {
        Reservation.Key reservation = line.reservation();
        UserId by = line.by();
        String fields = String.join(
                FIELD,
                Long.toString(line.units()),
                reservation == null ? "" : reservation.id().digest(),
                reservation == null ? "" : reservation.user().value(),
                by == null ? "" : by.value(),
                line.reason() == null ? "" : line.reason());
        return withoutEmptyEnd(fields);
    }

    private static String withoutEmptyEnd(String fields) {
        int end = fields.length();
        while (fields.charAt(end - 1) == '\t') {
            end--;
        }
        return fields.substring(0, end);
    }

    static Movement movement(Map<String, AttributeValue> item) {
        String partition = Items.string(item, Schema.PK);
        Sku sku = new Sku(partition.split("#", -1)[1]);
        String sort = Items.string(item, Schema.SK);
        int time = sort.indexOf('#');
        List<Movement.Line> lines = new ArrayList<>();
        for (Movement.Kind kind : Movement.Kind.values()) {
            AttributeValue text = item.get(attribute(kind));
            if (text != null) {
                text.s().lines().forEach(it -> lines.add(line(sku, kind, it)));
            }
        }
        return new Movement(
                sort.substring(time + 1),
                sku,
                Instant.parse(sort.substring(0, time)),
                Arrays.stream(Items.string(item, Schema.CHANGES).split(" ", -1))
                        .map(LedgerItems::change)
                        .toList(),
                lines);
    }

    private static Movement.Change change(String text) {
        int colon = text.indexOf(':');
        return new Movement.Change(
                Integer.parseInt(text.substring(0, colon)), Long.parseLong(text.substring(colon + 1)));
    }

    private static Movement.Line line(Sku sku, Movement.Kind kind, String text) {
        String[] fields = text.split(FIELD, -1);
        String digest = field(fields, 1);
        String user = field(fields, 2);
        String by = field(fields, 3);
        return new Movement.Line(
                kind,
                Long.parseLong(fields[0]),
                digest == null || user == null
                        ? null
                        : new Reservation.Key(new UserId(user), ReservationId.of(sku, digest)),
                by == null ? null : new UserId(by),
                field(fields, 4));
    }

    private static @Nullable String field(String[] fields, int index) {
        return fields.length <= index || fields[index].isEmpty() ? null : fields[index];
    }
}
