package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertProblem;
import static dev.flashstock.api.Shop.available;
import static dev.flashstock.api.Shop.newKey;
import static dev.flashstock.api.Shop.newProduct;
import static dev.flashstock.api.Shop.productWith;
import static dev.flashstock.api.Uploads.CSV;
import static dev.flashstock.api.Uploads.NDJSON;
import static dev.flashstock.api.Uploads.answers;
import static dev.flashstock.api.Uploads.bytes;
import static dev.flashstock.api.Uploads.file;
import static dev.flashstock.api.Uploads.line;
import static dev.flashstock.api.Uploads.statuses;
import static dev.flashstock.api.Uploads.summary;
import static dev.flashstock.api.Uploads.upload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Uploads that go on while they are answered. */
@Tag("long")
@QuarkusTest
class OpenUploadsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TestHTTPResource("/")
    URI server;

    @Inject
    Vertx vertx;

    @Test
    void aLineIsAnsweredBeforeTheUploadHasEnded() {
        // Given
        String sku = newProduct();
        try (OpenUpload upload = open(NDJSON, newKey())) {
            upload.send(file(line(sku, 5)) + line(sku, 7).substring(0, 10));

            // When
            Map<String, Object> first = upload.next();

            // Then
            assertThat(first).containsEntry("line", 1).containsEntry("status", 201);
            assertThat(available(sku)).isEqualTo(5);
            upload.send(line(sku, 7).substring(10)).end();
            assertThat(upload.rest()).last().isEqualTo(summary(2, 2, 0));
            assertThat(available(sku)).isEqualTo(12);
        }
    }

    @Test
    void anUploadThatWasCutOffIsSentAgain() {
        // Given
        String sku = newProduct();
        String key = newKey();
        String[] rows = IntStream.rangeClosed(1, 20)
                .mapToObj(i -> sku + "," + 100 * i + ",DELIVERY")
                .toArray(String[]::new);
        String file = file("sku,delta,reason", file(rows));
        try (OpenUpload upload = open(CSV, key)) {
            upload.send(file.substring(0, file.indexOf(",1000,") + 3));
            IntStream.rangeClosed(1, 9).forEach(i -> upload.next());
        }

        // When
        List<Map<String, Object>> answers = answers(upload(CSV, key, file));

        // Then
        assertThat(statuses(answers)).isEqualTo(Collections.nCopies(20, 201));
        assertThat(available(sku)).isEqualTo(21_000);
    }

    @Test
    void whoGoesAwayIsNotMissed() {
        // Given
        String sku = newProduct();
        String key = newKey();
        String file =
                file(IntStream.rangeClosed(1, 60).mapToObj(i -> line(sku, 1)).toArray(String[]::new));

        try (LogOf log = new LogOf("")) {
            // When
            try (OpenUpload upload = open(NDJSON, key)) {
                upload.send(file);
                upload.next();
            }

            // Then
            letIn(2);
            long begun = available(sku);
            assertThat(begun).isBetween(1L, 59L);
            assertThat(log.failures()).isEmpty();
            assertThat(statuses(answers(upload(NDJSON, key, file)))).isEqualTo(Collections.nCopies(60, 201));
            assertThat(available(sku)).isEqualTo(60);
        }
    }

    @Test
    void whoGoesAwayWhileItIsAnsweredIsNotMissed() {
        // Given
        byte[] lines = bytes("x\n".repeat(4_000));

        try (LogOf log = new LogOf("")) {
            // When
            for (int i = 0; i < 20; i++) {
                try (OpenUpload upload = open(NDJSON, newKey())) {
                    upload.send(lines).next();
                }
            }

            // Then
            letIn(2);
            assertThat(log.failures()).isEmpty();
        }
    }

    @Test
    void aThirdUploadAtOnceIsAskedToComeAgain() {
        // Given
        String sku = newProduct();
        try (OpenUpload one = open(NDJSON, newKey());
                OpenUpload other = open(NDJSON, newKey())) {
            one.send(file(line(sku, 1))).next();
            other.send(file(line(sku, 2))).next();

            // When
            Response third = upload(NDJSON, newKey(), file(line(sku, 4)));

            // Then
            assertProblem(third, 503, "unavailable");
            assertThat(third.header("Retry-After")).isEqualTo("2");
            assertThat(available(sku)).isEqualTo(3);
            one.end().rest();
            answers(upload(NDJSON, newKey(), file(line(sku, 4))));
            assertThat(available(sku)).isEqualTo(7);
        }
    }

    /** A thousand adjustments, each of them five times: what is done is soon told again. */
    @Test
    void fiveThousandLinesAreAnswered() {
        // Given
        List<String> skus = IntStream.range(0, 20)
                .mapToObj(i -> newProduct(productWith("shards", 1)))
                .toList();
        String key = newKey();
        try (OpenUpload upload = open(CSV, newKey())) {
            upload.send(file("sku,delta,reason,key"));

            // When
            for (int i = 0; i < 5_000; i++) {
                int adjustment = i % 1_000;
                upload.send(file(skus.get(i % 20) + "," + (adjustment + 1) + ",DELIVERY," + key + adjustment));
            }

            // Then
            List<Map<String, Object>> answers = upload.end().rest();
            assertThat(statuses(answers)).isEqualTo(Collections.nCopies(5_000, 201));
            assertThat(answers)
                    .extracting(answer -> answer.get("line"))
                    .startsWith(2, 3, 4)
                    .endsWith(5_000, 5_001, null);
            assertThat(answers).last().isEqualTo(summary(5_001, 5_000, 0));
            assertThat(skus.stream().mapToLong(Shop::available).sum()).isEqualTo(1_000 * 1_001 / 2);
        }
    }

    @Test
    void manyLinesThatAreAnsweredAtOnceAreAnsweredInOrder() {
        // Given
        try (OpenUpload upload = open(NDJSON, newKey())) {

            // When
            upload.send("x\n".repeat(50_000)).end();

            // Then
            List<Map<String, Object>> answers = upload.rest();
            assertThat(answers).last().isEqualTo(summary(50_000, 0, 50_000));
            assertThat(answers.subList(0, 50_000))
                    .extracting(answer -> (Integer) answer.get("line"))
                    .isEqualTo(IntStream.rangeClosed(1, 50_000).boxed().toList());
        }
    }

    @Test
    void aCallerThatAsksFirstIsToldToGoOn() throws IOException {
        // Given
        String sku = newProduct();
        String file = file(line(sku, 3));
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream()
                    .write(bytes("POST /adjustments HTTP/1.1\r\nHost: shop\r\nConnection: close\r\nX-User: admin\r\n"
                            + "Idempotency-Key: " + newKey() + "\r\nContent-Type: " + NDJSON + "\r\nContent-Length: "
                            + file.length() + "\r\nExpect: 100-continue\r\n\r\n"));

            // When
            String first = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);

            // Then
            assertThat(first).isEqualTo("HTTP/1.1 100");
            socket.getOutputStream().write(bytes(file));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("HTTP/1.1 200", "\"status\":201", "{\"lines\":1,\"done\":1,\"failed\":0}");
            assertThat(available(sku)).isEqualTo(3);
        }
    }

    /** Waits until so many uploads would be let in: whatever was under way has ended. */
    private void letIn(int uploads) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            OpenUpload[] open = IntStream.range(0, uploads)
                    .mapToObj(i -> open(NDJSON, newKey()).send("x\n"))
                    .toArray(OpenUpload[]::new);
            try {
                assertThat(open).extracting(OpenUpload::status).containsOnly(200);
            } finally {
                for (OpenUpload upload : open) {
                    upload.end().rest();
                    upload.close();
                }
            }
        });
    }

    private OpenUpload open(String type, String key) {
        return new OpenUpload(vertx, server, type, key);
    }
}
