package dev.flashstock.dynamodb;

import dev.flashstock.heat.Key;
import dev.flashstock.heat.Subject;
import dev.flashstock.heat.Subject.Kind;
import dev.flashstock.stock.Sku;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What lies under a partition key of the table or of its index. */
public final class Subjects {
    /** What a key begins with, whose it is, and perhaps which part. */
    private static final Pattern SHAPE = Pattern.compile("([A-Z]+)(?:#(" + Sku.PATTERN + ")(?:#(\\d{1,9}))?.*)?");

    private static final Map<String, Kind> KINDS = Map.of(
            "STOCK", Kind.STOCK_SHARD,
            "PRODUCT", Kind.PRODUCT,
            "ADJUSTMENT", Kind.ADJUSTMENTS,
            "LEDGER", Kind.LEDGER,
            "AUDIT", Kind.AUDIT,
            "SUMMARY", Kind.SUMMARY,
            "VIEWS", Kind.VIEWS,
            "LIKES", Kind.LIKES);

    /** Those that are of no single product. */
    private static final Map<String, Kind> OTHERS = Map.of("USER", Kind.USER, "EXPIRY", Kind.EXPIRY);

    private Subjects() {}

    /** What lies under a key. */
    public static Subject of(Key key) {
        if (key.index() != null) {
            return Subject.of(Kind.STATUS_INDEX);
        }
        Matcher shape = SHAPE.matcher(key.value());
        if (!shape.matches()) {
            return Subject.of(Kind.OTHER);
        }
        Kind kind = KINDS.get(shape.group(1));
        if (kind == null || shape.group(2) == null) {
            return Subject.of(kind == null ? OTHERS.getOrDefault(shape.group(1), Kind.OTHER) : kind);
        }
        int shard = kind.isSharded() && shape.group(3) != null ? Integer.parseInt(shape.group(3)) : 0;
        return new Subject(kind, new Sku(shape.group(2)), shard);
    }
}
