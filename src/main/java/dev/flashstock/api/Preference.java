package dev.flashstock.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How long a caller waits for the outcome, by its {@code Prefer} header (RFC 7240).
 *
 * @param patience how long; zero: not at all
 * @param respondAsync whether the caller asked not to wait
 */
record Preference(Duration patience, boolean respondAsync) {
    private static final String RESPOND_ASYNC = "respond-async";
    private static final Pattern WAIT = Pattern.compile("wait\\s*=\\s*\"?(\\d{1,9})\"?", Pattern.CASE_INSENSITIVE);

    /** The first {@code wait} counts, as the RFC says; what is not understood is ignored, as it says too. */
    static Preference of(@Nullable List<String> headers, Duration longest) {
        List<String> preferences = Optional.ofNullable(headers).stream()
                .flatMap(List::stream)
                .flatMap(header -> preferences(header).stream())
                .map(preference -> preference.split(";", 2)[0].trim())
                .toList();
        Duration patience = preferences.stream()
                .map(WAIT::matcher)
                .filter(Matcher::matches)
                .findFirst()
                .map(matcher -> Duration.ofSeconds(Long.parseLong(matcher.group(1))))
                .map(wait -> wait.compareTo(longest) > 0 ? longest : wait)
                .orElse(Duration.ZERO);
        return new Preference(patience, preferences.stream().anyMatch(RESPOND_ASYNC::equalsIgnoreCase));
    }

    /** Cuts a header at its commas, but for those in quoted strings. */
    private static List<String> preferences(String header) {
        List<String> found = new ArrayList<>();
        boolean quoted = false;
        boolean escaped = false;
        int from = 0;
        for (int i = 0; i < header.length(); i++) {
            char c = header.charAt(i);
            if (c == ',' && !quoted) {
                found.add(header.substring(from, i));
                from = i + 1;
            } else if (c == '"' && !escaped) {
                quoted = !quoted;
            }
            escaped = quoted && c == '\\' && !escaped;
        }
        found.add(header.substring(from));
        return found;
    }

    /** Which of the preferences was honoured, for {@code Preference-Applied}. */
    Optional<String> applied() {
        if (!patience.isZero()) {
            return Optional.of("wait=" + patience.toSeconds());
        }
        return respondAsync ? Optional.of(RESPOND_ASYNC) : Optional.empty();
    }
}
