package dev.flashstock.api;

import static dev.flashstock.api.Shop.available;
import static dev.flashstock.api.Shop.newKey;
import static dev.flashstock.api.Shop.newProduct;
import static dev.flashstock.api.Uploads.NDJSON;
import static dev.flashstock.api.Uploads.answers;
import static dev.flashstock.api.Uploads.file;
import static dev.flashstock.api.Uploads.line;
import static dev.flashstock.api.Uploads.problem;
import static dev.flashstock.api.Uploads.statuses;
import static dev.flashstock.api.Uploads.summary;
import static dev.flashstock.api.Uploads.upload;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.local.Backend;
import dev.flashstock.local.Wires;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an upload is told while DynamoDB cannot be reached. */
@QuarkusTest
@WithTestResource(Wires.class)
class UploadOutageTest {
    Wires wires;

    @AfterEach
    void mend() {
        wires.mend();
    }

    @Test
    void whatCouldNotBeDoneIsDoneWhenTheFileIsSentAgain() {
        // Given
        String sku = newProduct();
        String key = newKey();
        String file = file(line(sku, 5), "x", line(sku, 7));
        wires.to(Backend.DYNAMODB).cut();
        List<Map<String, Object>> before = answers(upload(NDJSON, key, file));
        wires.mend();

        // When
        List<Map<String, Object>> after = answers(upload(NDJSON, key, file));

        // Then
        assertThat(statuses(before)).containsExactly(503, 400, 503);
        assertThat(problem(before.get(0))).isEqualTo("unavailable");
        assertThat(before).last().isEqualTo(summary(3, 0, 3));
        assertThat(statuses(after)).containsExactly(201, 400, 201);
        assertThat(available(sku)).isEqualTo(12);
    }
}
