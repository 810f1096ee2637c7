package dev.flashstock.api;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list.
 *
 * @param items what is on it
 * @param next the cursor of the next page; null on the last
 * @param <T> what is listed
 */
@RegisterForReflection
public record Page<T>(List<T> items, @Nullable String next) {
    /** A page of what was found when one more than fits was asked for. */
    static <S, T> Page<T> of(List<S> found, Limit limit, Function<S, T> view, Function<S, String> position) {
        List<S> shown = found.subList(0, Math.min(limit.items(), found.size()));
        String next = found.size() > limit.items() ? cursor(position.apply(shown.get(limit.items() - 1))) : null;
        return new Page<>(shown.stream().map(view).toList(), next);
    }

    /** A page that ends at a place; null: nothing follows. */
    static <T> Page<T> until(List<T> items, @Nullable String place) {
        return new Page<>(items, place == null ? null : cursor(place));
    }

    private static String cursor(String position) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(position.getBytes(StandardCharsets.UTF_8));
    }

    /** Where a cursor points; null: at the beginning. */
    static <P> @Nullable P position(@Nullable String cursor, Function<String, P> parse) {
        if (cursor == null) {
            return null;
        }
        try {
            return parse.apply(new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new BadInput("cursor", "Shape", "is not a cursor that a page gave as its next");
        }
    }
}
