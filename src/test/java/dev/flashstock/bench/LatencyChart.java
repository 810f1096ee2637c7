package dev.flashstock.bench;

import static java.util.stream.Collectors.joining;

import dev.flashstock.bench.Svg.Anchor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The p50, p99 and p99.9 of some cases, as marks on a logarithmic axis and as numbers beside it. Labels of up to 31
 * letters and a subtitle of up to 95 show in full.
 *
 * @param rows at least one
 */
record LatencyChart(String title, String subtitle, List<Row> rows) {
    private static final int ROW = 34;
    private static final int LABEL_SIZE = 13;
    private static final int GAP = 16;
    private static final int MAX_LABEL_WIDTH = 240;
    private static final int NUMBER_WIDTH = 72;
    private static final int LEGEND = 26;
    private static final int TOP = Svg.HEAD + LEGEND;
    private static final int FOOT = 40;

    /** Milliseconds, each above zero. */
    record Row(String label, double p50, double p99, double p999) {
        Row {
            if (!(p50 > 0 && p50 <= p99 && p99 <= p999) || Double.isInfinite(p999)) {
                throw new IllegalArgumentException("%s has %s, %s and %s".formatted(label, p50, p99, p999));
            }
        }

        private Stream<Double> values() {
            return Stream.of(p50, p99, p999);
        }
    }

    LatencyChart {
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("A chart has rows");
        }
        rows = List.copyOf(rows);
    }

    /** Told apart by shape as well as by colour; smaller ones are drawn over larger ones. */
    private enum Mark {
        P50("p50") {
            @Override
            void draw(Svg svg, double x, double y) {
                svg.circle(x, y, 5, Svg.BLUE);
            }
        },
        P99("p99") {
            @Override
            void draw(Svg svg, double x, double y) {
                svg.polygon(Svg.ORANGE, x, y - 8, x + 8, y, x, y + 8, x - 8, y);
            }
        },
        P999("p99.9") {
            @Override
            void draw(Svg svg, double x, double y) {
                svg.polygon(Svg.VERMILION, x, y - 11, x + 11, y + 8, x - 11, y + 8);
            }
        };

        private final String label;

        Mark(String label) {
            this.label = label;
        }

        abstract void draw(Svg svg, double x, double y);

        double of(Row row) {
            return switch (this) {
                case P50 -> row.p50();
                case P99 -> row.p99();
                case P999 -> row.p999();
            };
        }
    }

    void write(Path file) throws IOException {
        Svg.write(file, svg());
    }

    String svg() {
        Svg svg = new Svg(TOP + rows.size() * ROW + FOOT, title, subtitle, description());
        Axis axis = Axis.log(rows.stream().flatMap(Row::values).toList());
        double left = Svg.MARGIN + labelWidth() + GAP;
        double right = numberEnd(Mark.P50) - NUMBER_WIDTH - GAP;
        double bottom = TOP + rows.size() * ROW;

        svg.ticks(axis, left, right, TOP, bottom, Axis::time);
        svg.line(left, bottom, right, bottom, Svg.FAINT_INK, 1);
        legend(svg);
        double y = TOP + ROW / 2.0;
        for (Row row : rows) {
            row(svg, axis, row, left, right, y);
            y += ROW;
        }
        return svg.end();
    }

    /** The heads of the columns of numbers. */
    private static void legend(Svg svg) {
        double y = Svg.HEAD + LEGEND / 2.0;
        for (Mark mark : Mark.values()) {
            double end = numberEnd(mark);
            mark.draw(svg, end - Svg.width(mark.label, LABEL_SIZE) - 16, y);
            svg.text(end, y + 4.5, Anchor.END, LABEL_SIZE, Svg.INK, mark.label);
        }
    }

    private static void row(Svg svg, Axis axis, Row row, double left, double right, double y) {
        double span = right - left;
        svg.text(
                Svg.MARGIN,
                y + 4.5,
                Anchor.START,
                LABEL_SIZE,
                Svg.INK,
                Svg.fitting(row.label(), LABEL_SIZE, MAX_LABEL_WIDTH));
        svg.line(left + axis.share(row.p50()) * span, y, left + axis.share(row.p999()) * span, y, Svg.FAINT_INK, 2);
        for (Mark mark : List.of(Mark.P999, Mark.P99, Mark.P50)) {
            mark.draw(svg, left + axis.share(mark.of(row)) * span, y);
            svg.text(numberEnd(mark), y + 4.5, Anchor.END, LABEL_SIZE, Svg.INK, Axis.time(mark.of(row)));
        }
    }

    private static double numberEnd(Mark mark) {
        return Svg.WIDTH - Svg.MARGIN - (Mark.values().length - 1 - mark.ordinal()) * NUMBER_WIDTH;
    }

    private double labelWidth() {
        return rows.stream()
                .mapToDouble(row -> Math.min(MAX_LABEL_WIDTH, Svg.width(row.label(), LABEL_SIZE)))
                .max()
                .orElse(0);
    }

    private String description() {
        return rows.stream()
                .map(row -> Stream.of(Mark.values())
                        .map(mark -> mark.label + " " + Axis.time(mark.of(row)))
                        .collect(joining(", ", row.label() + ": ", "")))
                .collect(joining("; ", subtitle + ". ", "."));
    }
}
