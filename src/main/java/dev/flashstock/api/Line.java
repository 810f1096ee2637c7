package dev.flashstock.api;

import org.jspecify.annotations.Nullable;

/**
 * A line of an upload.
 *
 * @param number its number in the file, from 1
 * @param text what it says, without its end; empty when it cannot be read
 * @param fault why it cannot be read; null when it can
 */
record Line(long number, String text, @Nullable Problem fault) {
    boolean isBlank() {
        return fault == null && text.isBlank();
    }
}
