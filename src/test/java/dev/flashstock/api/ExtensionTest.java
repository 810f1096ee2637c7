package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertProblem;
import static dev.flashstock.api.Shop.as;
import static dev.flashstock.api.Shop.asAdmin;
import static dev.flashstock.api.Shop.asServiceFor;
import static dev.flashstock.api.Shop.confirm;
import static dev.flashstock.api.Shop.enqueue;
import static dev.flashstock.api.Shop.extend;
import static dev.flashstock.api.Shop.hold;
import static dev.flashstock.api.Shop.newKey;
import static dev.flashstock.api.Shop.newProduct;
import static dev.flashstock.api.Shop.newUser;
import static dev.flashstock.api.Shop.productWith;
import static dev.flashstock.api.Shop.release;
import static dev.flashstock.api.Shop.together;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A hold is made longer, once. */
@QuarkusTest
class ExtensionTest {
    private static final int HOLD_SECONDS = 90;

    private final String user = newUser();

    @Inject
    Expiring expiring;

    @Test
    void aHoldIsMadeLongerByItsProductsHoldTime() {
        // Given
        String location = heldFor90Seconds();
        Instant before = expiresAt(as(user).get(location));

        // When
        Response response = extend(user, location);

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.jsonPath().getString("status")).isEqualTo("HELD");
        assertThat(expiresAt(response)).isEqualTo(before.plusSeconds(HOLD_SECONDS));
        assertThat(as(user).get(location).asString()).isEqualTo(response.asString());
    }

    @Test
    void aSecondTimeItIsNot() {
        // Given
        String location = heldFor90Seconds();
        Instant extended = expiresAt(extend(user, location));

        // When
        Response response = extend(user, location);

        // Then
        assertProblem(response, 409, "extended-before");
        assertThat(expiresAt(response)).isEqualTo(extended);
        assertThat(expiresAt(as(user).get(location))).isEqualTo(extended);
    }

    /** Whoever asks while another's is under way cannot be told from one who asks again: it may be told the same. */
    @Test
    void manyAtTheSameTimeMakeItLongerOnce() {
        // Given
        String location = heldFor90Seconds();
        Instant before = expiresAt(as(user).get(location));

        // When
        List<Response> responses = together(8, i -> extend(user, location));

        // Then
        assertThat(responses).filteredOn(it -> it.statusCode() == 200).isNotEmpty();
        assertThat(responses)
                .filteredOn(it -> it.statusCode() != 200)
                .allSatisfy(it -> assertProblem(it, 409, "extended-before"));
        Instant after = before.plusSeconds(HOLD_SECONDS);
        assertThat(responses).extracting(ExtensionTest::expiresAt).containsOnly(after);
        assertThat(expiresAt(as(user).get(location))).isEqualTo(after);
    }

    /** How a hold ends. */
    enum End {
        RELEASED,
        EXPIRED,
        CONFIRMED
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotHeldIsNotExtended(End end) {
        // Given
        String location = heldFor90Seconds();
        end(end, location);
        String before = as(user).get(location).asString();

        // When
        Response response = extend(user, location);

        // Then
        assertProblem(response, 409, "wrong-state");
        assertThat(response.jsonPath().getString("reservationStatus")).isEqualTo(end.name());
        assertThat(as(user).get(location).asString()).isEqualTo(before);
    }

    private void end(End end, String location) {
        switch (end) {
            case RELEASED -> release(user, location);
            case EXPIRED -> expiring.expire(user, location);
            case CONFIRMED -> confirm(user, location);
        }
    }

    @Test
    void aRequestThatWaitsForItsTurnIsNotExtended() {
        // Given
        String location = enqueue(user, newProduct(), newKey(), 1).header("Location");

        // When
        Response response = extend(user, location);

        // Then
        assertProblem(response, 409, "wrong-state");
        assertThat(response.jsonPath().getString("reservationStatus")).isIn("QUEUED", "REJECTED");
    }

    @Test
    void anExtendedHoldIsSoldAndReleasedLikeAnyOther() {
        // Given
        String toConfirm = heldFor90Seconds();
        String toRelease = heldFor90Seconds();
        extend(user, toConfirm);
        extend(user, toRelease);

        // When
        Response confirmed = confirm(user, toConfirm);
        Response released = release(user, toRelease);

        // Then
        assertThat(confirmed.jsonPath().getString("status")).isEqualTo("CONFIRMED");
        assertThat(released.jsonPath().getString("status")).isEqualTo("RELEASED");
    }

    @Test
    void aServiceExtendsForTheUserThatItNamesAndAnAdminDoesNot() {
        // Given
        String location = heldFor90Seconds();

        // When
        Response admin = asAdmin().post(location + "/extension");
        Response service = asServiceFor(user).post(location + "/extension");

        // Then
        assertProblem(admin, 403, "forbidden");
        assertThat(service.statusCode()).isEqualTo(200);
    }

    private String heldFor90Seconds() {
        String sku = newProduct(productWith("holdSeconds", HOLD_SECONDS));
        Shop.adjust(sku, 1);
        return hold(user, sku, 1);
    }

    private static Instant expiresAt(Response response) {
        return Instant.parse(response.jsonPath().getString("expiresAt"));
    }
}
