package dev.flashstock.bench;

import dev.flashstock.bench.LineChart.Line;
import dev.flashstock.bench.LineChart.Point;
import dev.flashstock.simulation.PodsOnShards.Case;
import dev.flashstock.simulation.PodsOnShards.Choice;
import dev.flashstock.simulation.PodsOnShards.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the {@link ScaleBenchmark} has found, for people: Markdown, and charts beside it.
 *
 * @param pods how many pods
 * @param shards how many shards
 * @param perSecond how many shoppers came
 * @param together how many pods shared a few shards
 * @param fewShards how many these were
 * @param togetherPerSecond how many shoppers came there
 * @param asMany how many pods, on as many shards, chose without owners
 * @param scales what else was asked for
 * @param seed decided everything
 * @param results of all cases
 */
record ScaleReport(
        List<Integer> pods,
        List<Integer> shards,
        int perSecond,
        List<Integer> together,
        int fewShards,
        int togetherPerSecond,
        List<Integer> asMany,
        List<Case> scales,
        long seed,
        Map<Case, Result> results) {
    private static final String NAME = "scale";
    private static final int FULL = 0;

    void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve(NAME + ".md"), markdown());
        new LineChart(
                        "What a SKU takes, by pods and shards",
                        "Reservations accepted a second, pods always full, in simulation",
                        "pods",
                        Axis::number,
                        lines(FULL, Result::perSecond))
                .write(directory.resolve(NAME + "-accepted.svg"));
        new LineChart(
                        "What 99 of 100 shoppers wait at most",
                        number(perSecond) + " shoppers a second in all, in simulation",
                        "pods",
                        Axis::time,
                        lines(perSecond, Result::p99))
                .write(directory.resolve(NAME + "-latency.svg"));
    }

    private List<Line> lines(int load, Function<Result, Double> figure) {
        return shards.stream()
                .map(many -> new Line(
                        many + " shards",
                        pods.stream()
                                .map(it -> new Point(it, figure.apply(result(it, many, load))))
                                .toList()))
                .toList();
    }

    private Result result(int pods, int shards, int load) {
        return result(pods, shards, Choice.OWNED, load);
    }

    private Result result(int pods, int shards, Choice choice, int load) {
        return Objects.requireNonNull(results.get(new Case(pods, shards, choice, load)));
    }

    private String markdown() {
        StringJoiner text = new StringJoiner("\n", "", "\n");
        text.add("# Pods and shards, simulated");
        text.add("");
        text.add("Written by `./mvnw test -Dquick -Dtest=ScaleBenchmark`, the same on every machine (seed " + seed
                + "). What follows from it is in [scale.md](../scale.md).");
        text.add("");
        text.add("**Real** is what decides when and where a pod writes: the group commits, their pace, who owns which"
                + " shard, who goes elsewhere after how many conflicts. **Simulated** are time, shoppers who come at"
                + " random moments, and DynamoDB, for one SKU:");
        text.add(
                "- A transaction takes 7 ms and 0.25 ms for each of its items, times a log-normal factor with median 1"
                        + " and 99th percentile 2.26, and 0.5 ms there and back: 9 ms with one reservation, 33 ms with 97."
                        + " **Assumed**, in the order of what is told of `TransactWriteItems`; nothing here was measured on AWS.");
        text.add(
                "- From its arrival to its end no other transaction on its shard gets in: that one is cancelled at once.");
        text.add(
                "- Each shard, each of the 64 keys of the hour's ledger and each of the 16 of the minute in which holds"
                        + " end has a partition of its own, of 1,000 write units a second, without burst. A transaction draws"
                        + " 2 of its shard, 2 of an expiry key, and 2 for each KiB of its movement of a ledger key"
                        + " ([measured](../benchmarks.md#cost-of-a-reservation)). What is refused draws nothing.");
        text.add(
                "- The table and the account have no limit, pods have CPU without end, and each knows all others. A row with"
                        + " few pods so says what their transactions allow, not what a process can do.");
        text.add("");
        text.add(
                "Each cell was measured for 4 s after 2 s; where a second has more than 20,000 shoppers, or pods are always"
                        + " full and shards are 50 or more, for 1 s after 1 s.");
        text.add("");
        full(text);
        open(text);
        together(text);
        choices(text);
        atScale(text);
        return text.toString();
    }

    private void full(StringJoiner text) {
        text.add("## As much as there is");
        text.add("A pod always has three full transactions' worth of shoppers for each of its shards (10,000 at most),"
                + " each of whom asks again when answered. Accepted a second:");
        text.add("");
        text.add("![Accepted a second](" + NAME + "-accepted.svg)");
        text.add("");
        grid(text, FULL, it -> number(it.perSecond()));
        text.add("Transactions that another one cancelled, of all:");
        text.add("");
        grid(text, FULL, it -> share(it.conflicted()));
        text.add("Transactions that a partition's limit cancelled, of all:");
        text.add("");
        grid(text, FULL, it -> share(it.throttled()));
    }

    private void open(StringJoiner text) {
        text.add("## " + number(perSecond) + " shoppers a second");
        text.add(
                "An open loop, the same for all, whatever becomes of the earlier ones. Where less is accepted, more and more"
                        + " wait, and a longer run would show a longer wait. Accepted a second:");
        text.add("");
        grid(text, perSecond, it -> number(it.perSecond()));
        text.add("From the arrival to the answer, p50 / p99 in ms:");
        text.add("");
        text.add("![p99](" + NAME + "-latency.svg)");
        text.add("");
        grid(text, perSecond, it -> number(it.p50()) + " / " + number(it.p99()));
        text.add("Reservations in a transaction:");
        text.add("");
        grid(text, perSecond, it -> text("%.1f", it.batch()));
        text.add("Write units of a reservation:");
        text.add("");
        grid(text, perSecond, it -> text("%.2f", it.units()));
        text.add("Transactions that another one cancelled, of all:");
        text.add("");
        grid(text, perSecond, it -> share(it.conflicted()));
        text.add("Transactions that a partition's limit cancelled, of all:");
        text.add("");
        grid(text, perSecond, it -> share(it.throttled()));
    }

    private void grid(StringJoiner text, int load, Function<Result, String> figure) {
        text.add(shards.stream().map(it -> it + " shards").collect(Collectors.joining(" | ", "| pods | ", " |")));
        text.add("|---:|" + "---:|".repeat(shards.size()));
        for (int many : pods) {
            text.add(shards.stream()
                    .map(it -> figure.apply(result(many, it, load)))
                    .collect(Collectors.joining(" | ", "| " + many + " | ", " |")));
        }
        text.add("");
    }

    private void together(StringJoiner text) {
        text.add("## Pods that share " + fewShards + " shards");
        text.add("At " + number(togetherPerSecond)
                + " shoppers a second, measured for 20 s; and the most that they take.");
        text.add("");
        text.add(
                "| pods | of a shard | accepted a second | reservations in a transaction | cancelled by another | p50 ms"
                        + " | p99 ms | refused | at most a second | of one owner's |");
        text.add("|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        double most = result(fewShards, fewShards, FULL).perSecond();
        for (int many : together) {
            Result some = result(many, fewShards, togetherPerSecond);
            Result all = result(many, fewShards, FULL);
            text.add("| %d | %s | %s | %s | %s | %s | %s | %s | %s | %s |"
                    .formatted(
                            many,
                            text("%.1f", Math.max(1, (double) many / fewShards)),
                            number(some.perSecond()),
                            text("%.1f", some.batch()),
                            share(some.conflicted()),
                            number(some.p50()),
                            number(some.p99()),
                            some.refused(),
                            number(all.perSecond()),
                            share(all.perSecond() / most)));
        }
        text.add("");
    }

    private void choices(StringJoiner text) {
        text.add("## Without owners");
        text.add(number(perSecond) + " shoppers a second on as many shards as pods. *random*: any shard"
                + " (`flashstock.inventory.shard-choice`), and the pods keep the pace of all of them together on each;"
                + " *unaware*: any shard, and each pod as if it were alone.");
        text.add("");
        text.add("| pods, shards | choice | accepted a second | reservations in a transaction | cancelled by another"
                + " | by a limit | p50 ms | p99 ms | refused |");
        text.add("|---:|---|---:|---:|---:|---:|---:|---:|---:|");
        for (int each : asMany) {
            for (Choice choice : Choice.values()) {
                Result it = result(each, each, choice, perSecond);
                text.add("| %d | %s | %s | %s | %s | %s | %s | %s | %d |"
                        .formatted(
                                each,
                                choice.name().toLowerCase(Locale.ROOT),
                                number(it.perSecond()),
                                text("%.1f", it.batch()),
                                share(it.conflicted()),
                                share(it.throttled()),
                                number(it.p50()),
                                number(it.p99()),
                                it.refused()));
            }
        }
    }

    private void atScale(StringJoiner text) {
        text.add("");
        text.add("## At the scales of scale.md");
        text.add(
                "With as many shards as scale.md reckons with; with as many as `GET /advice/shards` recommends, for which"
                        + " each reservation is a write; with some pods that own one shard and others that own two, while as many"
                        + " shoppers come to each; and the most that one SKU can have, pods always full.");
        text.add("");
        text.add("| shoppers a second | pods | shards | accepted a second | reservations in a transaction | write units"
                + " of a reservation | cancelled by a limit | p50 ms | p99 ms |");
        text.add("|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        for (Case what : scales) {
            Result it = Objects.requireNonNull(results.get(what));
            text.add("| %s | %d | %d | %s | %s | %s | %s | %s | %s |"
                    .formatted(
                            what.perSecond() == FULL ? "always full" : number(what.perSecond()),
                            what.pods(),
                            what.shards(),
                            number(it.perSecond()),
                            text("%.1f", it.batch()),
                            text("%.2f", it.units()),
                            share(it.throttled()),
                            number(it.p50()),
                            number(it.p99())));
        }
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%,d", Math.round(value));
    }

    private static String share(double share) {
        return text("%.1f %%", 100 * share);
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
