package dev.flashstock.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.flashstock.stock.Sku;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTest {
    @Test
    void aPageThatIsNotTheLastPointsAfterItsLastItem() {
        // When
        Page<String> page = Page.of(List.of("a", "b", "c"), new Limit(2), String::toUpperCase, it -> it);

        // Then
        assertThat(page.items()).containsExactly("A", "B");
        assertThat(page.next()).isNotNull();
        assertThat(Page.position(page.next(), Sku::new)).isEqualTo(new Sku("b"));
    }

    @Test
    void theLastPagePointsNowhere() {
        // When
        Page<String> full = Page.of(List.of("a", "b"), new Limit(2), it -> it, it -> it);
        Page<String> empty = Page.of(List.<String>of(), new Limit(2), it -> it, it -> it);

        // Then
        assertThat(full).isEqualTo(new Page<>(List.of("a", "b"), null));
        assertThat(empty).isEqualTo(new Page<>(List.of(), null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "game-console:1~x_y.z", "0"})
    void aCursorIsSafeInAUrlAndComesBack(String position) {
        // Given
        String cursor = Page.of(List.of(position, "next"), new Limit(1), it -> it, it -> it)
                .next();

        // When
        Sku back = Page.position(cursor, Sku::new);

        // Then
        assertThat(back).isEqualTo(new Sku(position));
        assertThat(cursor).matches("[A-Za-z0-9_-]+");
    }

    @Test
    void noCursorIsTheBeginning() {
        // When
        Sku position = Page.position(null, Sku::new);

        // Then
        assertThat(position).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%", "not base64!", "====", "A", "/wAA", "_w", "IA", "密"})
    void whatIsNoCursorIsBadInput(String cursor) {
        assertThatExceptionOfType(BadInput.class)
                .isThrownBy(() -> Page.position(cursor, Sku::new))
                .satisfies(e -> assertThat(e.getResponse().getStatus()).isEqualTo(400));
    }
}
