package dev.flashstock.api;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What is logged meanwhile. */
final class LogOf extends Handler implements AutoCloseable {
    private static final Formatter FORMAT = new SimpleFormatter();

    private final Logger logger;
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();

    LogOf(String category) {
        logger = Logger.getLogger(category);
        logger.addHandler(this);
    }

    /** What was logged with an exception. */
    List<String> failures() {
        return records.stream()
                .filter(record -> record.getThrown() != null)
                .map(record -> record.getLoggerName() + ": " + record.getMessage() + ": " + record.getThrown())
                .toList();
    }

    /** All that was logged, with the exceptions' own words. */
    List<String> lines() {
        return records.stream()
                .map(record -> FORMAT.format(record) + " " + record.getThrown())
                .toList();
    }

    @Override
    public void publish(LogRecord record) {
        records.add(record);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
