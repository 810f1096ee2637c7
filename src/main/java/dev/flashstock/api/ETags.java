package dev.flashstock.api;

import dev.flashstock.inventory.Precondition;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Entity tags: a product's revision in quotes. */
final class ETags {
    private static final String ANY = "*";

    private ETags() {}

    static String of(String revision) {
        return '"' + revision + '"';
    }

    /** What {@code If-Match} and {@code If-None-Match} ask of the product before it is changed (RFC 9110, 13.1). */
    static Precondition precondition(@Nullable String ifMatch, @Nullable String ifNoneMatch) {
        return ifMatch(ifMatch).and(ifNoneMatch(ifNoneMatch));
    }

    private static Precondition ifMatch(@Nullable String header) {
        if (header == null) {
            return Precondition.none();
        }
        return header.trim().equals(ANY) ? Precondition.present() : Precondition.revisionIn(revisions(header));
    }

    private static Precondition ifNoneMatch(@Nullable String header) {
        if (header == null) {
            return Precondition.none();
        }
        return header.trim().equals(ANY) ? Precondition.absent() : Precondition.revisionNotIn(weakly(header));
    }

    /** Whether a caller that reads has this revision already; weak comparison, as for every {@code GET}. */
    static boolean matches(@Nullable String ifNoneMatch, String revision) {
        return ifNoneMatch != null
                && (ifNoneMatch.trim().equals(ANY) || weakly(ifNoneMatch).contains(revision));
    }

    /** {@code If-None-Match} takes weak tags for strong ones, whatever the method (RFC 9110, 13.1.2). */
    private static Set<String> weakly(String header) {
        return revisions(header.replace("W/", ""));
    }

    private static Set<String> revisions(String header) {
        return Arrays.stream(header.split(","))
                .map(String::trim)
                .filter(tag -> tag.length() >= 2 && tag.startsWith("\"") && tag.endsWith("\""))
                .map(tag -> tag.substring(1, tag.length() - 1))
                .collect(Collectors.toSet());
    }
}
