package dev.flashstock.heat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key that was throttled, as Contributor Insights tells.
 *
 * @param index the index; null: the table itself
 * @param key the partition key's value, and the sort key's where the rule is about items
 * @param throttles about how often
 */
public record ThrottledKey(@Nullable String index, List<String> key, double throttles) {
    /** Keeps the key for itself. */
    public ThrottledKey {
        key = List.copyOf(key);
    }
}
