package dev.flashstock.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.flashstock.heat.Partition;
import dev.flashstock.inventory.GroupCommit;
import dev.flashstock.sharding.Layout;
import dev.flashstock.simulation.PodsOnShards;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What one SKU needs at three scales. The tables of {@code docs/scale.md} are reckoned here; {@code -Dscale.write=true} writes
 * them there.
 */
class ScaleTest {
    private static final Path DOCUMENT = Path.of("docs", "scale.md");
    private static final String BEGIN = "<!-- Written by ScaleTest: %s -->\n";
    private static final String END = "<!-- end -->";
    private static final List<Needs> SCALES =
            Stream.of(10_000, 100_000, 1_000_000).map(Needs::new).toList();
    private static final int FULL = GroupCommit.MAX_ENTRIES;
    private static final int MANY_PODS = 500;

    @Test
    void theDocumentHasTheseTables() throws IOException {
        // Given
        Map<String, String> tables =
                Map.of("summary", summary(), "table", table(), "around", around(), "bounds", bounds(), "cost", cost());

        // When
        String document = Files.readString(DOCUMENT);
        for (Map.Entry<String, String> table : tables.entrySet()) {
            document = with(document, table.getKey(), table.getValue());
        }

        // Then
        if (Boolean.getBoolean("scale.write")) {
            Files.writeString(DOCUMENT, document);
        }
        assertThat(Files.readString(DOCUMENT)).isEqualTo(document);
    }

    @Test
    void oneLayoutBearsTheFirstTwo() {
        assertThat(SCALES).extracting(Needs::oneLayoutBearsIt).containsExactly(true, true, false);
    }

    @Test
    void aMillionAreFourTimesWhatOneLayoutBears() {
        // Given
        Needs quarter = new Needs(250_000);

        // Then
        assertThat(quarter.oneLayoutBearsIt()).isTrue();
        assertThat(quarter.shards()).isEqualTo(125);
        assertThat(new Needs(333_334).oneLayoutBearsIt()).isFalse();
    }

    @Test
    void noHourIsCheaperThanItsWrites() {
        for (Needs needs : SCALES) {
            Cost cost = new Cost(needs);
            double atLeast = needs.perSecond() * 3_600 * 2.186 * Cost.MILLION_WRITE_UNITS / 1e6;
            assertThat(cost.hourOfWaiting()).isGreaterThan(atLeast);
            assertThat(cost.monthWithoutABreak()).isGreaterThan(cost.monthWithSales());
        }
    }

    /** By hand: ten shards with a thousand each, 12.6 in a transaction. */
    @Test
    void tenThousandAreReckonedAsByHand() {
        // When
        Needs needs = new Needs(10_000);

        // Then
        assertThat(needs.shards()).isEqualTo(10);
        assertThat(needs.batch()).isCloseTo(12.6, within(0.1));
        assertThat(needs.transactions()).isCloseTo(794, within(5.0));
        assertThat(needs.units()).isCloseTo((4 + 2 + 2 * 13) / 13.0, within(0.001));
        assertThat(needs.podsThatWait()).isEqualTo(5); // 10.05 s of CPU a second, four CPUs busy to three fifths
    }

    /** By hand: 795 transactions, five pods with 36 queries and a listing each, 127 bytes of what is due, ten shards. */
    @Test
    void readsOfTenThousandAreReckonedAsByHand() {
        // When
        Needs needs = new Needs(10_000);

        // Then
        double transactions = needs.transactions();
        double seen = transactions * 127 / 4_096 / 2;
        double ofReservations = 2 * 10_000 + transactions;
        assertThat(needs.readUnits()).isCloseTo(ofReservations + 5 * (18 + 1 + seen) + 1, within(0.1));
        assertThat(needs.readUnitsWithoutWaiting())
                .isCloseTo(10_000 + ofReservations + 8 * (18 + 1 + seen) + 1.6, within(0.1));
    }

    @Test
    void whereNobodyWaitsAsManyShardsAreSoldFrom() {
        for (Needs needs : SCALES) {
            int ofAPod = needs.shardsWantedWithoutWaiting() / needs.podsThatDoNot();
            assertThat(ofAPod).isPositive();
            assertThat(ofAPod * needs.workerPods()).isEqualTo(needs.shardsWanted());
        }
    }

