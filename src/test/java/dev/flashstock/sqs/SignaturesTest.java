package dev.flashstock.sqs;

import static dev.flashstock.Samples.NOW;
import static dev.flashstock.Samples.SECRETS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.flashstock.Samples;
import dev.flashstock.inventory.ReservationIds;
import dev.flashstock.stock.Quantity;
import dev.flashstock.stock.ReservationId;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignaturesTest {
    private static final Sku SKU = new Sku("console");
    private static final ReservationRequest REQUEST = Samples.request(SKU, new UserId("alice"), 1);
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

    private final Signatures signatures = signatures(SECRETS);

    private static Signatures signatures(List<String> secrets) {
        return new Signatures(secrets, () -> NOW);
    }

    @Test
    void whatWasSignedIsBelieved() {
        // When
        String signature = signatures.of(REQUEST);

        // Then
        assertThat(signature).matches("[A-Za-z0-9_-]{22}");
        assertThat(signatures.believes(REQUEST, signature)).isTrue();
    }

    static List<ReservationRequest> forged() {
        ReservationId id = REQUEST.id();
        UserId user = REQUEST.user();
        Quantity quantity = REQUEST.quantity();
        return List.of(
                new ReservationRequest(id, new UserId("mallory"), quantity, NOW),
                new ReservationRequest(id, user, new Quantity(100), NOW),
                new ReservationRequest(id, user, quantity, NOW.plusMillis(1)),
                new ReservationRequest(id, user, quantity, NOW.minusMillis(1)),
                new ReservationRequest(ReservationId.of(SKU, Samples.newKey()), user, quantity, NOW),
                new ReservationRequest(ReservationId.of(new Sku("other"), id.digest()), user, quantity, NOW));
    }

    @ParameterizedTest
    @MethodSource("forged")
    void whatSaysAnythingElseIsNotBelieved(ReservationRequest forged) {
        // Given
        String signature = signatures.of(REQUEST);

        // When
        boolean believed = signatures.believes(forged, signature);

        // Then
        assertThat(believed).isFalse();
    }

    @Test
    void noTwoRequestsSayTheSame() {
        // Given
        Set<String> different = new HashSet<>();

        // When
        Stream.concat(forged().stream(), Stream.of(REQUEST)).map(signatures::of).forEach(different::add);

        // Then
        assertThat(different).hasSize(forged().size() + 1);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "AAAAAAAAAAAAAAAAAAAAAA", "\u00EB", " "})
    void whatIsNoSignatureIsNotBelieved(String signature) {
        assertThat(signatures.believes(REQUEST, signature)).isFalse();
    }

    @Test
    void aSignatureIsBelievedAsItIsWrittenOnly() {
        // Given
        String signature = signatures.of(REQUEST);

        // When
        List<String> others = new ArrayList<>(List.of(signature + "=", " " + signature, signature.substring(1)));
        IntStream.range(0, signature.length())
                .forEach(i -> others.add(signature.substring(0, i)
                        + (signature.charAt(i) == 'A' ? 'B' : 'A')
                        + signature.substring(i + 1)));

        // Then
        assertThat(others).noneMatch(it -> signatures.believes(REQUEST, it));
    }

    @Test
    void theFirstSecretSigns() {
        assertThat(signatures.of(REQUEST))
                .isEqualTo(signatures(SECRETS.subList(0, 1)).of(REQUEST));
    }

    @Test
    void whatWasSignedWithAnOldSecretIsBelieved() {
        // Given
        String signature = signatures(SECRETS.subList(1, 2)).of(REQUEST);

        // When
        boolean believed = signatures.believes(REQUEST, signature);

        // Then
        assertThat(believed).isTrue();
    }

    @Test
    void whatWasSignedWithASecretThatHasLeftIsNot() {
        // Given
        String signature = signatures.of(REQUEST);

        // When
        boolean believed = signatures(SECRETS.subList(1, 2)).believes(REQUEST, signature);

        // Then
        assertThat(believed).isFalse();
    }

    /** The id's MAC is over the user and the id, with the secret itself. */
    @Test
    void neitherIsAnIdsMacASignatureNorTheOtherWayRound() {
        // Given
        ReservationIds ids = new ReservationIds(SECRETS);
        String sealed = ids.seal(REQUEST.user(), REQUEST.id());
        String idsMac = sealed.substring(sealed.lastIndexOf('.') + 1);
        String signature = signatures.of(REQUEST);

        // Then
        assertThat(signatures.believes(REQUEST, idsMac)).isFalse();
        assertThat(signature).doesNotStartWith(idsMac);
        assertThat(ids.open(REQUEST.user(), REQUEST.id() + "." + signature)).isEmpty();
        assertThat(ids.open(REQUEST.user(), REQUEST.id() + "." + signature.substring(0, 16)))
                .isEmpty();
    }

    @Test
    void aClockMayBeFiveMinutesAheadAndNoMore() {
        // Given
        ReservationRequest ahead = askedAt(NOW.plus(FIVE_MINUTES));
        ReservationRequest tooFarAhead = askedAt(NOW.plus(FIVE_MINUTES).plusMillis(1));
        ReservationRequest farthest = askedAt(Instant.ofEpochMilli(Long.MAX_VALUE));

        // Then
        assertThat(signatures.believes(ahead, signatures.of(ahead))).isTrue();
        assertThat(signatures.believes(tooFarAhead, signatures.of(tooFarAhead))).isFalse();
        assertThat(signatures.believes(farthest, signatures.of(farthest))).isFalse();
    }

    @Test
    void whatIsOldIsBelievedAndJudgedElsewhere() {
        // Given
        ReservationRequest old = askedAt(Instant.EPOCH);

        // Then
        assertThat(signatures.believes(old, signatures.of(old))).isTrue();
    }

    private static ReservationRequest askedAt(Instant moment) {
        return new ReservationRequest(REQUEST.id(), REQUEST.user(), REQUEST.quantity(), moment);
    }

    @Test
    void threadsDoNotDisturbEachOther() {
        // Given
        List<ReservationRequest> requests =
                Stream.generate(() -> Samples.request(SKU, 1)).limit(500).toList();

        // When
        List<CompletableFuture<Boolean>> believed = requests.stream()
                .map(it -> CompletableFuture.supplyAsync(() -> signatures.of(it))
                        .thenApplyAsync(signature -> signatures.believes(it, signature)))
                .toList();

        // Then
        assertThat(believed).allMatch(CompletableFuture::join);
    }

    @Test
    void noSecretAndAShortSecretAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> signatures(List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> signatures(List.of(SECRETS.get(0), "s".repeat(31))));
    }

    @Test
    void theAlarmLooksForWhatIsLogged() throws IOException {
        assertThat(Files.readString(Path.of("deploy/aws/alarms.yaml")))
                .contains("FilterPattern: '\"" + Turns.NOT_GENUINE + "\"'");
    }
}
