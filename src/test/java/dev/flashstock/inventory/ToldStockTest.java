package dev.flashstock.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.Samples;
import dev.flashstock.inventory.GroupCommit.Reason;
import dev.flashstock.inventory.GroupCommit.Result;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.Reservation.Status;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ToldStockTest {
    private static final Sku SKU = new Sku("console");

    private Uni<Result> result = Uni.createFrom().item(new Result.Committed());
    private Uni<OptionalLong> left = Uni.createFrom().item(OptionalLong.of(5));
    private Optional<String> count = Optional.of("first");
    private final List<String> told = new ArrayList<>();

    private final StockTable table = new ToldStock(
            new ForwardingStock(Unusable.stock()) {
                @Override
                public Uni<Result> commit(GroupCommit commit) {
                    count = Optional.of("second"); // one that may have seen it
                    return result;
                }

                @Override
                public Uni<Attempt> move(Move move) {
                    return Uni.createFrom().item(Attempt.DONE);
                }
            },
            new Totals() {
                @Override
                public Optional<String> count(Sku sku) {
                    return count;
                }

                @Override
                public Uni<OptionalLong> change(Sku sku, long units, Optional<String> before) {
                    told.add(units + " since " + before.orElse("nothing"));
                    return left;
                }
            },
            sku -> told.add("nothing left"),
            sku -> told.add("not counted"),
            sku -> told.add("to forget"));

    private static Reservation held(int units) {
        return Samples.held(Samples.request(SKU, units), 0, Duration.ofMinutes(10));
    }

    private void commit(List<Reservation> holds, List<Reservation> returns) {
        List<GroupCommit.Return> given = returns.stream()
                .map(it -> new GroupCommit.Return(it, Status.RELEASED))
                .toList();
        table.commit(new GroupCommit("token", Samples.NOW, SKU, 0, holds, given))
                .onFailure()
                .recoverWithNull()
                .await()
                .indefinitely();
    }

    @Test
    void aCommitIsToldWithTheCountThatWasKnownBefore() {
        // When
        commit(List.of(held(3)), List.of(held(1)));

        // Then
        assertThat(told).containsExactly("-2 since first");
    }

    @Test
    void whenNothingIsLeftOrNoTotalIsRememberedSomebodyLooks() {
        // When
        left = Uni.createFrom().item(OptionalLong.of(0));
        commit(List.of(held(3)), List.of());
        left = Uni.createFrom().item(OptionalLong.empty());
        commit(List.of(held(3)), List.of());

        // Then
        assertThat(told).containsExactly("-3 since first", "nothing left", "-3 since second", "not counted");
    }

    @Test
    void whatDidNotHappenIsNotTold() {
        // Given
        result = Uni.createFrom()
                .item(new Result.Cancelled(new Reason.Conflict(), List.of(new Reason.None()), List.of()));

        // When
        commit(List.of(held(3)), List.of());

        // Then
        assertThat(told).isEmpty();
    }

    @Test
    void unitsThatHavePerhapsComeBackMakeTheTotalUnknown() {
        // Given
        result = Uni.createFrom().failure(new Unavailable("away"));

        // When
        commit(List.of(held(3)), List.of());
        commit(List.of(), List.of(held(1)));

        // Then
        assertThat(told).containsExactly("to forget");
    }

    @Test
    void unitsThatHaveComeBackAndCouldNotBeToldMakeTheTotalUnknown() {
        // Given
        left = Uni.createFrom().failure(new Unavailable("away"));

        // When
        commit(List.of(held(3)), List.of());
        commit(List.of(), List.of(held(1)));

        // Then
        assertThat(told).containsExactly("-3 since first", "1 since second", "to forget");
    }

    @Test
    void aMoveIsToldAndNobodyLooks() {
        // Given
        left = Uni.createFrom().item(OptionalLong.of(0));

        // When
        table.move(new Move("token", Samples.NOW, SKU, List.of(new Portion(0, 2)), 1))
                .await()
                .indefinitely();

        // Then
        assertThat(told).containsExactly("0 since nothing");
    }
}
