package dev.flashstock.heat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.flashstock.heat.ShardAdvice.Band;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardAdviceTest {
    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, 2, LOW",
        "499, 1, 1, 2, LOW",
        "500, 1, 1, 2, MEDIUM",
        "1000, 1, 2, 4, MEDIUM",
        "1001, 2, 2, 4, MEDIUM",
        "5000, 5, 7, 14, HIGH",
        "5001, 6, 7, 14, VERY_HIGH",
        "8000, 8, 10, 20, VERY_HIGH",
        "200000, 200, 250, 500, VERY_HIGH",
    })
    void itKnowsTheRulesOfThumb(int writes, int minimum, int safe, int recommended, Band band) {
        // When
        ShardAdvice advice = ShardAdvice.of(writes);

        // Then
        assertThat(advice.minimum()).isEqualTo(minimum);
        assertThat(advice.safe()).isEqualTo(safe);
        assertThat(advice.recommended()).isEqualTo(recommended);
        assertThat(advice.band()).isEqualTo(band);
    }

    @Test
    void chanceNeedsMoreThanTheRulesOfThumb() {
        // When
        ShardAdvice advice = ShardAdvice.of(8_000);

        // Then
        assertThat(advice.partitions()).isEqualTo(16);
        assertThat(advice.againstCollisions().orElseThrow()).isGreaterThan(advice.recommended());
        assertThat(advice.evenWhenRecommended()).isLessThan(0.5);
    }

    @Test
    void fewWritesAreNotWorthShards() {
        // Then
        assertThat(ShardAdvice.of(99).isWorthIt()).isFalse();
        assertThat(ShardAdvice.of(100).isWorthIt()).isTrue();
    }

    @Test
    void whatOneKeyCannotUseIsWasted() {
        // Then
        assertThat(ShardAdvice.wasted(10_000, 1)).isEqualTo(9_000);
        assertThat(ShardAdvice.wasted(10_000, 10)).isZero();
        assertThat(ShardAdvice.wasted(10_000, Integer.MAX_VALUE)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "200001, 1", "1, 0", "1, 10001"})
    void whatIsOutOfBoundsIsRefused(int writes, int partitions) {
        // Then
        assertThatIllegalArgumentException().isThrownBy(() -> ShardAdvice.of(writes, partitions));
    }
}
