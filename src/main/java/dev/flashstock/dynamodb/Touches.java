package dev.flashstock.dynamodb;

import dev.flashstock.heat.Key;
import dev.flashstock.heat.Throttle.Access;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.Get;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItem;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** The partition keys that a request reads or writes in a table, and its index. A scan has none. */
final class Touches {
    /** {@code PK = :pk}: a partition key is always told so. */
    private static final Pattern PARTITION = Pattern.compile("\\w+ = (:\\w+)");

    private static final int EVENTUAL = 1;
    private static final int PLAIN = 2;
    private static final int IN_TRANSACTION = 4;

    private final String table;
    private final List<Touch> touches = new ArrayList<>();

    private Touches(String table) {
        this.table = table;
    }

    static List<Touch> of(SdkRequest request, String table) {
        Touches touches = new Touches(table);
        touches.add(request);
        return touches.touches;
    }

    private void add(SdkRequest request) {
        if (request instanceof TransactWriteItemsRequest write) {
            transact(write.transactItems());
        } else if (request instanceof BatchGetItemRequest batch) {
            batch(batch.requestItems().get(table));
        } else if (request instanceof TransactGetItemsRequest read) {
            read(read.transactItems());
        } else if (request instanceof GetItemRequest get) {
            add(0, get.tableName(), get.key(), Access.READ, read(get.consistentRead()));
        } else if (request instanceof QueryRequest query && table.equals(query.tableName())) {
            query(query);
        } else if (request instanceof UpdateItemRequest update) {
            add(0, update.tableName(), update.key(), Access.WRITE, PLAIN);
        } else if (request instanceof PutItemRequest put) {
            put(0, put.tableName(), put.item(), PLAIN);
        } else if (request instanceof DeleteItemRequest delete) {
            add(0, delete.tableName(), delete.key(), Access.WRITE, PLAIN);
        }
    }

    private void transact(List<TransactWriteItem> items) {
        for (int entry = 0; entry < items.size(); entry++) {
            TransactWriteItem item = items.get(entry);
            if (item.put() != null) {
                put(entry, item.put().tableName(), item.put().item(), IN_TRANSACTION);
            } else if (item.update() != null) {
                add(entry, item.update().tableName(), item.update().key(), Access.WRITE, IN_TRANSACTION);
            } else if (item.delete() != null) {
                add(entry, item.delete().tableName(), item.delete().key(), Access.WRITE, IN_TRANSACTION);
            } else if (item.conditionCheck() != null) {
                add(
                        entry,
                        item.conditionCheck().tableName(),
                        item.conditionCheck().key(),
                        Access.WRITE,
                        IN_TRANSACTION);
            }
        }
    }

    private void read(List<TransactGetItem> items) {
        for (int entry = 0; entry < items.size(); entry++) {
            Get get = items.get(entry).get();
            add(entry, get.tableName(), get.key(), Access.READ, IN_TRANSACTION);
        }
    }

    private void batch(@Nullable KeysAndAttributes keys) {
        if (keys != null) {
            for (int entry = 0; entry < keys.keys().size(); entry++) {
                add(entry, table, keys.keys().get(entry), Access.READ, read(keys.consistentRead()));
            }
        }
    }

    private void query(QueryRequest query) {
        Matcher partition = PARTITION.matcher(query.keyConditionExpression());
        if (partition.lookingAt()) {
            AttributeValue value = query.expressionAttributeValues().get(partition.group(1));
            add(0, value, query.indexName(), Access.READ, read(query.consistentRead()));
        }
    }

    /** What has a status is in the index too, but for what a transaction costs more. */
    private void put(int entry, String itsTable, Map<String, AttributeValue> item, int halfUnits) {
        add(entry, itsTable, item, Access.WRITE, halfUnits);
        if (table.equals(itsTable)) {
            add(entry, item.get(Schema.STATUS_SHARD), Schema.BY_STATUS, Access.WRITE, PLAIN);
        }
    }

    private void add(int entry, String itsTable, Map<String, AttributeValue> keyOrItem, Access access, int halfUnits) {
        if (table.equals(itsTable)) {
            add(entry, keyOrItem.get(Schema.PK), null, access, halfUnits);
        }
    }

    private void add(int entry, @Nullable AttributeValue value, @Nullable String index, Access access, int halfUnits) {
        if (value != null && value.s() != null) {
            touches.add(new Touch(entry, new Key(value.s(), index), access, halfUnits));
        }
    }

    private static int read(@Nullable Boolean consistent) {
        return Boolean.TRUE.equals(consistent) ? PLAIN : EVENTUAL;
    }
}
