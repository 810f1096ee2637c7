package dev.flashstock.app;

import dev.flashstock.dynamodb.DynamoDbConfig;
import dev.flashstock.dynamodb.DynamoDbExpiries;
import dev.flashstock.dynamodb.DynamoDbLedger;
import dev.flashstock.dynamodb.DynamoDbProducts;
import dev.flashstock.dynamodb.DynamoDbReservations;
import dev.flashstock.dynamodb.DynamoDbSetup;
import dev.flashstock.dynamodb.DynamoDbStock;
import dev.flashstock.dynamodb.Retention;
import dev.flashstock.inventory.ExpiryTable;
import dev.flashstock.inventory.LedgerTable;
import dev.flashstock.inventory.ProductTable;
import dev.flashstock.inventory.ReservationTable;
import dev.flashstock.inventory.StockTable;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** The table's adapters, put together. */
final class TableWiring {
    @Produces
    @Singleton
    DynamoDbSetup tableSetup(DynamoDbAsyncClient client, DynamoDbConfig config) {
        return new DynamoDbSetup(client, config.table());
    }

    @Produces
    @Singleton
    ProductTable products(DynamoDbAsyncClient client, DynamoDbConfig config) {
        return new DynamoDbProducts(client, config.table());
    }

    @Produces
    @Singleton
    StockTable stockTable(
            DynamoDbAsyncClient client, DynamoDbConfig config, MeterRegistry metrics, InstantSource clock) {
        StockTable table = new DynamoDbStock(client, config.table(), new Retention(config.retention()));
        return new CountedStock(table, metrics, clock);
    }

    @Produces
    @Singleton
    ReservationTable reservationTable(DynamoDbAsyncClient client, DynamoDbConfig config, InstantSource clock) {
        return new DynamoDbReservations(client, config.table(), new Retention(config.retention()), clock);
    }

    @Produces
    @Singleton
    ExpiryTable expiryTable(DynamoDbAsyncClient client, DynamoDbConfig config) {
        return new DynamoDbExpiries(client, config.table());
    }

    @Produces
    @Singleton
    LedgerTable ledgerTable(DynamoDbAsyncClient client, DynamoDbConfig config) {
        return new DynamoDbLedger(client, config.table());
    }
}
