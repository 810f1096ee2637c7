package dev.flashstock.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.Samples;
import dev.flashstock.stock.IdempotencyKey;
import dev.flashstock.stock.Product;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationId;
import dev.flashstock.stock.Sku;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RefusalsTest {
    private static final Sku SKU = new Sku("console");

    static Stream<Class<?>> kinds() {
        return Arrays.stream(Refusal.class.getPermittedSubclasses());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyRefusalIsAProblemWithAStatusOfTheCallers(Class<?> kind) throws Exception {
        // Given
        Refusal refusal = sample(kind);

        // When
        Response response = Refusals.response(refusal);

        // Then
        Problem problem = (Problem) response.getEntity();
        // That too many wait at once is nobody's fault.
        assertThat(response.getStatus())
                .isBetween(400, kind == Refusal.Crowded.class ? 503 : 499)
                .isEqualTo(problem.status());
        assertThat(response.getStatus()).isEqualTo(Refusals.type(refusal).status());
        assertThat(problem.type()).isEqualTo(Refusals.type(refusal).uri());
        assertThat(problem.detail()).isNotBlank().endsWith(".");
    }

    @Test
    void everyRefusalHasATypeOfItsOwn() {
        // Given
        Set<Class<?>> kinds = kinds().collect(Collectors.toSet());

        // When
        Set<ProblemType> types = kinds.stream()
                .map(kind -> Refusals.type(sample(kind)))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(ProblemType.class)));

        // Then
        assertThat(types).hasSameSizeAs(kinds);
    }

    @Test
    void soldOutSaysWhatIsLeft() {
        // When
        Response response = Refusals.response(new Refusal.SoldOut(SKU, 3));

        // Then
        assertThat(response.getStatus()).isEqualTo(409);
        assertThat(((Problem) response.getEntity()).members()).containsEntry("available", 3L);
    }

    @Test
    void whoAsksTooOftenIsToldWhenToComeAgainInWholeSeconds() {
        // When
        Response response = Refusals.response(new Refusal.TooOften(Duration.ofMillis(1_500)));

        // Then
        assertThat(response.getHeaderString("Retry-After")).isEqualTo("2");
        assertThat(((Problem) response.getEntity()).members()).containsEntry("retryAfterSeconds", 2L);
    }

    /** A refusal of that kind, its components made up by their types. */
    private static Refusal sample(Class<?> kind) {
        try {
            var constructor = kind.getDeclaredConstructors()[0];
            Object[] arguments = Arrays.stream(constructor.getParameterTypes())
                    .map(RefusalsTest::any)
                    .toArray();
            return (Refusal) constructor.newInstance(arguments);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static Object any(Class<?> type) {
        return Stream.of(
                        SKU,
                        7L,
                        "told",
                        Samples.NOW,
                        Duration.ofMillis(1_500),
                        Product.Status.PAUSED,
                        Reservation.Status.RELEASED,
                        Reservation.Reason.NOT_ON_SALE,
                        Refusal.AuditNeeded.Why.OLD,
                        ReservationId.of(SKU, new IdempotencyKey("k")))
                .filter(it -> type.isInstance(it) || (type == long.class && it instanceof Long))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No sample of " + type));
    }
}
