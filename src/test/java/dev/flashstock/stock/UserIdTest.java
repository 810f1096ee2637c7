package dev.flashstock.stock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserIdTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"alice", "auth0|5f7c8ec7c33c6c004bbafe82", "alice@example.com", "Zoë Müller", "用户", "a#b", "👩"})
    void visibleCharactersOfAnyScriptMakeAUser(String value) {
        // When
        UserId user = new UserId(value);

        // Then
        assertThat(user.value()).isEqualTo(value);
        assertThat(user).hasToString(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "\t", "a\u0000b", "a\nb", "a\u007f", "a\u200bb", "a\u202eb", "a\u2028b", "a\u2029b"})
    void blanksAndInvisibleCharactersAreRefused(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> new UserId(value));
    }

    @Test
    void halfACharacterIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new UserId("a" + (char) 0xD83D));
    }

    @Test
    void hundredAndTwentyEightCharactersAreTheMost() {
        // When
        UserId longest = new UserId("u".repeat(128));

        // Then
        assertThat(longest.value()).hasSize(UserId.MAX_LENGTH);
        assertThatIllegalArgumentException().isThrownBy(() -> new UserId("u".repeat(129)));
    }
}
