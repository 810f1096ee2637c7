package dev.flashstock.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.Samples;
import dev.flashstock.inventory.GroupCommit;
import dev.flashstock.inventory.GroupCommit.Reason;
import dev.flashstock.inventory.GroupCommit.Result;
import dev.flashstock.inventory.StockTable;
import dev.flashstock.inventory.Unavailable;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.Reservation.Status;
import dev.flashstock.stock.Sku;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What operators see of holds that end. */
class ExpiryMetricsTest {
    private static final Sku SKU = new Sku("console");
    private static final Duration HOLD = Duration.ofMinutes(10);

    private final MeterRegistry metrics = new SimpleMeterRegistry();

    private void commit(Result result, List<GroupCommit.Return> returns) {
        StockTable table = (StockTable) Proxy.newProxyInstance(
                StockTable.class.getClassLoader(),
                new Class<?>[] {StockTable.class},
                (proxy, method, arguments) -> Uni.createFrom().item(result));
        InstantSource clock = InstantSource.fixed(Samples.NOW.plus(HOLD).plusMillis(1_500));
        new CountedStock(table, metrics, clock)
                .commit(new GroupCommit("token", Samples.NOW, SKU, 0, List.of(), returns))
                .await()
                .indefinitely();
    }

    private static GroupCommit.Return end(int units, Status becomes) {
        Reservation hold = Samples.held(Samples.request(SKU, units), 0, HOLD);
        return new GroupCommit.Return(hold, becomes);
    }

    @Test
    void unitsOfHoldsThatHaveExpiredAreCountedWithHowLateTheyCameBack() {
        // When
        commit(
                new Result.Committed(),
                List.of(end(3, Status.EXPIRED), end(2, Status.EXPIRED), end(7, Status.RELEASED)));

        // Then
        Timer lag = metrics.get("flashstock.expiry.lag").timer();
        assertThat(metrics.get("flashstock.expired").counter().count()).isEqualTo(5);
        assertThat(lag.count()).isEqualTo(2);
        assertThat(lag.max(TimeUnit.MILLISECONDS)).isEqualTo(1_500);
    }

    @Test
    void whatDidNotHappenIsNotCounted() {
        // When
        commit(
                new Result.Cancelled(new Reason.Conflict(), List.of(), List.of(new Reason.None())),
                List.of(end(3, Status.EXPIRED)));

        // Then
        assertThat(metrics.get("flashstock.expired").counter().count()).isZero();
        assertThat(metrics.get("flashstock.expiry.lag").timer().count()).isZero();
    }

    @Test
    void failuresOfSweepersAreCounted() {
        // When
        new SweepFailures(metrics).failed(3, new Unavailable("Planned"));

        // Then
        assertThat(metrics.get("flashstock.expiry.failures").counter().count()).isEqualTo(3);
    }
}
