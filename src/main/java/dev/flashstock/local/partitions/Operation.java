package dev.flashstock.local.partitions;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * What a request does, and what that costs. PartiQL is not read: it goes through unmetered.
 *
 * @param kind how its entries belong together
 * @param entries what it reads or writes, in the order of the request
 * @param charges what the entries cost
 */
record Operation(Kind kind, List<Entry> entries, List<Charge> charges) {
    /** How entries belong together. */
    enum Kind {
        READ(Access.READ, 1),
        WRITE(Access.WRITE, 1),
        BATCH_READ(Access.READ, 1),
        BATCH_WRITE(Access.WRITE, 1),
        TRANSACT_READ(Access.READ, 2),
        TRANSACT_WRITE(Access.WRITE, 2);

        private final Access access;
        private final int factor;

        Kind(Access access, int factor) {
            this.access = access;
            this.factor = factor;
        }

        Access access() {
            return access;
        }

        /** A transaction costs twice what its parts cost: it prepares, and then commits. */
        int factor() {
            return factor;
        }

        boolean isBatch() {
            return this == BATCH_READ || this == BATCH_WRITE;
        }

        boolean isTransaction() {
            return this == TRANSACT_READ || this == TRANSACT_WRITE;
        }
    }

    /**
     * One read or write.
     *
     * @param table its table's name
     * @param wire what stands in the request: a key, or a put or delete request; for one that is alone, the request
     * @param itemKey the item, told from all others; null when it is not one item
     */
    record Entry(String table, JsonNode wire, @Nullable String itemKey) {}

    private static final Map<String, Kind> KINDS = Map.ofEntries(
            Map.entry("GetItem", Kind.READ),
            Map.entry("Query", Kind.READ),
            Map.entry("Scan", Kind.READ),
            Map.entry("PutItem", Kind.WRITE),
            Map.entry("UpdateItem", Kind.WRITE),
            Map.entry("DeleteItem", Kind.WRITE),
            Map.entry("BatchGetItem", Kind.BATCH_READ),
            Map.entry("BatchWriteItem", Kind.BATCH_WRITE),
            Map.entry("TransactGetItems", Kind.TRANSACT_READ),
            Map.entry("TransactWriteItems", Kind.TRANSACT_WRITE));

    /** {@code PK = :pk}, {@code #pk=:pk}: the partition key's condition is an equality. */
    private static final Pattern EQUALITY = Pattern.compile("(#?[\\w.-]+)\\s*=\\s*(:\\w+)");

    /** How the operation of this name is read; null if it is not one on items. */
    static @Nullable Kind kind(String name) {
        return KINDS.get(name);
    }

    /** The tables that a request names. */
    static Set<String> tables(Kind kind, JsonNode request) {
        Set<String> tables = new LinkedHashSet<>();
        if (kind.isBatch()) {
            request.path("RequestItems").fieldNames().forEachRemaining(tables::add);
        } else if (kind.isTransaction()) {
            request.path("TransactItems")
                    .forEach(item -> item.forEach(
                            action -> tables.add(action.path("TableName").asText())));
        } else {
            tables.add(request.path("TableName").asText());
        }
        return tables;
    }

    /** Reads a request whose tables are known; null if it has not the shape of one, which the engine tells best. */
    static @Nullable Operation of(Kind kind, JsonNode request, Map<String, TableShape> shapes) {
        if (!isWellFormed(kind, request)) {
            return null;
        }
        Reader reader = new Reader(kind, shapes);
        switch (kind) {
            case READ, WRITE -> reader.single(request);
            case BATCH_READ -> reader.batchRead(request.path("RequestItems"));
            case BATCH_WRITE -> reader.batchWrite(request.path("RequestItems"));
            case TRANSACT_READ, TRANSACT_WRITE -> request.path("TransactItems").forEach(reader::part);
        }
        return new Operation(kind, reader.entries, reader.charges);
    }

    private static boolean isWellFormed(Kind kind, JsonNode request) {
        return switch (kind) {
            case READ, WRITE -> request.isObject();
            case BATCH_READ -> all(request.path("RequestItems"), table -> all(table.path("Keys"), JsonNode::isObject));
            case BATCH_WRITE -> all(request.path("RequestItems"), table -> all(table, JsonNode::isObject));
            case TRANSACT_READ, TRANSACT_WRITE -> all(request.path("TransactItems"), part -> part.size() == 1);
        };
    }

