package dev.flashstock.heat;

import static dev.flashstock.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.heat.Throttle.Access;
import dev.flashstock.heat.Throttle.Limit;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecentThrottlesTest {
    private static final TableName OWN = new TableName("flashstock");
    private static final Throttle HOT = new Throttle(Limit.KEY_RANGE, Access.WRITE, "flashstock", null);

    private Instant now = NOW;
    private final RecentThrottles throttles = new RecentThrottles(OWN, () -> now);

    @Test
    void theyAreCountedByLimit() {
        // When
        throttles.add(HOT);
        throttles.add(HOT);
        throttles.add(new Throttle(Limit.PROVISIONED, Access.READ, "flashstock", "ByStatus"));

        // Then
        assertThat(throttles.figures(OWN).throttles())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(HOT, 2L, new Throttle(Limit.PROVISIONED, Access.READ, "flashstock", "ByStatus"), 1L));
    }

    @Test
    void anotherTableHasItsOwnAndMayBeUnknown() {
        // When
        throttles.add(HOT);

        // Then
        TableFigures figures = throttles.figures(new TableName("another"));
        assertThat(figures.throttles()).isEmpty();
        assertThat(figures.observed()).isFalse();
        assertThat(TableVerdict.of(figures)).extracting(TableVerdict::kind).containsExactly(TableVerdict.Kind.NO_DATA);
    }

    @Test
    void whatIsOldIsForgotten() {
        // Given
        throttles.add(HOT);

        // When
        now = NOW.plus(Duration.ofMinutes(RecentThrottles.MINUTES - 1));

        // Then
        assertThat(throttles.figures(OWN).throttles()).isEqualTo(Map.of(HOT, 1L));

        // When
        now = NOW.plus(Duration.ofMinutes(RecentThrottles.MINUTES));

        // Then
        assertThat(throttles.figures(OWN).throttles()).isEmpty();
        assertThat(throttles.figures(OWN).from()).isEqualTo(NOW.plus(Duration.ofMinutes(1)));
        assertThat(TableVerdict.of(throttles.figures(OWN)))
                .extracting(TableVerdict::kind)
                .containsExactly(TableVerdict.Kind.HEALTHY);
    }

    @Test
    void itHoldsNoMoreThanItsBound() {
        // When
        IntStream.range(0, 10_000)
                .forEach(i -> throttles.add(new Throttle(Limit.KEY_RANGE, Access.WRITE, "flashstock", "index-" + i)));

        // Then
        assertThat(throttles.figures(OWN).throttles()).hasSize(RecentThrottles.MOST_LIMITS);
    }
}
