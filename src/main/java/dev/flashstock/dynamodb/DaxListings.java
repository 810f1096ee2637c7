package dev.flashstock.dynamodb;

import dev.flashstock.inventory.Aid;
import dev.flashstock.inventory.Listing;
import dev.flashstock.inventory.Listings;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Listings as DAX remembers them, for those who look and decide nothing: as old as the cluster's items may be, five
 * minutes unless its parameter group says otherwise. What DAX does not know, and whatever it is asked in vain, the table
 * is asked.
 */
public final class DaxListings implements Listings {
    private static final Logger LOG = Logger.getLogger(DaxListings.class);

    private final DaxCluster cluster;
    private final String table;
    private final Listings listings;
    private final Aid aid;

    /**
     * Puts a cluster before a table.
     *
     * @param cluster the cluster
     * @param table the table's name
     * @param listings the table's listings
     * @param timeout how long the cluster's answer is waited for
     */
    public DaxListings(DaxCluster cluster, String table, Listings listings, Duration timeout) {
        this.cluster = cluster;
        this.table = table;
        this.listings = listings;
        this.aid = new Aid(timeout, new Aid.Listener() {
            @Override
            public void away(Throwable failure) {
                LOG.warnf("DAX does not answer, done without for as long error=%s", failure);
            }

            @Override
            public void back() {
                LOG.info("DAX answers again");
            }
        });
    }

    @Override
    public Uni<Optional<Listing>> find(Sku sku) {
        return aid.ask(() -> remembered(sku))
                .onFailure()
                .recoverWithItem(Optional.empty())
                .chain(found -> found.isPresent() ? Uni.createFrom().item(found) : listings.find(sku));
    }

    /**
     * Whether the cluster is done without.
     *
     * @return as {@link Aid#isAway} says
     */
    public boolean isAway() {
        return aid.isAway();
    }

    private Uni<Optional<Listing>> remembered(Sku sku) {
        return cluster.client()
                .chain(dax -> item(dax, Schema.product(sku))
                        .chain(product -> product.isEmpty()
                                ? Uni.createFrom().item(Optional.empty())
                                : item(dax, Schema.layout(sku)).map(layout -> listing(product, layout))));
    }

    private static Optional<Listing> listing(Map<String, AttributeValue> product, Map<String, AttributeValue> layout) {
        return layout.isEmpty()
                ? Optional.empty()
                : Optional.of(new Listing(Items.product(product), Items.layout(layout)));
    }

    /** Without a word on consistency: DAX passes a consistent read on, and remembers nothing of it. */
    private Uni<Map<String, AttributeValue>> item(DynamoDbAsyncClient dax, Map<String, AttributeValue> key) {
        return Uni.createFrom()
                .completionStage(
                        () -> dax.getItem(request -> request.tableName(table).key(key)))
                .map(response -> response.item());
    }
}
