package dev.flashstock.bench;

import static java.util.stream.Collectors.joining;

import dev.flashstock.bench.Svg.Anchor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;

/**
 * Lines over a count of something, both axes logarithmic, each line named at its right end. Up to five lines; a name of up to
 * 14 letters and a subtitle of up to 95 show in full.
 *
 * @param across what the horizontal axis counts
 * @param label how a value is written
 * @param lines at least one, with the same places across
 */
record LineChart(String title, String subtitle, String across, DoubleFunction<String> label, List<Line> lines) {
    private static final int HEIGHT = 320;
    private static final int LABEL_SIZE = 12;
    private static final int LEFT = 90;
    private static final int NAMES = 130;
    private static final int FOOT = 56;
    private static final int LEAST_GAP = 15;
    private static final List<String> COLOURS = List.of(Svg.BLUE, Svg.ORANGE, Svg.GREEN, Svg.VERMILION, Svg.PURPLE);

    /**
     * A line.
     *
     * @param points from left to right, at least two
     */
    record Line(String name, List<Point> points) {
        Line {
            if (points.size() < 2) {
                throw new IllegalArgumentException("A line has two points: " + name);
            }
            points = List.copyOf(points);
        }

        private Point last() {
            return points.get(points.size() - 1);
        }
    }

    /** Both above zero. */
    record Point(double x, double y) {
        Point {
            if (!(x > 0 && y > 0) || Double.isInfinite(x) || Double.isInfinite(y)) {
                throw new IllegalArgumentException("There is no place for %s, %s".formatted(x, y));
            }
        }
    }

    LineChart {
        if (lines.isEmpty() || lines.size() > COLOURS.size()) {
            throw new IllegalArgumentException("A chart has 1 to " + COLOURS.size() + " lines");
        }
        lines = List.copyOf(lines);
    }

    void write(Path file) throws IOException {
        Svg.write(file, svg());
    }

    String svg() {
        double top = Svg.HEAD + 10;
        double bottom = Svg.HEAD + HEIGHT;
        double right = Svg.WIDTH - Svg.MARGIN - NAMES;
        Svg svg = new Svg((int) bottom + FOOT, title, subtitle, description());
        List<Double> places = lines.get(0).points().stream().map(Point::x).toList();
        Axis x = new Axis(Axis.Scale.LOG, places.get(0), places.get(places.size() - 1), places);
        Axis y = Axis.log(lines.stream()
                .flatMap(line -> line.points().stream().map(Point::y))
                .toList());
        svg.ticks(x, LEFT, right, top, bottom, Axis::number);
        for (double tick : y.ticks()) {
            double at = bottom - y.share(tick) * (bottom - top);
            svg.line(LEFT, at, right, at, Svg.GRID, 1);
            svg.text(LEFT - 8, at + 4, Anchor.END, LABEL_SIZE - 1, Svg.FAINT_INK, label.apply(tick));
        }
        svg.text((LEFT + right) / 2, bottom + 40, Anchor.MIDDLE, LABEL_SIZE, Svg.FAINT_INK, across);
        Map<Line, Double> names = names(y, top, bottom);
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            draw(svg, line, COLOURS.get(i), x, y, right, top, bottom);
            svg.text(right + 12, names.get(line) + 4, Anchor.START, LABEL_SIZE, COLOURS.get(i), line.name());
        }
        return svg.end();
    }

    private static void draw(
            Svg svg, Line line, String colour, Axis x, Axis y, double right, double top, double bottom) {
        List<double[]> places = line.points().stream()
                .map(it ->
                        new double[] {LEFT + x.share(it.x()) * (right - LEFT), bottom - y.share(it.y()) * (bottom - top)
                        })
                .toList();
        for (int i = 1; i < places.size(); i++) {
            double[] from = places.get(i - 1);
            double[] to = places.get(i);
            svg.line(from[0], from[1], to[0], to[1], colour, 2);
        }
        places.forEach(it -> svg.circle(it[0], it[1], 4, colour));
    }

    /** At the lines' ends, apart from each other. */
    private Map<Line, Double> names(Axis y, double top, double bottom) {
        List<Line> fromBelow = new ArrayList<>(lines);
        fromBelow.sort(Comparator.comparingDouble(it -> it.last().y()));
        Map<Line, Double> names = new HashMap<>();
        double free = Double.POSITIVE_INFINITY;
        for (Line line : fromBelow) {
            double at = Math.min(free, bottom - y.share(line.last().y()) * (bottom - top));
            names.put(line, at);
            free = at - LEAST_GAP;
        }
        return names;
    }

    private String description() {
        return lines.stream()
                .map(line -> line.points().stream()
                        .map(it -> "%s at %s".formatted(label.apply(it.y()), Axis.number(it.x())))
                        .collect(joining(", ", line.name() + ": ", "")))
                .collect(joining("; ", subtitle + ". ", "."));
    }
}
