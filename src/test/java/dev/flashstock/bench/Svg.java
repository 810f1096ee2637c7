package dev.flashstock.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.DoubleFunction;

/**
 * Builds one self-contained SVG document, 760 px wide, on a light background of its own: it reads the same on a dark
 * page.
 */
final class Svg {
    static final int WIDTH = 760;
    static final int MARGIN = 20;

    /** Where the space for the title and the subtitle ends. */
    static final int HEAD = 70;

    static final String INK = "#1f2328";
    static final String FAINT_INK = "#59636e";
    static final String GRID = "#d8dee4";

    /** Of Okabe and Ito's palette, which the colour-blind tell apart. */
    static final String BLUE = "#0072b2";

    static final String ORANGE = "#e69f00";
    static final String VERMILION = "#d55e00";
    static final String GREEN = "#009e73";
    static final String PURPLE = "#cc79a7";

    private static final int TICK_SIZE = 11;
    private static final String PAPER = "#ffffff";

    /** About the width of a letter, in parts of the height of its font. */
    private static final double LETTER = 0.58;

    private final StringBuilder body = new StringBuilder();

    Svg(int height, String title, String subtitle, String description) {
        add("""
                <svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title desc" width="%d" height="%d" \
                viewBox="0 0 %d %d" font-family="system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif">
                <title id="title">%s</title>
                <desc id="desc">%s</desc>
                """, WIDTH, height, WIDTH, height, escape(title), escape(description));
        rect(0.5, 0.5, WIDTH - 1, height - 1, 6, "fill=\"" + PAPER + "\" stroke=\"" + GRID + "\"");
        text(MARGIN, 32, Anchor.START, 18, INK, "font-weight=\"600\"", fitting(title, 18, WIDTH - 2 * MARGIN));
        text(MARGIN, 53, Anchor.START, 13, FAINT_INK, "", fitting(subtitle, 13, WIDTH - 2 * MARGIN));
    }

    enum Anchor {
        START,
        MIDDLE,
        END
    }

    void text(double x, double y, Anchor anchor, int size, String colour, String text) {
        text(x, y, anchor, size, colour, "", text);
    }

    void line(double x1, double y1, double x2, double y2, String colour, double width) {
        add(
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"%.1f\"/>\n",
                x1, y1, x2, y2, colour, width);
    }

    /** Lines from {@code top} to {@code bottom} and labels below, without those that would touch the one before. */
    void ticks(Axis axis, double left, double right, double top, double bottom, DoubleFunction<String> label) {
        double free = 0;
        for (double tick : axis.ticks()) {
            double x = left + axis.share(tick) * (right - left);
            line(x, top, x, bottom, GRID, 1);
            String text = label.apply(tick);
            double half = width(text, TICK_SIZE) / 2;
            if (x - half >= free) {
                text(x, bottom + 18, Anchor.MIDDLE, TICK_SIZE, FAINT_INK, text);
                free = x + half + TICK_SIZE / 2.0;
            }
        }
    }

    void bar(double x, double y, double width, double height, String colour) {
        rect(x, y, width, height, 2, "fill=\"" + colour + "\"");
    }

    void circle(double x, double y, double radius, String colour) {
        add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" %s/>\n", x, y, radius, mark(colour));
    }

    /** @param points pairs of x and y */
    void polygon(String colour, double... points) {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < points.length; i += 2) {
            list.append(String.format(Locale.ROOT, i == 0 ? "%.1f,%.1f" : " %.1f,%.1f", points[i], points[i + 1]));
        }
        add("<polygon points=\"%s\" %s/>\n", list, mark(colour));
    }

    /** The document; nothing is added after that. */
    String end() {
        return body.append("</svg>\n").toString();
    }

    static void write(Path file, String document) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        Files.writeString(file, document);
    }

    /** About how many pixels {@code text} takes. */
    static double width(String text, int size) {
        return text.length() * size * LETTER;
    }

    /** As much of {@code text} as {@code width} pixels hold; what is cut off shows as an ellipsis. */
    static String fitting(String text, int size, double width) {
        int letters = (int) (width / (size * LETTER));
        return text.length() <= letters
                ? text
                : text.substring(0, Math.max(0, letters - 1)).stripTrailing() + "…";
    }

    private void text(double x, double y, Anchor anchor, int size, String colour, String style, String text) {
        add(
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"%d\" fill=\"%s\" %s>%s</text>\n",
                x, y, anchor.name().toLowerCase(Locale.ROOT), size, colour, style, escape(text));
    }

    private void rect(double x, double y, double width, double height, int radius, String style) {
        add(
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"%d\" %s/>\n",
                x, y, width, height, radius, style);
    }

    /** A rim in the colour of the paper keeps marks apart that overlap. */
    private static String mark(String colour) {
        return "fill=\"%s\" stroke=\"%s\" stroke-width=\"1.5\"".formatted(colour, PAPER);
    }

    private void add(String format, Object... values) {
        body.append(String.format(Locale.ROOT, format, values));
    }

    /** Also without the control characters that XML does not allow. */
    private static String escape(String text) {
        return text.replaceAll("[\\p{Cntrl}\\uFFFE\\uFFFF]", " ")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
