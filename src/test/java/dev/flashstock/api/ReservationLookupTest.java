package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertProblem;
import static dev.flashstock.api.Shop.as;
import static dev.flashstock.api.Shop.confirm;
import static dev.flashstock.api.Shop.extend;
import static dev.flashstock.api.Shop.hold;
import static dev.flashstock.api.Shop.newProductWithStock;
import static dev.flashstock.api.Shop.newUser;
import static dev.flashstock.api.Shop.release;
import static dev.flashstock.api.Shop.reserve;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@QuarkusTest
class ReservationLookupTest {
    private final String user = newUser();

    /** What can be done to a reservation. */
    enum Act {
        READ,
        RELEASE,
        CONFIRM,
        EXTEND;

        Response by(String user, String location) {
            return switch (this) {
                case READ -> as(user).get(location);
                case RELEASE -> release(user, location);
                case CONFIRM -> confirm(user, location);
                case EXTEND -> extend(user, location);
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void anotherUsersReservationIsNotThere(Act act) {
        // Given
        String sku = newProductWithStock(10);
        String location = hold(user, sku, 3);

        // When
        Response response = act.by(newUser(), location);

        // Then
        assertProblem(response, 404, "unknown-reservation");
        assertThat(as(user).get(location).jsonPath().getString("status")).isEqualTo("HELD");
    }

    @ParameterizedTest
    @EnumSource
    void aMadeUpIdIsNotThere(Act act) {
        // Given
        String location = "/reservations/" + newProductWithStock(10) + ".AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAA";

        // When
        Response response = act.by(user, location);

        // Then
        assertProblem(response, 404, "unknown-reservation");
    }

    @Test
    void anIdOfAnotherProductIsNotThere() {
        // Given
        String sku = newProductWithStock(10);
        String location = hold(user, sku, 3);

        // When
        Response response = as(user).get(location.replace(sku, newProductWithStock(10)));

        // Then
        assertProblem(response, 404, "unknown-reservation");
    }

    @Test
    void aUserListsItsOwnReservationsPageByPage() {
        // Given
        String sku = newProductWithStock(20);
        List<String> ids = IntStream.range(0, 5)
                .mapToObj(i -> reserve(user, sku, 1).jsonPath().getString("id"))
                .sorted()
                .toList();
        hold(newUser(), sku, 1);

        // When
        List<JsonPath> pages = pages(2);

        // Then
        assertThat(pages).extracting(page -> page.getList("items").size()).containsExactly(2, 2, 1);
        assertThat(pages)
                .flatExtracting(page -> page.getList("items.id", String.class))
                .isEqualTo(ids);
    }

    @Test
    void aListShowsWhatItsReservationsAre() {
        // Given
        Response held = reserve(user, newProductWithStock(10), 3);

        // When
        Response response = as(user).get("/reservations");

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.jsonPath().<Map<String, Object>>getList("items"))
                .containsExactly(held.jsonPath().getMap(""));
        assertThat(response.jsonPath().getString("next")).isNull();
    }

    @Test
    void whoHasNoReservationsHasAnEmptyList() {
        // When
        Response response = as(user).get("/reservations");

        // Then
        assertThat(response.asString()).isEqualTo("{\"items\":[],\"next\":null}");
    }

    private List<JsonPath> pages(int limit) {
        List<JsonPath> pages = new ArrayList<>();
        String cursor = null;
        do {
            RequestSpecification reader = as(user).queryParam("limit", limit);
            JsonPath page = (cursor == null ? reader : reader.queryParam("cursor", cursor))
                    .get("/reservations")
                    .jsonPath();
            pages.add(page);
            cursor = page.getString("next");
        } while (cursor != null);
        return pages;
    }
}
