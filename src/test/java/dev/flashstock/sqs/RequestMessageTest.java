package dev.flashstock.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.flashstock.Samples;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestMessageTest {
    private static final ReservationRequest REQUEST =
            Samples.request(new Sku("a.b:c~d"), new UserId("Zoë \"Z\" \\ 用户 👩"), 100);

    @Test
    void whatIsWrittenIsRead() {
        // Given
        List<ReservationRequest> requests = List.of(REQUEST, Samples.request(new Sku("other"), 1));

        // When
        RequestMessage.Content read = RequestMessage.read(RequestMessage.write(requests));

        // Then
        assertThat(read).isEqualTo(new RequestMessage.Content(requests, List.of()));
    }

    @Test
    void aMessageSaysItsVersion() {
        // When
        String body = RequestMessage.write(List.of(REQUEST));

        // Then
        assertThat(body).startsWith("{\"version\":1,");
    }

    @Test
    void aMessageIsAscii() {
        // When
        String body = RequestMessage.write(List.of(REQUEST));

        // Then
        assertThat(body).matches("\\p{ASCII}+").contains("Zo\\u00EB", "\\uD83D\\uDC69");
    }

    @Test
    void aRequestThatCannotBeReadDoesNotKeepTheOthersFromIt() {
        // Given
        String unreadable = "{\"id\":\"no id\",\"more\":[null,\"\\u00EB\"]}";

        // When
        RequestMessage.Content read =
                RequestMessage.read(RequestMessage.join(List.of("null", RequestMessage.write(REQUEST), unreadable)));

        // Then
        assertThat(read).isEqualTo(new RequestMessage.Content(List.of(REQUEST), List.of("null", unreadable)));
    }

    @Test
    void aThousandRequestsAreTheMost() {
        // Given
        String most = RequestMessage.write(Collections.nCopies(1_000, REQUEST));
        String more = RequestMessage.write(Collections.nCopies(1_001, REQUEST));

        // When
        RequestMessage.Content read = RequestMessage.read(most);

        // Then
        assertThat(read.requests()).hasSize(1_000);
        assertThatExceptionOfType(RequestMessage.Malformed.class)
                .isThrownBy(() -> RequestMessage.read(more))
                .withMessageContaining("1000");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, -1})
    void anUnknownVersionIsMalformed(int version) {
        // Given
        String body = RequestMessage.write(List.of(REQUEST)).replace("\"version\":1", "\"version\":" + version);

        // When
        assertThatExceptionOfType(RequestMessage.Malformed.class)
                .isThrownBy(() -> RequestMessage.read(body))
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
                "{\"version\":1,\"requests\":null}",
                "{\"version\":1,\"requests\":[]}",
                "{\"version\":1,\"requests\":[null]}",
                "{\"version\":1,\"requests\":[{}]}",
                "{\"version\":null,\"requests\":[{\"id\":\"a.AAAAAAAAAAAAAAAA\",\"user\":\"u\",\"quantity\":1,\"requestedAt\":0}]}",
                "{\"requests\":[{\"id\":\"a.AAAAAAAAAAAAAAAA\",\"user\":\"u\",\"quantity\":1,\"requestedAt\":0}]}",
                "{\"version\":1,\"requests\":[{\"id\":\"a.AAAAAAAAAAAAAAAA\",\"user\":\"u\",\"quantity\":1}]}",
                "{\"version\":1,\"requests\":[{\"id\":\"a.AAAAAAAAAAAAAAAA\",\"user\":\"u\",\"requestedAt\":0}]}",
                "{\"version\":1,\"requests\":[{\"id\":\"a.AAAAAAAAAAAAAAAA\",\"quantity\":1,\"requestedAt\":0}]}",
                "{\"version\":1,\"requests\":[{\"user\":\"u\",\"quantity\":1,\"requestedAt\":0}]}",
                "{\"version\":1,\"requests\":[{\"id\":\"a.AAAAAAAAAAAAAAAA\",\"user\":\"u\",\"quantity\":0,\"requestedAt\":0}]}",
                "{\"version\":1,\"requests\":[{\"id\":\"a.AAAAAAAAAAAAAAAA\",\"user\":\"u\",\"quantity\":101,\"requestedAt\":0}]}",
                "{\"version\":1,\"requests\":[{\"id\":\"no id\",\"user\":\"u\",\"quantity\":1,\"requestedAt\":0}]}",
                "{\"version\":1,\"requests\":[{\"id\":\"a.AAAAAAAAAAAAAAAA\",\"user\":\"\\u0000\",\"quantity\":1,\"requestedAt\":0}]}",
                "{\"version\":1,\"requests\":[{\"id\":\"a.AAAAAAAAAAAAAAAA\",\"user\":\"u\",\"quantity\":1,\"requestedAt\":0"
            })
    void whatIsNotAMessageIsMalformed(String body) {
        assertThatExceptionOfType(RequestMessage.Malformed.class).isThrownBy(() -> RequestMessage.read(body));
    }

    @Test
    void endlessNestingIsMalformed() {
        assertThatExceptionOfType(RequestMessage.Malformed.class)
                .isThrownBy(() -> RequestMessage.read("[".repeat(200_000)));
    }
}
