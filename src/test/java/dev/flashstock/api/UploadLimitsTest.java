package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertProblem;
import static dev.flashstock.api.Shop.available;
import static dev.flashstock.api.Shop.newKey;
import static dev.flashstock.api.Shop.newProduct;
import static dev.flashstock.api.Uploads.CSV;
import static dev.flashstock.api.Uploads.NDJSON;
import static dev.flashstock.api.Uploads.answers;
import static dev.flashstock.api.Uploads.bytes;
import static dev.flashstock.api.Uploads.file;
import static dev.flashstock.api.Uploads.line;
import static dev.flashstock.api.Uploads.problem;
import static dev.flashstock.api.Uploads.statuses;
import static dev.flashstock.api.Uploads.summary;
import static dev.flashstock.api.Uploads.upload;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How much is taken, and for how long, with limits that a test reaches. */
@Tag("long")
@QuarkusTest
@TestProfile(UploadLimitsTest.Tight.class)
class UploadLimitsTest {
    private static final int MAX_BYTES = 200_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TestHTTPResource("/")
    URI server;

    @Inject
    Vertx vertx;

    public static class Tight implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "flashstock.adjustments.max-bytes",
                    String.valueOf(MAX_BYTES),
                    "flashstock.adjustments.patience",
                    "1s");
        }
    }

    // Sizes

    @Test
    void aFileThatSaysThatItIsTooLargeIsRefused() {
        // Given
        String sku = newProduct();

        // When
        Response response = upload(NDJSON, newKey(), padded(line(sku, 1), MAX_BYTES + 1));

        // Then
        assertProblem(response, 413, "body-too-large");
        assertThat(response.jsonPath().getString("detail")).contains(String.valueOf(MAX_BYTES));
        assertThat(available(sku)).isZero();
    }

    @Test
    void aFileOfTheLargestSizeIsRead() {
        // Given
        String sku = newProduct();

        // When
        List<Map<String, Object>> answers = answers(upload(NDJSON, newKey(), padded(line(sku, 1), MAX_BYTES)));

        // Then
        assertThat(answers).last().isEqualTo(summary(2, 1, 1));
        assertThat(available(sku)).isEqualTo(1);
    }

    @Test
    void aFileThatDoesNotSayThatItIsTooLargeIsReadAsFarAsItMay() {
        // Given
        String sku = newProduct();
        String first = file(line(sku, 1));
        String last = file(line(sku, 2));
        int blank = MAX_BYTES + 1 - first.length() - last.length();
        String lines = first + "\n".repeat(blank) + last;
        try (OpenUpload upload = open(NDJSON)) {

            // When
            upload.send(lines).send(file(line(sku, 4)));

            // Then
            List<Map<String, Object>> answers = upload.rest();
            assertThat(statuses(answers)).containsExactly(201);
            assertThat(answers.get(1)).containsEntry("lines", 1 + blank).containsEntry("done", 1);
            assertThat(problem(answers.get(1))).isEqualTo("body-too-large");
            assertThat(available(sku)).isEqualTo(1);
        }
    }

    // Times

    @Test
    void anUploadThatStallsEnds() {
        // Given
        String sku = newProduct();
        String half = sku + ",20,DELIVERY,key";
        try (OpenUpload upload = open(CSV)) {

            // When
            upload.send(file("sku,delta,reason,key", sku + ",1,DELIVERY," + newKey()) + half);

            // Then
            List<Map<String, Object>> answers = upload.rest();
            assertThat(statuses(answers)).containsExactly(201);
            assertThat(answers.get(1)).containsEntry("lines", 2).containsEntry("done", 1);
            assertThat(problem(answers.get(1))).isEqualTo("upload-stalled");
            assertThat(available(sku)).isEqualTo(1);
        }
    }

    @Test
    void anUploadThatNeverBeginsEnds() {
        // Given
        try (OpenUpload upload = open(CSV)) {

            // When
            List<Map<String, Object>> answers = upload.rest();

            // Then
            assertThat(problem(answers.get(0))).isEqualTo("upload-stalled");
        }
    }

    @Test
    void whoDoesNotReadTheAnswersIsHungUpOn() throws IOException {
        // Given
        byte[] chunk = bytes("x\n".repeat(2_000));
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4_096);
            socket.connect(new InetSocketAddress(server.getHost(), server.getPort()));
            socket.getOutputStream()
                    .write(bytes("POST /adjustments HTTP/1.1\r\nHost: shop\r\nX-User: admin\r\nContent-Type: " + NDJSON
                            + "\r\nTransfer-Encoding: chunked\r\n\r\n"));

            // When
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> sendWithoutEnd(socket, chunk));

            // Then
            assertThat(sending)
                    .failsWithin(PATIENCE)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(UncheckedIOException.class);
        }
    }

    private static void sendWithoutEnd(Socket socket, byte[] chunk) {
        try {
            while (true) {
                socket.getOutputStream().write(bytes(Integer.toHexString(chunk.length) + "\r\n"));
                socket.getOutputStream().write(chunk);
                socket.getOutputStream().write(bytes("\r\n"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A line, spaces, and no end, of so many bytes in all. */
    private static String padded(String start, int bytes) {
        String begin = start.endsWith("\n") ? start : start + "\n";
        return begin + " ".repeat(bytes - begin.length());
    }

    private OpenUpload open(String type) {
        return new OpenUpload(vertx, server, type, newKey());
    }
}
