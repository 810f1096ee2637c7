package dev.flashstock.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How the lines of one upload say adjustments; it sees them in their order. */
interface LineFormat {
    /**
     * Takes the line that says how to read the others.
     *
     * @param line any line
     * @return whether it is that one, and so no adjustment
     * @throws BadInput when it says something else
     */
    boolean isHeader(Line line);

    /**
     * Reads an adjustment.
     *
     * @param text one line
     * @return what it says; null when it says {@code null}
     * @throws JsonProcessingException when it is none
     */
    @Nullable
    AdjustmentLine read(String text) throws JsonProcessingException;

    /**
     * Comes after the last line.
     *
     * @throws BadInput when one is missing
     */
    void end();

    /** A JSON object in each line. */
    final class Json implements LineFormat {
        private final ObjectReader reader;

        Json(ObjectMapper mapper) {
            this.reader = mapper.readerFor(AdjustmentLine.class);
        }

        @Override
        public boolean isHeader(Line line) {
            return false;
        }

        @Override
        public @Nullable AdjustmentLine read(String text) throws JsonProcessingException {
            return reader.readValue(text);
        }

        @Override
        public void end() {}
    }

    /**
     * Fields as RFC 4180 separates and quotes them, their names in the first line. Its quoted line breaks are not taken: no
     * field may have one, and a quote that is never closed costs its own line only.
     */
    final class Csv implements LineFormat {
        private static final List<String> REQUIRED = List.of("sku", "delta", "reason");
        private static final Set<String> KNOWN = Set.of("sku", "delta", "reason", "key", "user", "reservation");
        private static final CsvMapper MAPPER = CsvMapper.builder()
                .enable(CsvParser.Feature.EMPTY_STRING_AS_NULL)
                .enable(CsvParser.Feature.FAIL_ON_MISSING_COLUMNS)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .build();
        private static final ObjectReader HEADER = MAPPER.readerFor(String[].class);

        private @Nullable ObjectReader reader;

        @Override
        public boolean isHeader(Line line) {
            if (reader != null) {
                return false;
            }
            reader = MAPPER.readerFor(AdjustmentLine.class).with(schema(columns(line)));
            return true;
        }

        private static List<String> columns(Line line) {
            try {
                String[] columns = line.isBlank() || line.fault() != null ? null : HEADER.readValue(line.text());
                return columns == null
                        ? List.of()
                        : Arrays.stream(columns).map(Csv::trimmed).toList();
            } catch (JsonProcessingException e) {
                return List.of();
            }
        }

        private static String trimmed(@Nullable String column) {
            return column == null ? "" : column.trim();
        }

        private static CsvSchema schema(List<String> columns) {
            if (!columns.containsAll(REQUIRED)
                    || !KNOWN.containsAll(columns)
                    || Set.copyOf(columns).size() < columns.size()) {
                throw badHeader();
            }
            CsvSchema.Builder schema = CsvSchema.builder();
            columns.forEach(schema::addColumn);
            return schema.build();
        }

        private static BadInput badHeader() {
            return new BadInput(
                    "header",
                    "Columns",
                    "must name sku, delta and reason, may name key, user and reservation, and each of them once");
        }

        @Override
        public @Nullable AdjustmentLine read(String text) throws JsonProcessingException {
            if (reader == null) {
                throw new IllegalStateException("The header comes first");
            }
            return reader.readValue(text);
        }

        @Override
        public void end() {
            if (reader == null) {
                throw badHeader();
            }
        }
    }
}
