package dev.flashstock.local.partitions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flashstock.local.faults.Gate;
import dev.flashstock.local.faults.HttpBackend;
import dev.flashstock.local.faults.Wire;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives DynamoDB Local the limits of DynamoDB: what a request costs is charged to the partitions of its keys, and what
 * they cannot bear is refused in DynamoDB's own words. Transactions conflict whether or not there are limits.
 *
 * <p>A request is let through when the buckets of its keys hold the units that it is known to cost; what it really cost
 * is what DynamoDB Local reports, which is settled when it has answered. A refused request costs nothing; one that fails
 * on a condition costs what it would have cost.
 */
public final class PartitionGate implements Gate {
    /** The most tables with limits at a time. */
    public static final int MAX_TABLES = 1_000;

    private static final Set<String> TABLE_CHANGES = Set.of("CreateTable", "UpdateTable", "DeleteTable");

    private final HttpBackend server;
    private final LongSupplier nanoTime;
    private final Transactions transactions = new Transactions();
    private final Map<String, Meter> meters = new ConcurrentHashMap<>();
    private final Map<String, TableShape> shapes = new ConcurrentHashMap<>();

    /**
     * Begins without limits.
     *
     * @param server DynamoDB Local
     * @param nanoTime a clock for the buckets, in nanoseconds
     */
    public PartitionGate(HttpBackend server, LongSupplier nanoTime) {
        this.server = server;
        this.nanoTime = nanoTime;
    }

    /**
     * Sets a table's limits, with full buckets, and begins to count anew.
     *
     * @param table the table's name
     * @param limits its limits
     * @throws IllegalStateException if {@value #MAX_TABLES} other tables have limits
     */
    public void limit(String table, Limits limits) {
        Objects.requireNonNull(limits, "limits");
        if (meters.size() >= MAX_TABLES && !meters.containsKey(table)) {
            throw new IllegalStateException("More than " + MAX_TABLES + " tables with limits");
        }
        meters.put(table, new Meter(limits));
    }

    /** Takes a table's limits away. */
    public void unlimit(String table) {
        meters.remove(table);
    }

    /** A table's limits; null if it has none. */
    public @Nullable Limits limits(String table) {
        Meter meter = meters.get(table);
        return meter == null ? null : meter.limits();
    }

    /** What a table's requests have cost since its limits were set; null if it has none. */
    public synchronized @Nullable Throughput throughput(String table) {
        Meter meter = meters.get(table);
        return meter == null ? null : meter.throughput();
    }

    @Override
    public Future<Passage> admit(Request request) {
        Operation.Kind kind = Operation.kind(request.operation());
        if (TABLE_CHANGES.contains(request.operation())) {
            return Future.succeededFuture(new Passage.Admitted(request.body(), this::tablesChanged));
        }
        if (kind == null || (meters.isEmpty() && !kind.isTransaction() && inNobodysWay(kind))) {
            return OPEN.admit(request);
        }
        JsonNode body = json(request.body());
        if (body == null) {
            return OPEN.admit(request);
        }
        return describe(Operation.tables(kind, body), request).compose(described -> {
            Operation operation = Operation.of(kind, body, described);
            return operation == null ? OPEN.admit(request) : Future.succeededFuture(judge(operation, request, body));
        });
    }

    private Answer tablesChanged(Answer answer) {
        shapes.clear();
        return answer;
    }

    private synchronized boolean inNobodysWay(Operation.Kind kind) {
        return kind.access() == Access.READ || transactions.none();
    }

    private synchronized Passage judge(Operation operation, Request request, JsonNode body) {
        Bill bill = new Bill(operation, meters, nanoTime);
        Set<Integer> conflicts = transactions.conflicts(operation);
        if (!conflicts.isEmpty()) {
            bill.conflicted();
        }
        Set<Integer> heldBack = new LinkedHashSet<>(conflicts);
        Answer refusal = refusal(operation, body, conflicts);
        if (refusal == null) {
            refusal = bill.charge(heldBack);
        }
        return refusal == null ? pass(request, body, operation, bill, heldBack) : new Passage.Refused(refusal);
    }