    /** Seven eighths where all wait, four fifths where nobody does. */
    @Test
    void mostOfAnHourIsWrites() {
        for (Needs needs : SCALES) {
            Cost cost = new Cost(needs);
            assertThat(cost.writes() / cost.hourOfWaiting()).isCloseTo(0.875, within(0.01));
            assertThat(cost.writes() / cost.hourOfNotWaiting()).isCloseTo(0.8, within(0.015));
        }
    }

    private static String with(String document, String name, String table) {
        String begin = BEGIN.formatted(name);
        int from = document.indexOf(begin) + begin.length();
        assertThat(from).as(begin).isGreaterThanOrEqualTo(begin.length());
        return document.substring(0, from) + table + document.substring(document.indexOf(END, from));
    }

    // The tables

    private static String summary() {
        return head("reservations a second of one SKU")
                + row("one layout bears it", it -> it.oneLayoutBearsIt() ? "yes" : "**no**")
                + shards("shards, all callers wait", Needs::shardsWanted)
                + shards("shards, no caller waits", Needs::shardsWantedWithoutWaiting)
                + row("pods of " + Needs.CPUS_OF_A_POD + " CPUs, all callers wait", it -> number(it.podsThatWait()))
                + row("write units a second, each confirmed", it -> rounded(it.writesPerSecond()))
                + row("read units a second, all callers wait", it -> rounded(it.readUnits()))
                + row("the table's quotas, " + number(Needs.QUOTA) + " of each: writes and reads", ScaleTest::quotas)
                + row("calls to SQS a second, no caller waits", it -> rounded(it.queueCalls()))
                + row("scripts in Redis a second", it -> rounded(it.scripts()))
                + row("dollars for an hour of it, all callers wait", it -> dollars(new Cost(it).hourOfWaiting()))
                + row(
                        "dollars for a month with " + Cost.SALES_OF_A_MONTH + " such hours",
                        it -> dollars(new Cost(it).monthWithSales()));
    }

    private static String shards(String name, ToIntFunction<Needs> wanted) {
        return row(name, it -> {
            int shards = wanted.applyAsInt(it);
            return number(shards) + (shards > Layout.MAX_SHARDS ? ", of " + Layout.MAX_SHARDS : "");
        });
    }

    private static String quotas(Needs needs) {
        return Math.max(needs.writesPerSecond(), needs.readUnits()) <= Needs.QUOTA
                ? "enough"
                : "ask for " + rounded(needs.writesPerSecond()) + " and " + rounded(needs.readUnits());
    }

    private static String table() {
        return head("reservations a second")
                + row("shards, all callers wait", it -> number(it.shards()))
                + row("shards, no caller waits", it -> number(it.shardsWithoutWaiting()))
                + row(
                        "shards that `GET /advice/shards` recommends",
                        it -> it.advised().isPresent() ? number(it.advised().getAsInt()) : "no advice")
                + row("reservations a second and shard that is sold from", it -> number(it.ofAShard()))
                + row("reservations in a transaction", it -> text("%.0f", it.batch()))
                + row("transactions a second", it -> rounded(it.transactions()))
                + row("write units of a reservation", it -> text("%.2f", it.units()))
                + row("write units a second", it -> rounded(it.unitsPerSecond()))
                + row("with confirmations and removals", it -> rounded(it.writesPerSecond()))
                + row("to be warmed up, as a preflight reckons", it -> number(it.warm()))
                + key("a shard's key draws", Needs::unitsOfAShardKey)
                + key("a key of the hour's ledger", Needs::unitsOfALedgerKey)
                + key("a key of the minute's expiries", Needs::unitsOfAnExpiryKey)
                + key("the same at most, no caller waits", Needs::unitsOfAnExpiryKeyWithoutWaiting)
                + key(
                        "a key of the expiries that are due, read units",
                        Partition.READS_PER_SECOND,
                        Needs::readUnitsOfAnExpiryKey);
    }

    private static String key(String name, ToDoubleFunction<Needs> units) {
        return key(name, Partition.WRITES_PER_SECOND, units);
    }