    private static boolean all(JsonNode container, Predicate<JsonNode> wellFormed) {
        return container.isContainerNode()
                && StreamSupport.stream(container.spliterator(), false).allMatch(wellFormed);
    }

    private static final class Reader {
        private final Kind kind;
        private final Map<String, TableShape> shapes;
        private final List<Entry> entries = new ArrayList<>();
        private final List<Charge> charges = new ArrayList<>();

        Reader(Kind kind, Map<String, TableShape> shapes) {
            this.kind = kind;
            this.shapes = shapes;
        }

        private void single(JsonNode request) {
            TableShape table = shapes.get(request.path("TableName").asText());
            if (table == null) {
                return;
            }
            JsonNode keyOrItem = request.has("Item") ? request.path("Item") : request.path("Key");
            if (keyOrItem.isObject()) {
                item(table, request, keyOrItem, kind.access() == Access.WRITE ? 1 : consistency(request));
            } else {
                many(table, request);
            }
        }

        /** A query, or a scan. */
        private void many(TableShape table, JsonNode request) {
            String index =
                    request.hasNonNull("IndexName") ? request.path("IndexName").asText() : null;
            charges.add(new Charge(
                    entries.size(),
                    table,
                    index,
                    Access.READ,
                    queried(request, table.hashKeyOf(index)),
                    consistency(request),
                    false));
            entries.add(new Entry(table.name(), request, null));
        }

        private void batchRead(JsonNode byTable) {
            eachTable(byTable, (table, keys) -> {
                double units = consistency(keys);
                keys.path("Keys").forEach(key -> item(table, key, key, units));
            });
        }

        private void batchWrite(JsonNode byTable) {
            eachTable(
                    byTable,
                    (table, writes) -> writes.forEach(write -> {
                        JsonNode put = write.path("PutRequest").path("Item");
                        item(
                                table,
                                write,
                                put.isObject()
                                        ? put
                                        : write.path("DeleteRequest").path("Key"),
                                1);
                    }));
        }

        private void eachTable(JsonNode byTable, BiConsumer<TableShape, JsonNode> read) {
            for (Map.Entry<String, JsonNode> table : byTable.properties()) {
                TableShape shape = shapes.get(table.getKey());
                if (shape != null) {
                    read.accept(shape, table.getValue());
                }
            }
        }

        /** A part of a transaction: {@code {"Put": {...}}}; its position counts, also when its table is unknown. */
        private void part(JsonNode part) {
            JsonNode action = part.iterator().next();
            TableShape table = shapes.get(action.path("TableName").asText());
            if (table == null) {
                entries.add(new Entry(action.path("TableName").asText(), part, null));
                return;
            }
            item(table, part, action.has("Item") ? action.path("Item") : action.path("Key"), 1);
        }

        private void item(TableShape table, JsonNode wire, JsonNode keyOrItem, double least) {
            int entry = entries.size();
            boolean put = kind.access() == Access.WRITE && isPut(wire);
            double units = kind.factor() * (put ? ItemSize.writeUnits(keyOrItem) : least);
            entries.add(new Entry(table.name(), wire, table.itemKey(keyOrItem)));
            charges.add(new Charge(entry, table, null, kind.access(), text(keyOrItem, table.hashKey()), units, put));
            if (put) {
                table.indexes().forEach((index, hashKey) -> {
                    if (keyOrItem.has(hashKey)) {
                        charges.add(
                                new Charge(entry, table, index, Access.WRITE, text(keyOrItem, hashKey), units, true));
                    }
                });
            }
        }

        private static boolean isPut(JsonNode wire) {
            return wire.has("Item") || wire.has("PutRequest") || wire.has("Put");
        }

        /** Eventually consistent reads cost half. */
        private static double consistency(JsonNode request) {
            return request.path("ConsistentRead").asBoolean() ? 1 : 0.5;
        }

        private static String text(JsonNode item, String attribute) {
            JsonNode value = item.path(attribute);
            return value.size() == 1 ? value.iterator().next().asText() : value.toString();
        }

        private static @Nullable String queried(JsonNode request, String hashKey) {
            Matcher equality =
                    EQUALITY.matcher(request.path("KeyConditionExpression").asText());
            while (equality.find()) {
                String name = equality.group(1);
                String attribute = name.startsWith("#")
                        ? request.path("ExpressionAttributeNames").path(name).asText()
                        : name;
                if (attribute.equals(hashKey)) {
                    return text(request.path("ExpressionAttributeValues"), equality.group(2));
                }
            }
            return null;
        }
    }
}
