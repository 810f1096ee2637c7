package dev.flashstock.app;

import dev.flashstock.dynamodb.DynamoDbAudits;
import dev.flashstock.dynamodb.DynamoDbConfig;
import dev.flashstock.inventory.AuditTable;
import dev.flashstock.inventory.Audits;
import dev.flashstock.inventory.Expirations;
import dev.flashstock.inventory.ExpiryTable;
import dev.flashstock.inventory.GroupCommits;
import dev.flashstock.inventory.Ledger;
import dev.flashstock.inventory.LedgerTable;
import dev.flashstock.inventory.Neighbours;
import dev.flashstock.inventory.Pauses;
import dev.flashstock.inventory.Pods;
import dev.flashstock.inventory.ProductTable;
import dev.flashstock.inventory.RememberedListings;
import dev.flashstock.inventory.Repairs;
import dev.flashstock.inventory.ReservationTable;
import dev.flashstock.inventory.SoldOut;
import dev.flashstock.inventory.StockLevels;
import dev.flashstock.inventory.StockTable;
import dev.flashstock.inventory.Sweeper;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.UUID;
import org.jboss.logging.Logger;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** What becomes of holds that end, and the books, put together. */
final class BooksWiring {
    private static final Logger LOG = Logger.getLogger(BooksWiring.class);

    @Produces
    @Singleton
    Expirations expirations(
            ExpiryTable expiries,
            LedgerTable ledger,
            ReservationTable reservations,
            GroupCommits commits,
            SoldOut soldOut,
            InstantSource clock) {
        return new Expirations(expiries, ledger, reservations, commits, soldOut, clock);
    }

    @Produces
    @Singleton
    Sweeper sweeper(
            ExpiryTable expiries,
            Expirations expirations,
            RememberedListings listings,
            Neighbours neighbours,
            Pods pods,
            ExpiryConfig config,
            InstantSource clock,
            MeterRegistry metrics) {
        return new Sweeper(
                expiries,
                expirations,
                listings,
                neighbours,
                pods,
                new Sweeper.Setting(config.interval(), config.lookBack()),
                clock,
                Pauses.real(),
                Wiring::random,
                new SweepFailures(metrics));
    }

    // The books

    @Produces
    @Singleton
    Ledger ledger(RememberedListings listings, LedgerTable table) {
        return new Ledger(listings, table);
    }

    @Produces
    @Singleton
    AuditTable auditTable(DynamoDbAsyncClient client, DynamoDbConfig config) {
        return new DynamoDbAudits(client, config.table());
    }

    @Produces
    @Singleton
    Audits audits(
            ProductTable products,
            AuditTable table,
            StockTable stock,
            LedgerTable ledger,
            ReservationTable reservations,
            InstantSource clock,
            MeterRegistry metrics) {
        return new Audits(
                table,
                new Audits.Source(products, stock, ledger, reservations, Pauses.real(), clock),
                Wiring.RETRIES,
                () -> UUID.randomUUID().toString(),
                new AuditMetrics(metrics),
                failure -> LOG.error("An audit failed", failure));
    }

    @Produces
    @Singleton
    Repairs repairs(
            ProductTable products,
            AuditTable table,
            Audits audits,
            StockTable stock,
            GroupCommits commits,
            StockLevels levels,
            SoldOut soldOut,
            InstantSource clock) {
        return new Repairs(products, table, audits, stock, commits, levels, soldOut, Wiring.RETRIES, clock);
    }
}
