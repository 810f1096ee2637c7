package dev.flashstock.dynamodb;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * The hours in which a SKU has movements, so that whoever reads its ledger need not look into every hour there was. An
 * hour is noted before its first movement is written, by each process once.
 */
final class LedgerHours {
    private static final int MAX_REMEMBERED = 10_000;

    private final DynamoDbAsyncClient client;
    private final String table;
    private final Cache<Hour, Boolean> noted =
            Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).build();

    LedgerHours(DynamoDbAsyncClient client, String table) {
        this.client = client;
        this.table = table;
    }

    private record Hour(Sku sku, Instant begin) {}

    /** Completes when the hour of a moment is noted. */
    Uni<Void> noted(Sku sku, Instant at) {
        Hour hour = new Hour(sku, at.truncatedTo(ChronoUnit.HOURS));
        return noted.getIfPresent(hour) != null
                ? Uni.createFrom().voidItem()
                : Calls.call(() -> client.putItem(
                                request -> request.tableName(table).item(Schema.ledgerHour(sku, at))))
                        .invoke(() -> noted.put(hour, true))
                        .replaceWithVoid();
    }
}
