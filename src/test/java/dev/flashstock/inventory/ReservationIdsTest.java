package dev.flashstock.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.flashstock.stock.IdempotencyKey;
import dev.flashstock.stock.ReservationId;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReservationIdsTest {
    private static final String OLD = "the-secret-of-last-month-0123456789";
    private static final String NEW = "the-secret-of-this-month-9876543210";
    private static final UserId ALICE = new UserId("alice");
    private static final ReservationId ID = ReservationId.of(new Sku("game.console"), new IdempotencyKey("k1"));

    private final ReservationIds ids = new ReservationIds(List.of(NEW, OLD));

    @Test
    void whatWasSealedForAUserOpensForThatUser() {
        // Given
        String sealed = ids.seal(ALICE, ID);

        // When
        Optional<ReservationId> opened = ids.open(ALICE, sealed);

        // Then
        assertThat(opened).contains(ID);
        assertThat(sealed).matches("[A-Za-z0-9._~:-]+");
    }

    @Test
    void itDoesNotOpenForAnotherUser() {
        // Given
        String sealed = ids.seal(ALICE, ID);

        // When
        Optional<ReservationId> opened = ids.open(new UserId("alic"), sealed);

        // Then
        assertThat(opened).isEmpty();
    }

    @Test
    void itDoesNotOpenWithAnyOneCharacterChanged() {
        // Given
        String sealed = ids.seal(ALICE, ID);

        // When
        List<Optional<ReservationId>> opened = java.util.stream.IntStream.range(0, sealed.length())
                .mapToObj(i -> sealed.substring(0, i) + (sealed.charAt(i) == 'x' ? 'y' : 'x') + sealed.substring(i + 1))
                .map(changed -> ids.open(ALICE, changed))
                .toList();

        // Then
        assertThat(opened).hasSize(sealed.length()).allMatch(Optional::isEmpty);
    }

    @Test
    void itDoesNotOpenCutOrLengthened() {
        // Given
        String sealed = ids.seal(ALICE, ID);

        // When
        List<Optional<ReservationId>> opened = List.of(
                ids.open(ALICE, sealed + "A"),
                ids.open(ALICE, sealed + "="),
                ids.open(ALICE, sealed + "AAAA"),
                ids.open(ALICE, sealed.substring(0, sealed.length() - 1)),
                ids.open(ALICE, sealed.substring(0, sealed.length() - 4)),
                ids.open(ALICE, sealed.substring(0, sealed.lastIndexOf('.') + 1)),
                ids.open(ALICE, ID.value()));

        // Then
        assertThat(opened).allMatch(Optional::isEmpty);
    }

    @Test
    void whatWasSealedWithARotatedSecretStillOpens() {
        // Given
        String sealed = new ReservationIds(List.of(OLD)).seal(ALICE, ID);

        // When
        Optional<ReservationId> opened = ids.open(ALICE, sealed);

        // Then
        assertThat(opened).contains(ID);
    }

    @Test
    void whatWasSealedWithAnUnknownSecretDoesNot() {
        // Given
        String sealed = new ReservationIds(List.of("somebody-elses-secret-0123456789-0")).seal(ALICE, ID);

        // When
        Optional<ReservationId> opened = ids.open(ALICE, sealed);

        // Then
        assertThat(opened).isEmpty();
    }

    @Test
    void theFirstSecretSeals() {
        // When
        String sealed = ids.seal(ALICE, ID);

        // Then
        assertThat(new ReservationIds(List.of(NEW)).open(ALICE, sealed)).contains(ID);
        assertThat(new ReservationIds(List.of(OLD)).open(ALICE, sealed)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "console",
                "console.AAAAAAAAAAAAAAAA.",
                "console.AAAAAAAAAAAAAAAA.====",
                "console.AAAAAAAAAAAAAAAA.A",
                "console.AAAAAAAAAAAAAAAA.密码密码密码密码",
                "コンソール.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAA",
                "console.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAA\n",
                "\u0000",
                "../../etc/passwd",
                "👩.👩.👩"
            })
    void garbageDoesNotOpen(String garbage) {
        // When
        Optional<ReservationId> opened = ids.open(ALICE, garbage);

        // Then
        assertThat(opened).isEmpty();
    }

    @Test
    void randomGarbageDoesNotOpen() {
        // Given
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String alphabet = "aZ09._~:-=+/ #\u0000é密\uD83D";

        // When
        List<String> opened = random.ints(5_000, 0, 80)
                .mapToObj(length -> random.ints(length, 0, alphabet.length())
                        .mapToObj(i -> alphabet.substring(i, i + 1))
                        .collect(java.util.stream.Collectors.joining()))
                .filter(garbage -> ids.open(ALICE, garbage).isPresent())
                .toList();

        // Then
        assertThat(opened).as("seed %d", seed).isEmpty();
    }

    @Test
    void aShortSecretOrNoneIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ReservationIds(List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new ReservationIds(List.of(NEW, "s".repeat(31))));
    }
}
