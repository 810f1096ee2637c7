package dev.flashstock.bench;

import static java.util.stream.Collectors.joining;

import dev.flashstock.bench.Axis.Scale;
import dev.flashstock.bench.Svg.Anchor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A value each of some cases, as horizontal bars. Labels of up to 38 letters and a subtitle of up to 95 show in full.
 *
 * @param unit follows each value, such as {@code /s}; may be empty
 * @param scale a logarithmic one begins at the decade below the least value, so bars compare by where they end
 * @param bars at least one
 */
record BarChart(String title, String subtitle, String unit, Scale scale, List<Bar> bars) {
    private static final int ROW = 34;
    private static final int THICKNESS = 20;
    private static final int LABEL_SIZE = 13;
    private static final int GAP = 10;
    private static final int MAX_LABEL_WIDTH = 290;
    private static final int FOOT = 40;

    /** @param value zero or more */
    record Bar(String label, double value) {
        Bar {
            if (!(value >= 0) || Double.isInfinite(value)) {
                throw new IllegalArgumentException("The value of %s is %s".formatted(label, value));
            }
        }
    }

    BarChart {
        if (bars.isEmpty()) {
            throw new IllegalArgumentException("A chart has bars");
        }
        bars = List.copyOf(bars);
    }

    void write(Path file) throws IOException {
        Svg.write(file, svg());
    }

    String svg() {
        Svg svg = new Svg(Svg.HEAD + bars.size() * ROW + FOOT, title, subtitle, description());
        Axis axis = axis();
        double left = Svg.MARGIN + widest(bars.stream().map(Bar::label).toList(), MAX_LABEL_WIDTH) + GAP;
        double right = Svg.WIDTH
                - Svg.MARGIN
                - GAP
                - widest(bars.stream().map(this::valueText).toList(), MAX_LABEL_WIDTH);
        double bottom = Svg.HEAD + bars.size() * ROW;

        svg.ticks(axis, left, right, Svg.HEAD, bottom, Axis::number);
        double y = Svg.HEAD + ROW / 2.0;
        for (Bar bar : bars) {
            double length = axis.share(bar.value()) * (right - left);
            svg.bar(left, y - THICKNESS / 2.0, length, THICKNESS, Svg.BLUE);
            svg.text(left - GAP, y + 4.5, Anchor.END, LABEL_SIZE, Svg.INK, label(bar));
            svg.text(left + length + 6, y + 4.5, Anchor.START, LABEL_SIZE, Svg.INK, valueText(bar));
            y += ROW;
        }
        svg.line(left, Svg.HEAD, left, bottom, Svg.FAINT_INK, 1);
        return svg.end();
    }

    private Axis axis() {
        return switch (scale) {
            case LINEAR ->
                Axis.linear(bars.stream().mapToDouble(Bar::value).max().orElseThrow());
            // A little below each value too: that at the left end would have no bar.
            case LOG ->
                Axis.log(bars.stream()
                        .flatMap(bar -> Stream.of(0.9 * bar.value(), bar.value()))
                        .toList());
        };
    }

    private String description() {
        return bars.stream()
                .map(bar -> bar.label() + ": " + valueText(bar))
                .collect(joining("; ", subtitle + ". ", "."));
    }

    private static double widest(List<String> texts, double most) {
        return texts.stream()
                .mapToDouble(text -> Math.min(most, Svg.width(text, LABEL_SIZE)))
                .max()
                .orElse(0);
    }

    private static String label(Bar bar) {
        return Svg.fitting(bar.label(), LABEL_SIZE, MAX_LABEL_WIDTH);
    }

    private String valueText(Bar bar) {
        return (Axis.number(bar.value()) + " " + unit).strip();
    }
}
