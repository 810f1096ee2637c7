package dev.flashstock.sqs;

import static dev.flashstock.sqs.TestMessages.SIGNATURES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.flashstock.Samples;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.TraceParent;
import dev.flashstock.stock.UserId;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestMessageTest {
    private static final ReservationRequest REQUEST =
            Samples.request(new Sku("a.b:c~d"), new UserId("Zoë \"Z\" \\ 用户 👩"), 100);

    private static final TraceParent TRACE = new TraceParent("00-0123456789abcdef0123456789abcdef-0123456789abcdef-01");

    @Test
    void whatIsWrittenIsRead() {
        // Given
        List<ReservationRequest> requests = List.of(REQUEST, Samples.request(new Sku("other"), 1));

        // When
        RequestMessage.Content read = RequestMessage.read(RequestMessage.write(requests, SIGNATURES), SIGNATURES);

        // Then
        assertThat(read).isEqualTo(new RequestMessage.Content(requests, List.of(), List.of()));
    }

    @Test
    void aMessageSaysItsVersion() {
        // When
        String body = RequestMessage.write(List.of(REQUEST), SIGNATURES);

        // Then
        assertThat(body).startsWith("{\"version\":2,");
    }

    @Test
    void aMessageIsAscii() {
        // When
        String body = RequestMessage.write(List.of(REQUEST), SIGNATURES);

        // Then
        assertThat(body).matches("\\p{ASCII}+").contains("Zo\\u00EB", "\\uD83D\\uDC69");
    }

    @Test
    void aRequestThatCannotBeReadDoesNotKeepTheOthersFromIt() {
        // Given
        String unreadable = "{\"id\":\"no id\",\"more\":[null,\"\\u00EB\"]}";

        // When
        RequestMessage.Content read = RequestMessage.read(
                RequestMessage.join(List.of("null", RequestMessage.write(REQUEST, SIGNATURES), unreadable)),
                SIGNATURES);

        // Then
        assertThat(read)
                .isEqualTo(new RequestMessage.Content(List.of(REQUEST), List.of(), List.of("null", unreadable)));
    }

    @Test
    void aRequestTakesItsTraceAlong() {
        // Given
        ReservationRequest traced = REQUEST.tracedBy(TRACE);

        // When
        RequestMessage.Content read =
                RequestMessage.read(RequestMessage.write(List.of(traced), SIGNATURES), SIGNATURES);

        // Then
        assertThat(read.requests()).containsExactly(traced);
    }

    @Test
    void aRequestWithoutATraceSaysNothingOfOne() {
        // When
        String body = RequestMessage.write(List.of(REQUEST), SIGNATURES);

        // Then
        assertThat(body).doesNotContain("trace");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\"",
                "7",
                "\"00-00000000000000000000000000000000-0123456789abcdef-01\"",
                "\"00-0123456789abcdef0123456789abcdef-0000000000000000-01\"",
                "\"00-0123456789abcdef0123456789abcdef-0123456789abcdef-00\"",
                "\"00-0123456789ABCDEF0123456789ABCDEF-0123456789abcdef-01\"",
                "\"00-0123456789abcdef0123456789abcdef-0123456789abcdef-01\\n\"",
                "\"01-0123456789abcdef0123456789abcdef-0123456789abcdef-01-more\""
            })
    void aTraceThatIsNoneDoesNotKeepARequestFromBeingRead(String trace) {
        // Given
        String body = RequestMessage.write(List.of(REQUEST.tracedBy(TRACE)), SIGNATURES)
                .replace("\"" + TRACE.value() + "\"", trace);

        // When
        RequestMessage.Content read = RequestMessage.read(body, SIGNATURES);

        // Then
        assertThat(body).contains("\"trace\":" + trace);
        assertThat(read).isEqualTo(new RequestMessage.Content(List.of(REQUEST), List.of(), List.of()));
    }

    @Test
    void aRequestIsSentWithItsSignature() {
        // When
        String body = RequestMessage.write(List.of(REQUEST), SIGNATURES);

        // Then
        assertThat(body).contains("\"mac\":\"" + SIGNATURES.of(REQUEST) + "\"");
    }

    @Test
    void aRequestThatIsNotGenuineDoesNotKeepTheOthersFromBeingRead() {
        // Given
        String genuine = RequestMessage.write(REQUEST, SIGNATURES);
        String otherQuantity = genuine.replace("\"quantity\":100", "\"quantity\":99");
        String unsigned = genuine.replaceFirst(",\"mac\":\"[^\"]*\"", "");
        String swapped = genuine.replace(SIGNATURES.of(REQUEST), SIGNATURES.of(Samples.request(new Sku("other"), 1)));

        // When
        RequestMessage.Content read = RequestMessage.read(
                RequestMessage.join(List.of(otherQuantity, genuine, unsigned, swapped)), SIGNATURES);

        // Then
        assertThat(read)
                .isEqualTo(new RequestMessage.Content(
                        List.of(REQUEST), List.of(otherQuantity, unsigned, swapped), List.of()));
    }

    @Test
    void whyAMessageIsMalformedHasNothingOfItsContent() {
        // Given
        List<String> bodies = List.of(
                "secret\n\u001b[2J",
                "{\"version\":2,\"requests\":[{\"id\":\"secret\",\"user\":\"u\",\"quantity\":1,\"requestedAt\":0}]}",
                "{\"version\":2,\"requests\":[{\"quantity\":\"secret\"}]}",
                "{\"version\":\"secret\",\"requests\":[]}");

        // Then
        assertThat(bodies)
                .allSatisfy(body -> assertThatExceptionOfType(RequestMessage.Malformed.class)
                        .isThrownBy(() -> RequestMessage.read(body, SIGNATURES))
                        .withMessageNotContainingAny("secret", "\n", "\u001b"));
    }

    @Test
    void aThousandRequestsAreTheMost() {
        // Given
        String most = RequestMessage.write(Collections.nCopies(1_000, REQUEST), SIGNATURES);
        String more = RequestMessage.write(Collections.nCopies(1_001, REQUEST), SIGNATURES);

        // When
        RequestMessage.Content read = RequestMessage.read(most, SIGNATURES);

        // Then
        assertThat(read.requests()).hasSize(1_000);
        assertThatExceptionOfType(RequestMessage.Malformed.class)
                .isThrownBy(() -> RequestMessage.read(more, SIGNATURES))
                .withMessageContaining("1000");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, -1})
    void anUnknownVersionIsMalformed(int version) {
        // Given
        String body =
                RequestMessage.write(List.of(REQUEST), SIGNATURES).replace("\"version\":2", "\"version\":" + version);

        // When
        assertThatExceptionOfType(RequestMessage.Malformed.class)
                .isThrownBy(() -> RequestMessage.read(body, SIGNATURES))
                // Then
                .withMessageContaining("version " + version);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "not json",
                "[]",
                "{}",
                "\"version\"",
                "{\"version\":1}",
                "{\"version\":2,\"requests\":null}",
                "{\"version\":2,\"requests\":[]}",
                "{\"version\":2,\"requests\":[null]}",
                "{\"version\":2,\"requests\":[{}]}",
                "{\"version\":null,\"requests\":[{\"id\":\"a.AAAAAAAAAAAAAAAA\",\"user\":\"u\",\"quantity\":1,\"requestedAt\":0}]}",
                "{\"requests\":[{\"id\":\"a.AAAAAAAAAAAAAAAA\",\"user\":\"u\",\"quantity\":1,\"requestedAt\":0}]}",
                "{\"version\":2,\"requests\":[{\"id\":\"a.AAAAAAAAAAAAAAAA\",\"user\":\"u\",\"quantity\":1}]}",
                "{\"version\":2,\"requests\":[{\"id\":\"a.AAAAAAAAAAAAAAAA\",\"user\":\"u\",\"requestedAt\":0}]}",
                "{\"version\":2,\"requests\":[{\"id\":\"a.AAAAAAAAAAAAAAAA\",\"quantity\":1,\"requestedAt\":0}]}",
                "{\"version\":2,\"requests\":[{\"user\":\"u\",\"quantity\":1,\"requestedAt\":0}]}",
                "{\"version\":2,\"requests\":[{\"id\":\"a.AAAAAAAAAAAAAAAA\",\"user\":\"u\",\"quantity\":0,\"requestedAt\":0}]}",
                "{\"version\":2,\"requests\":[{\"id\":\"a.AAAAAAAAAAAAAAAA\",\"user\":\"u\",\"quantity\":101,\"requestedAt\":0}]}",
                "{\"version\":2,\"requests\":[{\"id\":\"no id\",\"user\":\"u\",\"quantity\":1,\"requestedAt\":0}]}",
                "{\"version\":2,\"requests\":[{\"id\":\"a.AAAAAAAAAAAAAAAA\",\"user\":\"\\u0000\",\"quantity\":1,\"requestedAt\":0}]}",
                "{\"version\":2,\"requests\":[{\"id\":\"a.AAAAAAAAAAAAAAAA\",\"user\":\"u\",\"quantity\":1,\"requestedAt\":0"
            })
    void whatIsNotAMessageIsMalformed(String body) {
        assertThatExceptionOfType(RequestMessage.Malformed.class)
                .isThrownBy(() -> RequestMessage.read(body, SIGNATURES));
    }

    @Test
    void endlessNestingIsMalformed() {
        assertThatExceptionOfType(RequestMessage.Malformed.class)
                .isThrownBy(() -> RequestMessage.read("[".repeat(200_000), SIGNATURES));
    }
}
