package dev.flashstock.dynamodb;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/** Queries whose answers end at their limit and not, as DynamoDB's do, at a MiB. */
final class Pages {
    private final DynamoDbAsyncClient client;

    Pages(DynamoDbAsyncClient client) {
        this.client = client;
    }

    /** Up to so many items; fewer only when none follow. */
    Uni<List<Map<String, AttributeValue>>> items(QueryRequest query, int limit) {
        return Calls.call(() -> client.query(query.toBuilder().limit(limit).build()))
                .chain(response -> {
                    int missing = limit - response.items().size();
                    if (missing == 0 || !response.hasLastEvaluatedKey()) {
                        return Uni.createFrom().item(response.items());
                    }
                    QueryRequest rest = query.toBuilder()
                            .exclusiveStartKey(response.lastEvaluatedKey())
                            .build();
                    return items(rest, missing)
                            .map(more -> Stream.concat(response.items().stream(), more.stream())
                                    .toList());
                });
    }
}
