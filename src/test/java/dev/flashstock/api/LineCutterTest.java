package dev.flashstock.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineCutterTest {
    private static final String LONG = "\u00fc".repeat(LineCutter.MAX_BYTES / 2);

    private final LineCutter cutter = new LineCutter();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4_096, 4_097, 8_192, 100_000})
    void howAFileComesDoesNotMatter(int chunk) {
        // Given
        byte[] file = ("\uFEFFa\r\n\n" + LONG + "\n" + LONG + "x\n" + "y".repeat(50_000) + "\n\u00e4\r\r\nlast")
                .getBytes(StandardCharsets.UTF_8);

        // When
        List<Line> lines = cut(file, chunk);

        // Then
        assertThat(lines).extracting(Line::text).containsExactly("a", "", LONG, "", "", "\u00e4\r", "last");
        assertThat(lines).extracting(Line::number).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
        assertThat(lines)
                .filteredOn(line -> line.fault() != null)
                .extracting(Line::number)
                .containsExactly(4L, 5L);
        assertThat(cutter.lines()).isEqualTo(7);
    }

    @Test
    void aLineThatHasNoEndIsNotKept() {
        // Given
        Buffer chunk = Buffer.buffer("x".repeat(8_192));

        // When
        for (int i = 0; i < 1_000; i++) {
            assertThat(cutter.cut(chunk)).isEmpty();
        }

        // Then
        assertThat(cutter.lines()).isZero();
        assertThat(cutter.rest())
                .singleElement()
                .satisfies(line -> assertThat(line.fault())
                        .isNotNull()
                        .extracting(Problem::status)
                        .isEqualTo(413));
    }

    @Test
    void aLineThatIsNotUtf8HasAFault() {
        // Given
        Buffer chunk = Buffer.buffer(new byte[] {'a', (byte) 0xC3, '\n', 'b', '\n'});

        // When
        List<Line> lines = cutter.cut(chunk);

        // Then
        assertThat(lines).extracting(Line::text).containsExactly("", "b");
        assertThat(lines.get(0).fault()).isNotNull().extracting(Problem::status).isEqualTo(400);
        assertThat(lines.get(1).fault()).isNull();
    }

    private List<Line> cut(byte[] file, int chunk) {
        List<Line> lines = new ArrayList<>();
        Buffer whole = Buffer.buffer(file);
        for (int from = 0; from < file.length; from += chunk) {
            lines.addAll(cutter.cut(whole.slice(from, Math.min(file.length, from + chunk))));
        }
        lines.addAll(cutter.rest());
        return lines;
    }
}
