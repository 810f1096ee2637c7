package dev.flashstock.heat;

import static dev.flashstock.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.Samples;
import dev.flashstock.heat.Check.Status;
import dev.flashstock.heat.ComingSale.Surroundings;
import dev.flashstock.heat.TableState.Mode;
import dev.flashstock.heat.TableState.Units;
import dev.flashstock.sharding.Layout;
import dev.flashstock.stock.Product;
import dev.flashstock.stock.Sku;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComingSaleTest {
    private static final Instant START = NOW.plus(Duration.ofHours(2));
    private static final TableState TABLE = new TableState(
            new TableName("flashstock"),
            "ACTIVE",
            Mode.ON_DEMAND,
            Units.NONE,
            Units.NONE,
            new Units(48_000L, 24_000L),
            null,
            List.of());
    private static final Surroundings READY = new Surroundings(TABLE, new Quotas(40_000, 40_000), false, true, true);

    @Test
    void whatIsReadyPasses() {
        // When
        List<Check> checks = sale(184, 8_000, READY).checks();

        // Then
        assertThat(checks).extracting(Check::status).containsOnly(Status.PASS);
        assertThat(checks)
                .extracting(Check::name)
                .containsExactly(
                        "layout",
                        "status",
                        "window",
                        "stock",
                        "hold-time",
                        "table-status",
                        "table-capacity",
                        "warm-throughput",
                        "quota",
                        "queue",
                        "redis",
                        "expiry");
    }

    @ParameterizedTest
    @CsvSource({
        "1,99,PASS",
        "1,8000,FAIL",
        "7,8000,FAIL",
        "8,8000,WARN",
        "19,8000,WARN",
        "20,8000,WARN",
        "183,8000,WARN",
        "184,8000,PASS",
        "199,200000,FAIL",
        "256,200000,WARN"
    })
    void shardsAreHeldAgainstTheAdvice(int shards, int peak, Status status) {
        // When
        Check check = check("layout", sale(shards, peak, READY));

        // Then
        assertThat(check.status()).isEqualTo(status);
        assertThat(check.remedy() == null).isEqualTo(status == Status.PASS);
    }

    @ParameterizedTest
    @CsvSource({"ON_SALE,PASS", "DRAFT,FAIL", "PAUSED,FAIL", "ENDED,FAIL"})
    void onlyWhatIsOnSaleIsSold(Product.Status status, Status expected) {
        assertThat(check("status", sale(product(status, START, null, 600, null), START))
                        .status())
                .isEqualTo(expected);
    }

    @Test
    void theWindowIsTheCrowds() {
        // Given
        Instant end = START.plus(Duration.ofHours(1));

        // Then
        assertThat(window(START, end, START)).isEqualTo(Status.PASS);
        assertThat(window(START.plusSeconds(1), end, START)).isEqualTo(Status.FAIL);
        assertThat(window(START, end, end)).isEqualTo(Status.FAIL);
        assertThat(window(null, null, START)).isEqualTo(Status.WARN);
        assertThat(window(NOW, null, NOW)).isEqualTo(Status.WARN);
    }

    private static Status window(@Nullable Instant from, @Nullable Instant until, Instant crowd) {
        return check("window", sale(product(Product.Status.ON_SALE, from, until, 600, null), crowd))
                .status();
    }

    @ParameterizedTest
    @CsvSource({"59,WARN", "60,PASS", "1800,PASS", "1801,WARN", "3600,WARN"})
    void aHoldIsLongEnoughToPayAndNoLonger(int seconds, Status status) {
        // Given
        Product product = product(Product.Status.ON_SALE, START, START.plus(Duration.ofHours(1)), seconds, null);

        // Then
        assertThat(check("hold-time", sale(product, START)).status()).isEqualTo(status);
    }

    @Test
    void aHoldAsLongAsTheSaleDoesNotComeBackInTime() {
        // Given
        Product product = product(Product.Status.ON_SALE, START, START.plusSeconds(600), 600, null);

        // When
        Check check = check("hold-time", sale(product, START));

        // Then
        assertThat(check.status()).isEqualTo(Status.WARN);
        assertThat(check.says()).contains("as long as the sale lasts");
    }

    @Test
    void withoutStockNothingIsSold() {
        // Given
        ComingSale sale = new ComingSale(
                product(Product.Status.ON_SALE, START, null, 600, null), Layout.of(184), 0, 100, START, NOW, READY);

        // Then
        assertThat(check("stock", sale).status()).isEqualTo(Status.FAIL);
    }

    @ParameterizedTest
    @CsvSource({"24000,PASS", "23999,FAIL"})
    void provisionedCapacityBearsThePeak(long writes, Status status) {
        // Given
        TableState table = table(Mode.PROVISIONED, new Units(1_000L, writes), Units.NONE, Units.NONE);

        // Then
        assertThat(check("table-capacity", sale(184, 8_000, with(table))).status())
                .isEqualTo(status);
        assertThat(check("warm-throughput", sale(184, 8_000, with(table))).status())
                .isEqualTo(Status.PASS);
    }

    @ParameterizedTest
    @CsvSource({",PASS", "24000,PASS", "23999,FAIL"})
    void aMaximumThatSomebodyHasSetIsNotInTheWay(@Nullable Long most, Status status) {
        // Given
        TableState table = table(Mode.ON_DEMAND, Units.NONE, new Units(null, most), Units.NONE);

        // Then
        assertThat(check("table-capacity", sale(184, 8_000, with(table))).status())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({",WARN", "24000,PASS", "23999,FAIL"})
    void theTableIsWarmEnough(@Nullable Long warm, Status status) {
        // Given
        TableState table = table(Mode.ON_DEMAND, Units.NONE, Units.NONE, new Units(null, warm));

        // Then
        assertThat(check("warm-throughput", sale(184, 8_000, with(table))).status())
                .isEqualTo(status);
    }

    @Test
    void aLimitForEachUserCostsMore() {
        // Given
        Product product = product(Product.Status.ON_SALE, START, null, 600, 2);

        // When
        Check check = check("warm-throughput", sale(product, START));

        // Then
        assertThat(check.status()).isEqualTo(Status.FAIL);
        assertThat(check.remedy()).contains("writeUnitsPerSecond 40000");
    }

    @ParameterizedTest
    @CsvSource({"24000,PASS", "23999,FAIL"})
    void theAccountMayGiveATableSoMuch(long writes, Status status) {
        // Given
        Surroundings around = new Surroundings(TABLE, new Quotas(0, writes), false, true, true);

        // Then
        assertThat(check("quota", sale(184, 8_000, around)).status()).isEqualTo(status);
    }

    @Test
    void whatCouldNotBeReadIsAWarningThatNamesThePermission() {
        // When
        List<Check> checks = sale(184, 8_000, new Surroundings(null, null, null, false, false))
                .checks();

        // Then
        assertThat(checks)
                .filteredOn(it -> it.status() != Status.PASS)
                .allMatch(it -> it.status() == Status.WARN)
                .extracting(Check::name)
                .containsExactly("table", "quota", "queue", "redis", "expiry");
        assertThat(checks)
                .extracting(Check::remedy)
                .anyMatch(it -> it != null && it.contains("dynamodb:DescribeLimits"))
                .anyMatch(it -> it != null && it.contains("sqs:GetQueueAttributes"));
    }

    @Test
    void aFifoQueueFails() {
        assertThat(check("queue", sale(184, 8_000, new Surroundings(TABLE, null, true, true, true)))
                        .status())
                .isEqualTo(Status.FAIL);
    }

    // Sales

    private static Check check(String name, ComingSale sale) {
        return sale.checks().stream()
                .filter(it -> it.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static ComingSale sale(int shards, int peak, Surroundings around) {
        Product product = product(Product.Status.ON_SALE, START, null, 600, null);
        return new ComingSale(product, Layout.of(shards), 1_000, peak, START, NOW, around);
    }

    private static ComingSale sale(Product product, Instant crowd) {
        return new ComingSale(product, Layout.of(184), 1_000, 8_000, crowd, NOW, READY);
    }

    private static Surroundings with(TableState table) {
        return new Surroundings(table, new Quotas(40_000, 40_000), false, true, true);
    }

    private static TableState table(Mode mode, Units provisioned, Units most, Units warm) {
        return new TableState(new TableName("flashstock"), "ACTIVE", mode, provisioned, most, warm, null, List.of());
    }

    private static Product product(
            Product.Status status,
            @Nullable Instant from,
            @Nullable Instant until,
            int holdSeconds,
            @Nullable Integer perUserLimit) {
        Product sample = Samples.product(new Sku("console"), status);
        return new Product(
                sample.sku(),
                sample.name(),
                sample.price(),
                status,
                from,
                until,
                Duration.ofSeconds(holdSeconds),
                perUserLimit,
                sample.revision());
    }
}