    /** What transactions refuse; a batch goes on without the items that are in the way of one. */
    private @Nullable Answer refusal(Operation operation, JsonNode body, Set<Integer> conflicts) {
        return switch (operation.kind()) {
            case READ, BATCH_READ, BATCH_WRITE -> null;
            case WRITE -> conflicts.isEmpty() ? null : Refusals.conflict();
            case TRANSACT_READ, TRANSACT_WRITE -> {
                if (Transactions.namesAnItemTwice(operation)) {
                    yield Refusals.itemTwice();
                }
                if (transactions.isInProgress(body)) {
                    yield Refusals.inProgress();
                }
                yield conflicts.isEmpty() ? null : Refusals.conflicts(operation, conflicts);
            }
        };
    }

    private Passage pass(Request request, JsonNode body, Operation operation, Bill bill, Set<Integer> heldBack) {
        boolean locks = operation.kind() == Operation.Kind.TRANSACT_WRITE;
        if (locks) {
            transactions.begin(operation, body);
        }
        Batch batch = new Batch(operation, body, heldBack);
        if (batch.isEmpty()) {
            return new Passage.Refused(Wire.json(200, batch.withUnprocessed(Wire.MAPPER.createObjectNode())));
        }
        boolean asItIs = bill.isEmpty() && heldBack.isEmpty();
        Buffer bytes = asItIs ? request.body() : bytes(bill.isEmpty() ? batch.rest() : Consumed.askedFor(batch.rest()));
        return new Passage.Admitted(bytes, new Settlement() {
            @Override
            public Answer answered(Answer answer) {
                release();
                return asItIs ? answer : settle(answer, body, operation, bill, batch);
            }

            @Override
            public void broken() {
                release();
            }

            private void release() {
                if (locks) {
                    end(operation, body);
                }
            }
        });
    }

    private synchronized void end(Operation operation, JsonNode body) {
        transactions.end(operation, body);
    }

    private synchronized Answer settle(Answer answer, JsonNode request, Operation operation, Bill bill, Batch batch) {
        JsonNode body = json(answer.body());
        if (!(body instanceof ObjectNode object)) {
            return answer;
        }
        if (answer.status() == 200) {
            ObjectNode whole = batch.withUnprocessed(object);
            bill.settle(Consumed.of(whole, operation));
            if (!request.has("ReturnConsumedCapacity")
                    || request.path("ReturnConsumedCapacity").asText().equals("NONE")) {
                object.remove("ConsumedCapacity");
            }
            return answer.withBody(bytes(whole));
        }
        if (Consumed.isConditionFailed(object)) {
            bill.settleFailed(object);
        } else {
            bill.refund();
        }
        return answer;
    }

    /** The tables that exist; one that does not is the backend's to refuse. */
    private Future<Map<String, TableShape>> describe(Set<String> tables, Request request) {
        List<Future<TableShape>> described = new ArrayList<>();
        for (String table : tables) {
            TableShape known = shapes.get(table);
            described.add(known == null ? describe(table, request) : Future.succeededFuture(known));
        }
        return Future.join(described).map(all -> {
            Map<String, TableShape> byName = new HashMap<>();
            all.<TableShape>list().stream().filter(it -> !it.name().isEmpty()).forEach(it -> byName.put(it.name(), it));
            return byName;
        });
    }

    private Future<TableShape> describe(String table, Request request) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .addAll(request.headers())
                .set("X-Amz-Target", "DynamoDB_20120810.DescribeTable");
        Request describe =
                new Request("DescribeTable", headers, bytes(Wire.MAPPER.valueToTree(Map.of("TableName", table))));
        return server.post(describe).map(answer -> {
            JsonNode body = json(answer.body());
            TableShape shape = TableShape.of(body == null ? Wire.MAPPER.createObjectNode() : body);
            if (!shape.name().isEmpty()) {
                shapes.put(table, shape);
            }
            return shape;
        });
    }

    private static @Nullable JsonNode json(Buffer body) {
        try {
            return Wire.MAPPER.readTree(body.getBytes());
        } catch (IOException e) {
            return null; // not for the gate to judge
        }
    }

    private static Buffer bytes(JsonNode json) {
        return Buffer.buffer(json.toString());
    }
}
