package dev.flashstock.dynamodb;

import static dev.flashstock.dynamodb.Schema.number;
import static dev.flashstock.dynamodb.Schema.text;

import dev.flashstock.inventory.Lease;
import dev.flashstock.inventory.Summary;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Summaries and their lease to items and back. A level is a list of its version and its units, which is short. */
final class SummaryItems {
    private static final String NOTHING_READ = "BEGINNING";
    private static final String ENDED = "END";

    /** A level's version, its units, and those that were moved to it. */
    private static final int LEVEL_PARTS = 3;

    private SummaryItems() {}

    static Map<String, AttributeValue> of(Summary summary, long revision) {
        Map<String, AttributeValue> levels = new HashMap<>();
        summary.levels()
                .forEach((shard, level) -> levels.put(
                        Integer.toString(shard),
                        AttributeValue.fromL(
                                List.of(number(level.version()), number(level.available()), number(level.moved())))));
        Map<String, AttributeValue> item = new HashMap<>(Schema.summary(summary.sku()));
        item.put(Schema.SKU, text(summary.sku().value()));
        item.put(Schema.REVISION, number(revision));
        item.put(Schema.TERM, number(summary.term()));
        item.put(Schema.GENERATION, number(summary.generation()));
        item.put(Schema.LEVELS, AttributeValue.fromM(levels));
        return item;
    }

    static Summary summary(Map<String, AttributeValue> item) {
        Map<Integer, ShardLevel> levels = new HashMap<>();
        Items.present(item, Schema.LEVELS).m().forEach((number, level) -> {
            int shard = Integer.parseInt(number);
            List<AttributeValue> parts = level.l();
            if (parts.size() == LEVEL_PARTS) { // else it was written by an earlier version, and is counted anew
                levels.put(shard, new ShardLevel(shard, part(parts, 1), part(parts, 0), part(parts, 2), false));
            }
        });
        return new Summary(
                new Sku(Items.string(item, Schema.SKU)),
                Items.integer(item, Schema.REVISION),
                Items.integer(item, Schema.TERM),
                Items.integer(item, Schema.GENERATION),
                levels);
    }

    private static long part(List<AttributeValue> parts, int index) {
        return Long.parseLong(parts.get(index).n());
    }

    static Map<String, AttributeValue> of(Lease lease, Instant writtenAt) {
        Map<String, AttributeValue> marks = new HashMap<>();
        lease.marks().forEach((strand, mark) -> marks.put(strand, text(mark(mark))));
        Map<String, AttributeValue> item = new HashMap<>(Schema.summaryLease());
        item.put(Schema.OWNER, text(lease.owner()));
        item.put(Schema.TERM, number(lease.term()));
        item.put(Schema.BEAT, number(lease.beat()));
        item.put(Schema.STREAM, text(lease.stream()));
        item.put(Schema.GENERATION, number(lease.generation()));
        item.put(Schema.UP_TO, number(lease.upTo().toEpochMilli()));
        item.put(Schema.MARKS, AttributeValue.fromM(marks));
        item.put(Schema.WRITTEN_AT, number(writtenAt.toEpochMilli()));
        return item;
    }

    private static String mark(Lease.Mark mark) {
        if (mark.ended()) {
            return ENDED;
        }
        String after = mark.after();
        return after == null ? NOTHING_READ : after;
    }

    static Lease lease(Map<String, AttributeValue> item) {
        Map<String, Lease.Mark> marks = new HashMap<>();
        Items.present(item, Schema.MARKS).m().forEach((strand, mark) -> marks.put(strand, mark(mark.s())));
        return new Lease(
                Items.string(item, Schema.OWNER),
                Items.integer(item, Schema.TERM),
                Items.integer(item, Schema.BEAT),
                Items.string(item, Schema.STREAM),
                Items.integer(item, Schema.GENERATION),
                Instant.ofEpochMilli(Items.integer(item, Schema.UP_TO)),
                marks);
    }

    /** What came before an end is of no use. */
    private static Lease.Mark mark(String text) {
        return switch (text) {
            case NOTHING_READ -> new Lease.Mark(null, false);
            case ENDED -> new Lease.Mark(null, true);
            default -> new Lease.Mark(text, false);
        };
    }
}
