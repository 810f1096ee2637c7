package dev.flashstock.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Movements as CSV (RFC 4180): a header, and a row for each line of a movement. A spreadsheet takes a cell that begins
 * with {@code = + - @} for a formula, and what is in it may have been said by anybody: text that begins so gets an
 * apostrophe before it (https://owasp.org/www-community/attacks/CSV_Injection).
 */
final class MovementsCsv {
    static final String MEDIA_TYPE = "text/csv";

    private static final String FORMULAS_BEGIN_WITH = "=+-@\t\r\n";
    private static final CsvSchema SCHEMA = CsvSchema.builder()
            .addColumn("id")
            .addColumn("at")
            .addColumn("sku")
            .addColumn("change")
            .addColumn("shards")
            .addColumn("kind")
            .addColumn("units")
            .addColumn("user")
            .addColumn("reservation")
            .addColumn("by")
            .addColumn("reason")
            .setUseHeader(true)
            .setLineSeparator("\r\n")
            .setNullValue("")
            .build();
    private static final ObjectWriter WRITER = new CsvMapper().writer(SCHEMA);

    private MovementsCsv() {}

    static String of(List<MovementView> movements) {
        try {
            return WRITER.writeValueAsString(movements.stream()
                    .flatMap(movement -> movement.lines().stream().map(line -> row(movement, line)))
                    .toList());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Text and numbers are always CSV", e);
        }
    }

    private static @Nullable Object[] row(MovementView movement, MovementView.Line line) {
        return new @Nullable Object[] {
            text(movement.id()),
            movement.at().toString(),
            text(movement.sku()),
            movement.change(),
            movement.shards().stream().map(it -> it.shard() + ":" + it.units()).collect(Collectors.joining(" ")),
            line.kind().name(),
            line.units(),
            text(line.user()),
            text(line.reservation()),
            text(line.by()),
            text(line.reason())
        };
    }

    private static @Nullable String text(@Nullable String value) {
        return value == null || value.isEmpty() || FORMULAS_BEGIN_WITH.indexOf(value.charAt(0)) < 0
                ? value
                : "'" + value;
    }
}
