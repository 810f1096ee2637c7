package dev.flashstock.local.partitions;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Transactions in flight: while one writes items, no other transaction and no single write gets at them. Single writes
 * in flight are in nobody's way, as in DynamoDB.
 */
final class Transactions {
    private final Set<String> items = new HashSet<>();
    private final Set<String> tokens = new HashSet<>();

    boolean none() {
        return items.isEmpty();
    }

    /** Which entries are in the way of a transaction in flight, by position; plain reads never are. */
    Set<Integer> conflicts(Operation operation) {
        if (operation.kind() == Operation.Kind.READ || operation.kind() == Operation.Kind.BATCH_READ) {
            return Set.of();
        }
        List<Operation.Entry> entries = operation.entries();
        return IntStream.range(0, entries.size())
                .filter(i -> items.contains(entries.get(i).itemKey()))
                .boxed()
                .collect(Collectors.toSet());
    }

    /** Whether a transaction with the same token is in flight. */
    boolean isInProgress(JsonNode request) {
        return tokens.contains(token(request));
    }

    /** Whether a transaction has two operations on one item, which DynamoDB refuses. */
    static boolean namesAnItemTwice(Operation operation) {
        Set<String> seen = new HashSet<>();
        return operation.entries().stream()
                .map(Operation.Entry::itemKey)
                .filter(Objects::nonNull)
                .anyMatch(key -> !seen.add(key));
    }

    /** A transaction begins. */
    void begin(Operation operation, JsonNode request) {
        operation.entries().stream()
                .map(Operation.Entry::itemKey)
                .filter(Objects::nonNull)
                .forEach(items::add);
        tokens.add(token(request));
    }

    /** A transaction has ended, one way or another. */
    void end(Operation operation, JsonNode request) {
        operation.entries().stream().map(Operation.Entry::itemKey).forEach(items::remove);
        tokens.remove(token(request));
    }

    private static @Nullable String token(JsonNode request) {
        JsonNode token = request.path("ClientRequestToken");
        return token.isTextual() ? token.asText() : null;
    }
}
