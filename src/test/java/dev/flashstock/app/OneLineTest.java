package dev.flashstock.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Formatter;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OneLineTest {
    private final OneLine filter = new OneLine();
    private final Formatter formatter = new PatternFormatter("%p %s%e%n");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n",
                "\r",
                "\r\n",
                "\t",
                "\u0000",
                "\u001b[2J",
                "\u007f",
                "\u0085",
                "\u009b",
                "\u2028",
                "\u2029",
                "\u202e"
            })
    void whatSomebodySentStaysInItsLine(String sent) {
        // Given
        ExtLogRecord record = record("Request not served error=%s", "before" + sent + "WARN after");

        // When
        boolean logged = filter.isLoggable(record);

        // Then
        assertThat(logged).isTrue();
        assertThat(formatter.format(record).stripTrailing())
                .startsWith("INFO Request not served error=before\\u")
                .endsWith("WARN after")
                .doesNotContain(sent);
    }

    @Test
    void whatIsCleanStaysAsItIs() {
        // Given
        ExtLogRecord record = record("sku=%s", "Zoë 用户 👩 100 %s");

        // When
        filter.isLoggable(record);

        // Then
        assertThat(record.getMessage()).isEqualTo("sku=%s");
        assertThat(formatter.format(record)).startsWith("INFO sku=Zoë 用户 👩 100 %s");
    }

    @Test
    void anExceptionsMessageIsCleanedAndItsTraceStays() {
        // Given
        Throwable cause = new IllegalArgumentException("bad\nERROR forged line\u001b[31m");
        ExtLogRecord record = record("Request failed", "");
        record.setThrown(new IllegalStateException("fine", cause));

        // When
        filter.isLoggable(record);

        // Then
        assertThat(formatter.format(record))
                .contains("java.lang.IllegalStateException: fine")
                .contains("java.lang.IllegalArgumentException: bad\\u000aERROR forged line\\u001b[31m")
                .contains("at dev.flashstock.app.OneLineTest.anExceptionsMessageIsCleanedAndItsTraceStays")
                .doesNotContain("\nERROR forged");
    }

    @Test
    void anExceptionWithNothingToCleanIsTheSame() {
        // Given
        Throwable thrown = new IllegalStateException("fine");
        ExtLogRecord record = record("Request failed", "");
        record.setThrown(thrown);

        // When
        filter.isLoggable(record);

        // Then
        assertThat(record.getThrown()).isSameAs(thrown);
    }

    @Test
    void causesInACircleComeToAnEnd() {
        // Given
        Throwable one = new IllegalStateException("one\n");
        Throwable other = new IllegalStateException("other", one);
        one.initCause(other);
        ExtLogRecord record = record("Request failed", "");
        record.setThrown(one);

        // When
        filter.isLoggable(record);

        // Then
        assertThat(formatter.format(record)).contains("one\\u000a");
    }

    private static ExtLogRecord record(String format, String parameter) {
        ExtLogRecord record =
                new ExtLogRecord(Level.INFO, format, ExtLogRecord.FormatStyle.PRINTF, OneLineTest.class.getName());
        record.setParameters(new Object[] {parameter});
        return record;
    }
}
