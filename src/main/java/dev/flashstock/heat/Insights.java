package dev.flashstock.heat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * CloudWatch Contributor Insights of a table or an index: which keys are used or throttled most.
 *
 * @param status as DynamoDB spells it: {@code ENABLED}, {@code DISABLED} and what lies between
 * @param mode as DynamoDB spells it; null: it was never switched on, or not told
 * @param rules the names of its rules in CloudWatch
 */
public record Insights(String status, @Nullable String mode, List<String> rules) {
    /** Switched on, or about to be. */
    private static final List<String> ON = List.of("ENABLED", "ENABLING");

    private static final String THROTTLED_KEYS = "THROTTLED_KEYS";

    /** The most rules that are read of a table: of its throttled partition keys, and of its throttled items. */
    private static final int MOST_RULES = 2;

    private static final String OF_THROTTLES = "DynamoDBContributorInsights-[PS]KT-.*";

    /** Keeps the rules for itself. */
    public Insights {
        rules = List.copyOf(rules);
    }

    /** Whether it watches throttled keys and nothing else. */
    public boolean watchesThrottledKeys() {
        return ON.contains(status) && THROTTLED_KEYS.equals(mode);
    }

    /** The rules that tell of throttled keys. */
    public List<String> rulesOfThrottles() {
        return rules.stream()
                .filter(it -> it.matches(OF_THROTTLES))
                .limit(MOST_RULES)
                .toList();
    }
}
