package dev.flashstock.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.Samples;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link SummaryTable} does. */
public abstract class SummaryTableContract {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Instant UP_TO = Instant.parse("2026-11-27T09:00:00.123Z");

    private final Sku sku = Samples.newSku();
    private SummaryTable table;

    /** A table without a lease. */
    protected abstract SummaryTable table();

    @BeforeEach
    void connect() {
        table = table();
    }

    // Summaries

    @Test
    void whatWasNeverWrittenIsEmpty() {
        assertThat(find(sku)).isEqualTo(Summary.none(sku));
    }

    @Test
    void whatIsWrittenIsFoundAsItsNextRevision() {
        // Given
        Summary summary = summary(0, levels(3));

        // When
        Attempt attempt = save(summary);

        // Then
        assertThat(attempt).isEqualTo(Attempt.DONE);
        assertThat(find(sku)).isEqualTo(summary(1, levels(3)));
    }

    @Test
    void manyAreFoundAtOnce() {
        // Given
        List<Sku> skus = Stream.generate(Samples::newSku).limit(130).toList();
        Sku written = skus.get(120);
        save(new Summary(written, 0, 1, 1, levels(1)));

        // When
        Map<Sku, Summary> found = table.find(skus).await().atMost(PATIENCE);

        // Then
        assertThat(found).hasSize(130).containsEntry(written, new Summary(written, 1, 1, 1, levels(1)));
        assertThat(found.values()).filteredOn(it -> it.revision() == 0).hasSize(129);
    }

    @Test
    void askingForNoneFindsNone() {
        assertThat(table.find(Set.of()).await().atMost(PATIENCE)).isEmpty();
    }

    @Test
    void whatWasWrittenMeanwhileIsNotWrittenOver() {
        // Given
        save(summary(0, levels(1)));
        save(summary(1, levels(2)));

        // When
        List<Attempt> attempts = List.of(save(summary(1, levels(3))), save(summary(0, levels(4))));

        // Then
        assertThat(attempts).containsOnly(Attempt.CHANGED);
        assertThat(find(sku)).isEqualTo(summary(2, levels(2)));
    }

    @Test
    void aThousandShardsHaveRoom() {
        // Given
        Map<Integer, ShardLevel> many = new HashMap<>();
        IntStream.range(0, 1_000)
                .forEach(shard -> many.put(shard, new ShardLevel(shard, 1_000_000_000L, 9_000_000_000_000L + shard)));

        // When
        save(summary(0, many));

        // Then
        assertThat(find(sku).levels()).isEqualTo(many);
    }

    @Test
    void anEmptyOneIsThereAllTheSame() {
        // When
        save(summary(0, Map.of()));

        // Then
        assertThat(find(sku).revision()).isEqualTo(1);
        assertThat(save(summary(0, levels(1)))).isEqualTo(Attempt.CHANGED);
    }

    private Summary summary(long revision, Map<Integer, ShardLevel> levels) {
        return new Summary(sku, revision, 7, 3, levels);
    }

    private static Map<Integer, ShardLevel> levels(long units) {
        return Map.of(0, new ShardLevel(0, units, 5), 12, new ShardLevel(12, 0, 0));
    }

    private Summary find(Sku sku) {
        return Objects.requireNonNull(
                table.find(Set.of(sku)).await().atMost(PATIENCE).get(sku));
    }

    private Attempt save(Summary summary) {
        return table.save(summary).await().atMost(PATIENCE);
    }

    // The lease

    @Test
    void ofManyWhoTakeTheFirstLeaseOneHasIt() {
        // When
        List<Attempt> attempts = Stream.of("a", "b", "c")
                .map(it -> take(Optional.empty(), lease(it, 1, 1)))
                .toList();

        // Then
        assertThat(attempts).containsExactly(Attempt.DONE, Attempt.CHANGED, Attempt.CHANGED);
        assertThat(lease()).contains(lease("a", 1, 1));
    }

    @Test
    void ofManyWhoTakeItFromAnotherOneHasIt() {
        // Given
        take(Optional.empty(), lease("a", 1, 1));
        Optional<Lease> seen = lease();

        // When
        List<Attempt> attempts =
                Stream.of("b", "c").map(it -> take(seen, lease(it, 2, 2))).toList();

        // Then
        assertThat(attempts).containsExactly(Attempt.DONE, Attempt.CHANGED);
        assertThat(lease()).contains(lease("b", 2, 2));
    }

    @Test
    void aLeaseThatWasRenewedIsNotTaken() {
        // Given
        take(Optional.empty(), lease("a", 1, 1));
        Optional<Lease> seen = lease();
        keep("a", lease("a", 1, 2));

        // When
        Attempt attempt = take(seen, lease("b", 2, 2));

        // Then
        assertThat(attempt).isEqualTo(Attempt.CHANGED);
        assertThat(lease()).contains(lease("a", 1, 2));
    }

    @Test
    void whoHasLostItCannotKeepIt() {
        // Given
        take(Optional.empty(), lease("a", 1, 1));
        take(lease(), lease("b", 2, 2));

        // When
        Attempt attempt = keep("a", lease("a", 1, 3));

        // Then
        assertThat(attempt).isEqualTo(Attempt.CHANGED);
        assertThat(lease()).contains(lease("b", 2, 2));
    }

    @Test
    void keepingItTwiceIsKeepingIt() {
        // Given
        take(Optional.empty(), lease("a", 1, 1));
        keep("a", lease("a", 1, 2));

        // When
        Attempt attempt = keep("a", lease("a", 1, 2));

        // Then
        assertThat(attempt).isEqualTo(Attempt.DONE);
    }

    @Test
    void whoLeavesKeepsItNoMore() {
        // Given
        take(Optional.empty(), lease("a", 1, 1));
        keep("a", lease("", 1, 2));

        // When
        Attempt attempt = keep("a", lease("a", 1, 3));

        // Then
        assertThat(attempt).isEqualTo(Attempt.CHANGED);
        assertThat(lease()).contains(lease("", 1, 2));
    }

    @Test
    void placesAreKeptAsTheyAre() {
        // Given
        Map<String, Lease.Mark> marks = Map.of(
                "shardId-1", new Lease.Mark("49545115243490985018280067714973144582180062593244200961", false),
                "shardId-2", new Lease.Mark(null, false),
                "shardId-3", new Lease.Mark(null, true));
        take(Optional.empty(), lease("a", 1, 1));

        // When
        keep("a", new Lease("a", 1, 2, "arn:stream", 4, UP_TO, marks));

        // Then
        assertThat(lease()).contains(new Lease("a", 1, 2, "arn:stream", 4, UP_TO, marks));
    }

    private static Lease lease(String owner, long term, long beat) {
        return new Lease(owner, term, beat, "", 0, Instant.EPOCH, Map.of());
    }

    private Optional<Lease> lease() {
        return table.lease().await().atMost(PATIENCE);
    }

    private Attempt take(Optional<Lease> before, Lease next) {
        return table.take(before, next).await().atMost(PATIENCE);
    }

    private Attempt keep(String owner, Lease lease) {
        return table.keep(owner, lease).await().atMost(PATIENCE);
    }
}
