package dev.flashstock.local.rehearsal;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How stock is kept while a crowd wants it. */
public enum Design {
    /** One counter under one key, changed without a condition: what the hot partition is explained with. */
    ONE_KEY,
    /** Ten such counters under a random suffix each: the usual cure. */
    SUFFIXES,
    /** flashstock's own, asked over HTTP and waited for. */
    FLASHSTOCK;

    /** As it stands in JSON: {@code one-key}. */
    @Override
    @JsonValue
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
