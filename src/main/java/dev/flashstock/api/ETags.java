package dev.flashstock.api;

import dev.flashstock.inventory.Listing;
import dev.flashstock.inventory.Precondition;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Entity tags. A product's is its revision and how many shards it is shown with: a reader has what it was told as long as
 * both are the same. Who changes the product goes by the revision alone, since no change of the product touches its shards.
 */
final class ETags {
    private static final String ANY = "*";
    private static final char BEFORE_SHARDS = '.';

    private ETags() {}

    static String of(String tag) {
        return '"' + tag + '"';
    }

    /** What a product's tag says, without its quotes. */
    static String tag(Listing listing) {
        return listing.product().revision() + BEFORE_SHARDS + listing.layout().writeShards();
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
        return header.trim().equals(ANY)
                ? Precondition.absent()
                : Precondition.revisionNotIn(revisions(strong(header)));
    }

    /** Whether a caller that reads has what this tag says already; weak comparison, as for every {@code GET}. */
    static boolean matches(@Nullable String ifNoneMatch, String tag) {
        return ifNoneMatch != null
                && (ifNoneMatch.trim().equals(ANY) || tags(strong(ifNoneMatch)).anyMatch(tag::equals));
    }

    /** {@code If-None-Match} takes weak tags for strong ones, whatever the method (RFC 9110, 13.1.2). */
    private static String strong(String header) {
        return header.replace("W/", "");
    }

    private static Set<String> revisions(String header) {
        return tags(header).map(ETags::revision).collect(Collectors.toSet());
    }

    private static String revision(String tag) {
        int end = tag.lastIndexOf(BEFORE_SHARDS);
        return end < 0 ? tag : tag.substring(0, end);
    }

    private static Stream<String> tags(String header) {
        return Arrays.stream(header.split(","))
                .map(String::trim)
                .filter(tag -> tag.length() >= 2 && tag.startsWith("\"") && tag.endsWith("\""))
                .map(tag -> tag.substring(1, tag.length() - 1));
    }
}
