package dev.flashstock.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flashstock.Samples;
import dev.flashstock.dynamodb.FakeDax.Mood;
import dev.flashstock.inventory.Aid;
import dev.flashstock.inventory.Attempt;
import dev.flashstock.inventory.Listing;
import dev.flashstock.inventory.ProductTable;
import dev.flashstock.stock.Product;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The real client of DAX, before the real table: a cluster that answers, and all that can be wrong with one. */
@Tag("long")
class DaxListingsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    /** Of a cluster that answers, on a busy machine. */
    private static final Duration LONG = Duration.ofSeconds(3);
    /** Of one that does not. */
    private static final Duration SHORT = Duration.ofMillis(200);

    private final ProductTable products = TableOnAWire.SHARED.ports().products();
    private final AtomicInteger askedOfTheTable = new AtomicInteger();
    private final Listing listing = Samples.listing(Samples.newSku(), 3);
    private final Sku sku = listing.product().sku();

    private DaxCluster cluster;

    @BeforeEach
    void create() {
        assertThat(products.create(listing).await().atMost(PATIENCE)).isEqualTo(Attempt.DONE);
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    private DaxListings before(URI endpoint, Duration timeout) {
        cluster = new DaxCluster(
                endpoint,
                timeout,
                Region.EU_CENTRAL_1,
                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")));
        cluster.start();
        return new DaxListings(
                cluster,
                TableOnAWire.SHARED.table(),
                any -> {
                    askedOfTheTable.incrementAndGet();
                    return products.find(any);
                },
                timeout);
    }

    private static Map<String, AttributeValue> item(Map<String, AttributeValue> key) {
        return TableOnAWire.SHARED
                .client()
                .getItem(request ->
                        request.tableName(TableOnAWire.SHARED.table()).key(key))
                .join()
                .item();
    }

    private static Optional<Listing> find(DaxListings listings, Sku sku) {
        return listings.find(sku).await().atMost(PATIENCE);
    }

    /** Asks until DAX is the one that tells. */
    private void awaitDax(DaxListings listings) {
        await().atMost(PATIENCE).until(() -> {
            int before = askedOfTheTable.get();
            assertThat(find(listings, sku)).contains(listing);
            return askedOfTheTable.get() == before;
        });
    }

    // A cluster that answers

    @Test
    void daxTellsAndTheTableIsNotAsked() throws IOException {
        // Given
        try (FakeDax dax = new FakeDax(Mood.FINE, DaxListingsTest::item)) {
            DaxListings listings = before(dax.endpoint(), LONG);
            awaitDax(listings);
            int before = askedOfTheTable.get();

            // When
            Optional<Listing> found = find(listings, sku);

            // Then
            assertThat(found).contains(listing);
            assertThat(askedOfTheTable).hasValue(before);
        }
    }

    @Test
    void whatDaxRemembersIsOldAndTheTableKnowsBetter() throws IOException {
        // Given
        try (FakeDax dax = new FakeDax(Mood.FINE, DaxListingsTest::item)) {
            DaxListings listings = before(dax.endpoint(), LONG);
            awaitDax(listings);
            Product ended = Samples.product(sku, Product.Status.ENDED);

            // When
            products.replace(ended, listing.product().revision()).await().atMost(PATIENCE);

            // Then
            assertThat(find(listings, sku)).contains(listing);
            assertThat(products.find(sku).await().atMost(PATIENCE).map(Listing::product))
                    .contains(ended);
        }
    }

    @Test
    void whatDaxDoesNotKnowIsAskedOfTheTable() throws IOException {
        // Given
        try (FakeDax dax = new FakeDax(Mood.FINE, DaxListingsTest::item)) {
            DaxListings listings = before(dax.endpoint(), LONG);
            awaitDax(listings);
            Listing another = Samples.listing(Samples.newSku(), 1);
            Optional<Listing> unknown = find(listings, another.product().sku());

            // When
            products.create(another).await().atMost(PATIENCE);

            // Then
            assertThat(unknown).isEmpty();
            assertThat(find(listings, another.product().sku())).contains(another);
        }
    }

    @Test
    void manyAtOnceShareTheConnectionsThatThereMayBe() throws IOException {
        // Given
        try (FakeDax dax = new FakeDax(Mood.FINE, DaxListingsTest::item)) {
            DaxListings listings = before(dax.endpoint(), LONG);
            awaitDax(listings);

            // When
            List<Optional<Listing>> found = Uni.join()
                    .all(IntStream.range(0, 1_000)
                            .mapToObj(i -> listings.find(sku))
                            .toList())
                    .andFailFast()
                    .await()
                    .atMost(PATIENCE);

            // Then
            assertThat(found).hasSize(1_000).containsOnly(Optional.of(listing));
            assertThat(dax.mostConnections()).isLessThanOrEqualTo(DaxCluster.CONNECTIONS + 2); // discovery, health
        }
    }

    // One that does not

    @ParameterizedTest
    @EnumSource(
            value = Mood.class,
            names = {"SILENT", "GARBAGE", "HTTP", "CUT", "REFUSING"})
    void aClusterThatGoesWrongIsDoneWithoutAndUsedAgainWhenItIsRight(Mood mood) throws IOException {
        // Given
        try (FakeDax dax = new FakeDax(Mood.FINE, DaxListingsTest::item)) {
            DaxListings listings = before(dax.endpoint(), Duration.ofSeconds(1));
            awaitDax(listings);
            int before = askedOfTheTable.get();

            // When
            dax.isIn(mood);
            List<Optional<Listing>> found =
                    IntStream.range(0, 20).mapToObj(i -> find(listings, sku)).toList();

            // Then
            assertThat(found).containsOnly(Optional.of(listing));
            assertThat(askedOfTheTable).hasValue(before + 20);

            // When
            dax.isIn(Mood.FINE);

            // Then
            awaitDax(listings);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Mood.class,
            names = {"SILENT", "GARBAGE", "HTTP", "CUT", "REFUSING"})
    void aClusterThatIsWrongFromTheBeginningIsUsedWhenItIsRight(Mood mood) throws IOException {
        // Given
        try (FakeDax dax = new FakeDax(mood, DaxListingsTest::item)) {
            DaxListings listings = before(dax.endpoint(), LONG);

            // When
            Optional<Listing> found = find(listings, sku);
            await().atMost(PATIENCE).until(() -> dax.mostConnections() > 0);
            dax.isIn(Mood.FINE);

            // Then
            assertThat(found).contains(listing);
            awaitDax(listings);
        }
    }

    @Test
    void aClusterThatIsNotWaitedForIsLeftAlone() throws IOException {
        // Given
        try (FakeDax dax = new FakeDax(Mood.FINE, DaxListingsTest::item)) {
            DaxListings listings = before(dax.endpoint(), Duration.ofSeconds(1));
            awaitDax(listings);
            int asked = dax.itemsAskedFor();
            dax.isIn(Mood.SILENT);
            for (int i = 0; i < Aid.FAILURES; i++) {
                find(listings, sku);
            }
            await().atMost(PATIENCE).until(() -> dax.itemsAskedFor() == asked + Aid.FAILURES);

            // When
            Optional<Listing> found = find(listings, sku);

            // Then
            assertThat(found).contains(listing);
            assertThat(dax.itemsAskedFor()).isEqualTo(asked + Aid.FAILURES);
        }
    }

    @Test
    void aClusterThatDiesAndComesBackIsUsedAgain() throws IOException {
        // Given
        FakeDax dead = new FakeDax(Mood.FINE, DaxListingsTest::item);
        DaxListings listings = before(dead.endpoint(), LONG);
        awaitDax(listings);

        // When
        dead.close();
        Optional<Listing> meanwhile = find(listings, sku);

        // Then
        assertThat(meanwhile).contains(listing);
        try (FakeDax reborn = new FakeDax(dead.endpoint().getPort(), Mood.FINE, DaxListingsTest::item)) {
            awaitDax(listings);
            assertThat(reborn.itemsAskedFor()).isPositive();
        }
    }

    @Test
    void aClusterThatIsNotThereYetIsFoundLater() throws IOException {
        // Given
        int port = freePort();
        DaxListings listings = before(URI.create("dax://127.0.0.1:" + port), LONG);

        // When
        Optional<Listing> found = find(listings, sku);

        // Then
        assertThat(found).contains(listing);
        try (FakeDax late = new FakeDax(port, Mood.FINE, DaxListingsTest::item)) {
            awaitDax(listings);
            assertThat(late.itemsAskedFor()).isPositive();
        }
    }

    @Test
    void aHostThatCannotBeFoundIsDoneWithout() {
        // Given
        DaxListings listings = before(URI.create("daxs://nowhere.invalid"), SHORT);

        // When
        List<Optional<Listing>> found =
                IntStream.range(0, 20).mapToObj(i -> find(listings, sku)).toList();

        // Then
        assertThat(found).containsOnly(Optional.of(listing));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    // The end

    @Test
    void nothingIsLeftAfterTheEnd() throws IOException {
        // Given
        Set<Thread> others = daxThreads();
        try (FakeDax dax = new FakeDax(Mood.FINE, DaxListingsTest::item)) {
            DaxListings listings = before(dax.endpoint(), LONG);
            awaitDax(listings);
            assertThat(daxThreads()).isNotEqualTo(others);

            // When
            cluster.close();

            // Then
            await().atMost(PATIENCE).until(() -> dax.connections() == 0);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(daxThreads()).isSubsetOf(others));
        }
    }

    /** But for the client's clock, one for all that there ever are. */
    private static Set<Thread> daxThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(it -> it.getName().toLowerCase(Locale.ROOT).startsWith("dax"))
                .filter(it -> !it.getName().startsWith("DaxLazyClock"))
                .collect(Collectors.toSet());
    }
}
