package dev.flashstock.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flashstock.inventory.Frontier.Place;
import dev.flashstock.inventory.StockStream.Cursor;
import dev.flashstock.inventory.StockStream.Read;
import dev.flashstock.inventory.StockStream.Strand;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FrontierTest {
    private static final Instant NOW = Instant.parse("2026-11-27T09:00:00Z");
    private static final Strand A = new Strand("a", null);
    private static final Strand B = new Strand("b", "a");
    private static final Strand C = new Strand("c", "a");

    // How far a strand has been read

    @Test
    void ofThreeReadingsThatBringNothingTheFirstTellsHowFar() {
        // Given
        Place place = Place.beginningOf("a", NOW.minusSeconds(60));

        // When
        Place twice = place.after(nothing(), NOW).after(nothing(), NOW.plusSeconds(1));
        Place thrice = twice.after(nothing(), NOW.plusSeconds(2));
        Place onceMore = thrice.after(nothing(), NOW.plusSeconds(3));

        // Then
        assertThat(twice.upTo()).isEqualTo(NOW.minusSeconds(60));
        assertThat(thrice.upTo()).isEqualTo(NOW.minus(Frontier.APPEARS_WITHIN));
        assertThat(onceMore.upTo()).isEqualTo(NOW.plusSeconds(1).minus(Frontier.APPEARS_WITHIN));
    }

    @Test
    void aRecordTellsHowFarAndReadingsBeforeItDoNotCount() {
        // Given
        Place place = Place.beginningOf("a", NOW.minusSeconds(60))
                .after(nothing(), NOW)
                .after(nothing(), NOW.plusSeconds(1));

        // When
        Place read = place.after(record(NOW.minusSeconds(5)), NOW.plusSeconds(2));
        Place twice = read.after(nothing(), NOW.plusSeconds(3)).after(nothing(), NOW.plusSeconds(4));

        // Then
        assertThat(read.upTo()).isEqualTo(NOW.minusSeconds(5));
        assertThat(twice.upTo()).isEqualTo(NOW.minusSeconds(5));
    }

    @Test
    void theEndOfAStrandDoesNotTellHowFarThoseAfterItAre() {
        // Given
        Place place = Place.beginningOf("a", NOW.minusSeconds(60))
                .after(nothing(), NOW)
                .after(nothing(), NOW.plusSeconds(1));

        // When
        Place ended = place.after(new Read.Page(List.of(), 0, Optional.empty(), Optional.empty()), NOW.plusSeconds(2));

        // Then
        assertThat(ended.ended()).isTrue();
        assertThat(ended.upTo()).isEqualTo(NOW.minusSeconds(60));
    }

    // Which strands are read

    @Test
    void whatFollowsAStrandIsReadWhenThatHasEnded() {
        // Given
        Frontier open = at(place("a", false));
        Frontier ended = at(place("a", true));

        // When / Then
        assertThat(open.in(List.of(A, B, C)).places()).containsOnlyKeys("a");
        assertThat(ended.in(List.of(A)).places()).containsOnlyKeys("a");
        assertThat(ended.in(List.of(A, B, C)).places()).containsOnlyKeys("b", "c");
        assertThat(ended.in(List.of(B, C)).missed()).isFalse();
    }

    @Test
    void aNewFollowerBeginsWithTheFirstOfEach() {
        assertThat(at().in(List.of(A, B, C, new Strand("d", "gone"))).places()).containsOnlyKeys("a", "d");
    }

    @Test
    void aStrandThatComesToLightAfterItsSiblingIsReadToo() {
        assertThat(at(place("b", false)).in(List.of(A, B, C)).places()).containsOnlyKeys("b", "c");
    }

    @Test
    void aStrandThatIsGoneBeforeItWasReadIsMissed() {
        // When
        Frontier next = at(place("a", false)).in(List.of(B, C));

        // Then
        assertThat(next.missed()).isTrue();
        assertThat(next.places()).containsOnlyKeys("b", "c");
    }

    @Test
    void aBeginningThatWasNotReadForADayMayBeMissed() {
        // Given
        Frontier frontier = at(Place.beginningOf("a", NOW));

        // When / Then
        assertThat(frontier.checked(NOW.plus(Duration.ofHours(22))).missed()).isFalse();
        assertThat(frontier.checked(NOW.plus(Duration.ofHours(24))).missed()).isTrue();
        assertThat(frontier.checked(NOW.plus(Duration.ofHours(24))).upTo()).isEqualTo(Lease.NEVER);
        assertThat(at(place("a", false)).checked(NOW.plus(Duration.ofHours(24))).missed())
                .isFalse();
    }

    @Test
    void moreStrandsThanOneProcessCanFollowAreRefused() {
        // Given
        List<Strand> many = IntStream.rangeClosed(0, Frontier.MOST_STRANDS)
                .mapToObj(it -> new Strand("strand-" + it, null))
                .toList();

        // When / Then
        assertThatThrownBy(() -> at().in(many))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("set flashstock.totals.source=shards");
    }

    private static Frontier at(Place... places) {
        return new Frontier(Map.of(), false).with(List.of(places), false);
    }

    /** Where something was read. */
    private static Place place(String strand, boolean ended) {
        return new Place(new Cursor(strand, "7", null), ended, NOW, List.of());
    }

    private static Read.Page nothing() {
        return new Read.Page(List.of(), 0, Optional.empty(), Optional.of(Cursor.beginningOf("a")));
    }

    private static Read.Page record(Instant until) {
        return new Read.Page(List.of(), 1, Optional.of(until), Optional.of(new Cursor("a", "7", "any")));
    }
}
