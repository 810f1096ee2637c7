package dev.flashstock.app;

import io.quarkus.logging.LoggingFilter;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.stream.Collectors;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jspecify.annotations.Nullable;

/**
 * What is logged stays in its line, and says nothing to the terminal that shows it: whatever somebody has sent that got
 * into a message, control characters in it are written as four hexadecimal digits. So nobody writes lines of their own.
 */
@LoggingFilter(name = "one-line")
public final class OneLine implements Filter {
    /** Knows the ways in which messages have parameters. */
    private static final ExtFormatter FORMATTER = new PatternFormatter("%s");

    @Override
    public boolean isLoggable(LogRecord record) {
        String message = record.getMessage() == null ? "" : FORMATTER.formatMessage(record);
        if (!isClean(message)) {
            say(record, clean(message));
        }
        Throwable thrown = record.getThrown();
        if (thrown != null && !isClean(thrown)) {
            record.setThrown(Cleaned.of(thrown));
        }
        return true;
    }

    private static void say(LogRecord record, String message) {
        if (record instanceof ExtLogRecord extended) {
            extended.setMessage(message, ExtLogRecord.FormatStyle.NO_FORMAT);
        } else {
            record.setMessage(message);
            record.setParameters(null);
        }
    }

    private static boolean isClean(String text) {
        return text.codePoints().noneMatch(OneLine::isUnwanted);
    }

    private static boolean isClean(@Nullable Throwable thrown) {
        int depth = 0;
        for (Throwable it = thrown; it != null && depth < Cleaned.MAX_DEPTH; it = it.getCause(), depth++) {
            if (!isClean(it.toString())) {
                return false;
            }
        }
        return true;
    }

    private static String clean(String text) {
        return text.codePoints()
                .mapToObj(it -> isUnwanted(it) ? String.format("\\u%04x", it) : Character.toString(it))
                .collect(Collectors.joining());
    }

    private static boolean isUnwanted(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    /** Looks as the exception that it stands for, with a clean message. */
    @SuppressWarnings("OverrideThrowableToString") // its name is the original's
    private static final class Cleaned extends Throwable {
        /** The most causes that are told of. */
        static final int MAX_DEPTH = 16;

        private static final long serialVersionUID = 1L;

        private final String text;

        private Cleaned(Throwable original, @Nullable Throwable cause) {
            super(original.getMessage() == null ? null : clean(original.getMessage()), cause);
            this.text = clean(original.toString());
            setStackTrace(original.getStackTrace());
        }

        static Cleaned of(Throwable original) {
            return of(original, 1);
        }

        private static Cleaned of(Throwable original, int depth) {
            Throwable cause = original.getCause();
            return new Cleaned(original, cause == null || depth == MAX_DEPTH ? null : of(cause, depth + 1));
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