    private static String key(String name, int most, ToDoubleFunction<Needs> units) {
        return row(name + ", of " + number(most), it -> {
            double drawn = units.applyAsDouble(it);
            return drawn > most ? "**" + number(drawn) + "**" : number(drawn);
        });
    }

    private static String around() {
        return head("reservations a second")
                + row("pods, all callers wait", it -> number(it.podsThatWait()))
                + row(
                        "pods, no caller waits: api and worker",
                        it -> number(it.apiPods()) + " and " + number(it.workerPods()))
                + row("requests in a send to SQS", it -> text("%.1f", it.requestsOfASend()))
                + row("calls to SQS a second: sends, receives, deletes", it -> rounded(it.queueCalls()))
                + row("scripts in Redis a second", it -> rounded(it.scripts()))
                + row("read units a second, all callers wait", it -> rounded(it.readUnits()))
                + row("read units a second, no caller waits", it -> rounded(it.readUnitsWithoutWaiting()))
                + row("gigabytes that an hour leaves", it -> number(it.gigabytesOfAnHour()));
    }

    private static String bounds() {
        return "| what | transactions a second | reservations a second, " + FULL + " in each |\n|---|---:|---:|\n"
                + bound("the partitions of " + Layout.MAX_SHARDS + " shards", Needs.mostOfTheShards())
                + bound("one full transaction after the other on each of them (assumed)", Needs.mostOfTheirOwners())
                + bound("the keys of a minute's expiries, of all SKUs together", Needs.mostOfTheExpiries())
                + bound(
                        "what " + MANY_PODS + " pods read of the expiries that are due, of all SKUs together",
                        Needs.mostOfThoseWhoLook(MANY_PODS))
                + bound("the keys of an hour's ledger", Needs.mostOfTheLedger(FULL))
                + bound(
                        "a table's quota unless raised",
                        (double) Needs.QUOTA / PodsOnShards.units(FULL).all());
    }

    private static String bound(String what, double transactions) {
        return "| %s | %s | %s |\n".formatted(what, rounded(transactions), rounded(transactions * FULL));
    }

    private static String cost() {
        return head("dollars, reservations a second")
                + price("an hour: write units, each hold confirmed", Cost::writes)
                + price("an hour: read units, all callers wait", Cost::readsOfWaiting)
                + price("an hour: pods, all callers wait", Cost::podsThatWait)
                + row("an hour: Redis", ScaleTest::redis)
                + price("**an hour, all callers wait**", Cost::hourOfWaiting)
                + price("an hour: read units, no caller waits", Cost::readsOfNotWaiting)
                + price("an hour: SQS, no caller waits", Cost::queue)
                + price("an hour: pods, no caller waits", Cost::podsThatDoNot)
                + price("**an hour, no caller waits**", Cost::hourOfNotWaiting)
                + price("a month: what an hour has left in the table", Cost::storageOfAnHour)
                + price("a month without a sale", it -> Cost.standingMonth())
                + price(
                        "**a month with " + Cost.SALES_OF_A_MONTH + " such hours, all callers wait**",
                        Cost::monthWithSales)
                + price("a month of nothing else, all callers wait", Cost::monthWithoutABreak);
    }

    private static String redis(Needs needs) {
        OptionalDouble price = new Cost(needs).redis();
        return price.isPresent() ? dollars(price.getAsDouble()) : "not known";
    }

    private static String price(String name, ToDoubleFunction<Cost> dollars) {
        return row(name, it -> dollars(dollars.applyAsDouble(new Cost(it))));
    }

    private static String head(String what) {
        return row(what, it -> number(it.perSecond())) + "|---|" + "---:|".repeat(SCALES.size()) + "\n";
    }

    private static String row(String name, Function<Needs, String> figure) {
        return SCALES.stream().map(figure).collect(Collectors.joining(" | ", "| " + name + " | ", " |\n"));
    }

    /** To three digits: none of it is known better. */
    private static String rounded(double value) {
        double step = Math.pow(10, Math.max(0, Math.floor(Math.log10(value)) - 2));
        return number(Math.round(value / step) * step);
    }

    private static String dollars(double value) {
        return value < 10 ? text("%.2f", value) : rounded(value);
    }

    private static String number(double value) {
        return text("%,d", Math.round(value));
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
