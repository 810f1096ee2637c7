package dev.flashstock.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.flashstock.bench.Axis.Scale;
import dev.flashstock.bench.BarChart.Bar;
import dev.flashstock.bench.LatencyChart.Row;
import dev.flashstock.bench.LineChart.Line;
import dev.flashstock.bench.LineChart.Point;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ChartsTest {
    private static final double TENTH = 0.11;

    @TempDir
    Path directory;

    @Test
    void barsAreAsLongAsTheirValues() throws Exception {
        // Given
        BarChart chart = new BarChart(
                "Sold <per second>",
                "10 shards & \"one\"",
                "/s",
                Scale.LINEAR,
                List.of(new Bar("one shard", 250), new Bar("ten shards", 1_000), new Bar("none", 0)));

        // When
        Document svg = written(chart);

        // Then
        assertThat(texts(svg, "title")).containsExactly("Sold <per second>");
        assertThat(texts(svg, "desc"))
                .containsExactly("10 shards & \"one\". one shard: 250 /s; ten shards: 1,000 /s; none: 0 /s.");
        assertThat(texts(svg, "text")).contains("Sold <per second>", "one shard", "250 /s", "1,000 /s", "0 /s");
        List<Double> bars = numbers(svg, "rect", "width").subList(1, 4);
        assertThat(bars.get(0) / bars.get(1)).isCloseTo(0.25, within(0.001));
        assertThat(bars.get(2)).isZero();
    }

    @Test
    void onALogarithmicScaleBarsEndADecadeApart() throws Exception {
        // Given
        BarChart chart = new BarChart(
                "Title", "Subtitle", "", Scale.LOG, List.of(new Bar("a", 10), new Bar("b", 100), new Bar("c", 1_000)));

        // When
        Document svg = written(chart);

        // Then
        List<Double> bars = numbers(svg, "rect", "width").subList(1, 4);
        assertThat(bars.get(2) - bars.get(1)).isCloseTo(bars.get(1) - bars.get(0), within(TENTH));
        assertThat(bars.get(0)).isCloseTo(bars.get(1) - bars.get(0), within(TENTH));
        assertThat(texts(svg, "text")).contains("1", "10", "100", "1,000");
    }

    @Test
    void latenciesAreMarksOfThreeShapesAndNumbers() throws Exception {
        // Given
        LatencyChart chart = new LatencyChart(
                "Latency",
                "from the intended arrival",
                List.of(new Row("one", 1, 10, 100), new Row("ten", 10, 20, 2_000)));

        // When
        Document svg = written(chart);

        // Then
        assertThat(texts(svg, "text")).contains("p50", "p99", "p99.9", "one", "1 ms", "100 ms", "2 s", "10 s");
        assertThat(texts(svg, "desc"))
                .containsExactly("from the intended arrival. one: p50 1 ms, p99 10 ms, p99.9 100 ms; "
                        + "ten: p50 10 ms, p99 20 ms, p99.9 2 s.");
        List<Double> medians = numbers(svg, "circle", "cx"); // the legend's first
        List<Double> ticks = numbers(svg, "line", "x1");
        assertThat(medians.get(1)).as("1 ms").isCloseTo(ticks.get(0), within(TENTH));
        assertThat(medians.get(2)).as("10 ms").isCloseTo(ticks.get(1), within(TENTH));
        assertThat(numbers(svg, "polygon", "points")).hasSize(6);
    }

    @Test
    void linesGoThroughTheirPoints() throws Exception {
        // Given
        LineChart chart = new LineChart(
                "Title",
                "Subtitle",
                "pods",
                Axis::number,
                List.of(
                        new Line("few", List.of(new Point(1, 100), new Point(10, 1_000), new Point(100, 100))),
                        new Line("many", List.of(new Point(1, 1_000), new Point(10, 10_000), new Point(100, 10_000)))));

        // When
        chart.write(directory.resolve("lines.svg"));

        // Then
        Document svg = parsed(directory.resolve("lines.svg"));
        assertThat(texts(svg, "text")).contains("few", "many", "pods", "1", "10", "100", "1,000", "10,000");
        assertThat(texts(svg, "desc"))
                .containsExactly("Subtitle. few: 100 at 1, 1,000 at 10, 100 at 100;"
                        + " many: 1,000 at 1, 10,000 at 10, 10,000 at 100.");
        List<Double> x = numbers(svg, "circle", "cx");
        List<Double> y = numbers(svg, "circle", "cy");
        assertThat(x.get(1) - x.get(0)).as("a decade").isCloseTo(x.get(2) - x.get(1), within(TENTH));
        assertThat(y.get(0) - y.get(1)).as("a decade").isCloseTo(y.get(3) - y.get(4), within(TENTH));
        assertThat(y.get(2)).isEqualTo(y.get(0));
    }

    @Test
    void whatIsNoChartIsRefused() {
        assertThatThrownBy(() -> new LineChart("t", "s", "x", Axis::number, List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Line("a point alone", List.of(new Point(1, 1))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Point(1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new BarChart("t", "s", "", Scale.LINEAR, List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Bar("not a number", Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LatencyChart("t", "s", List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Row("out of order", 3, 2, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Row("zero on a logarithmic axis", 0, 2, 3))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"0, 0 ms", "0.0512, 0.0512 ms", "12.345, 12.3 ms", "999.4, 999 ms", "1000, 1 s", "61500, 61.5 s"})
    void timesAreAsPeopleWriteThem(double millis, String written) {
        assertThat(Axis.time(millis)).isEqualTo(written);
    }

    @ParameterizedTest
    @CsvSource({"7, 8", "10, 10", "230, 250", "4100, 5000", "0, 1"})
    void aLinearAxisEndsAtARoundNumber(double max, double end) {
        assertThat(Axis.linear(max).to()).isEqualTo(end);
        assertThat(Axis.linear(max).ticks()).hasSizeBetween(5, 6);
    }

    private Document written(BarChart chart) throws Exception {
        Path file = directory.resolve("charts").resolve("bars.svg");
        chart.write(file);
        return parsed(file);
    }

    private Document written(LatencyChart chart) throws Exception {
        Path file = directory.resolve("latencies.svg");
        chart.write(file);
        return parsed(file);
    }

    private static Document parsed(Path file) throws Exception {
        Document document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
        assertThat(document.getDocumentElement().getAttribute("role")).isEqualTo("img");
        return document;
    }

    private static List<String> texts(Document svg, String tag) {
        return elements(svg, tag).stream().map(Element::getTextContent).toList();
    }

    /** The first number of an attribute, of each element. */
    private static List<Double> numbers(Document svg, String tag, String attribute) {
        return elements(svg, tag).stream()
                .map(it -> Double.valueOf(it.getAttribute(attribute).split(",", 2)[0]))
                .toList();
    }

    private static List<Element> elements(Document svg, String tag) {
        NodeList nodes = svg.getElementsByTagName(tag);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> (Element) nodes.item(i))
                .toList();
    }
}
