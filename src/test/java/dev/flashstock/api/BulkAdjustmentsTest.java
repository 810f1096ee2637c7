package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertInvalid;
import static dev.flashstock.api.Problems.assertProblem;
import static dev.flashstock.api.Shop.adjust;
import static dev.flashstock.api.Shop.available;
import static dev.flashstock.api.Shop.buy;
import static dev.flashstock.api.Shop.hold;
import static dev.flashstock.api.Shop.idOf;
import static dev.flashstock.api.Shop.newKey;
import static dev.flashstock.api.Shop.newProduct;
import static dev.flashstock.api.Shop.newProductWithStock;
import static dev.flashstock.api.Shop.newSku;
import static dev.flashstock.api.Shop.newUser;
import static dev.flashstock.api.Uploads.CSV;
import static dev.flashstock.api.Uploads.NDJSON;
import static dev.flashstock.api.Uploads.answers;
import static dev.flashstock.api.Uploads.bytes;
import static dev.flashstock.api.Uploads.error;
import static dev.flashstock.api.Uploads.file;
import static dev.flashstock.api.Uploads.line;
import static dev.flashstock.api.Uploads.problem;
import static dev.flashstock.api.Uploads.sending;
import static dev.flashstock.api.Uploads.sendingAs;
import static dev.flashstock.api.Uploads.statuses;
import static dev.flashstock.api.Uploads.summary;
import static dev.flashstock.api.Uploads.upload;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class BulkAdjustmentsTest {
    // What is done

    @ParameterizedTest
    @ValueSource(strings = {NDJSON, "application/jsonl", NDJSON + ";charset=utf-8"})
    void eachLineIsAnAdjustment(String type) {
        // Given
        String one = newProduct();
        String other = newProduct();

        // When
        List<Map<String, Object>> answers =
                answers(upload(type, newKey(), file(line(one, 700), line(other, 50), line(one, -20))));

        // Then
        assertThat(statuses(answers)).containsExactly(201, 201, 201);
        assertThat(answers.get(0))
                .containsEntry("line", 1)
                .containsEntry("sku", one)
                .containsEntry("delta", 700)
                .containsEntry("reason", "DELIVERY")
                .containsKey("id")
                .doesNotContainKey("problem");
        assertThat(answers).last().isEqualTo(summary(3, 3, 0));
        assertThat(available(one)).isEqualTo(680);
        assertThat(available(other)).isEqualTo(50);
    }

    @Test
    void eachRowOfACsvFileIsAnAdjustment() {
        // Given
        String one = newProduct();
        String other = newProduct();

        // When
        List<Map<String, Object>> answers = answers(upload(
                CSV,
                newKey(),
                file("sku,delta,reason", one + ",700,DELIVERY", other + ",50,CORRECTION", one + ",-20,DAMAGE")));

        // Then
        assertThat(statuses(answers)).containsExactly(201, 201, 201);
        assertThat(answers.get(1))
                .containsEntry("line", 3)
                .containsEntry("sku", other)
                .containsEntry("delta", 50)
                .containsEntry("reason", "CORRECTION");
        assertThat(answers).last().isEqualTo(summary(4, 3, 0));
        assertThat(available(one)).isEqualTo(680);
        assertThat(available(other)).isEqualTo(50);
    }

    @Test
    void soldUnitsComeBackInTheirReservations() {
        // Given
        String sku = newProductWithStock(10, 2);
        String user = newUser();
        String sold = idOf(buy(user, sku, 3));
        String held = idOf(hold(user, sku, 1));

        // When
        List<Map<String, Object>> answers = answers(upload(
                CSV,
                newKey(),
                file(
                        "sku,delta,reason,user,reservation",
                        sku + ",2,RETURN," + user + "," + sold,
                        sku + ",2,RETURN," + user + "," + sold,
                        sku + ",1,RETURN," + user + "," + held,
                        sku + ",1,RETURN," + user + ",made-up",
                        sku + ",1,RETURN,,")));

        // Then
        assertThat(statuses(answers)).containsExactly(201, 409, 409, 404, 400);
        assertThat(available(sku)).isEqualTo(8);
    }

    @Test
    void fieldsOfACsvFileMayBeQuotedAndInAnyOrder() {
        // Given
        String sku = newProduct();
        String key = newKey() + "\",\"";

        // When
        List<Map<String, Object>> answers = answers(sending(CSV)
                .body(bytes("\uFEFFreason,\"key\", sku ,delta\r\n\"DELIVERY\",\"" + key.replace("\"", "\"\"") + "\",\""
                        + sku + "\",\"7\"\r\n"))
                .post("/adjustments"));

        // Then
        assertThat(statuses(answers)).containsExactly(201);
        assertThat(adjust(sku, key, 7).jsonPath().getString("id"))
                .isEqualTo(answers.get(0).get("id"));
        assertThat(available(sku)).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n"})
    void aFileMayHaveBlankLinesAndNoEnd(String end) {
        // Given
        String sku = newProduct();
        String file = String.join(end, "", line(sku, 1), " ", "", line(sku, 2));

        // When
        List<Map<String, Object>> answers = answers(upload(NDJSON, newKey(), file));

        // Then
        assertThat(answers).extracting(answer -> answer.get("line")).containsExactly(2, 5, null);
        assertThat(answers).last().isEqualTo(summary(5, 2, 0));
        assertThat(available(sku)).isEqualTo(3);
    }

    @Test
    void aFileMayBeEmpty() {
        // When
        List<Map<String, Object>> answers = answers(upload(NDJSON, newKey(), ""));

        // Then
        assertThat(answers).containsExactly(summary(0, 0, 0));
    }

    @Test
    void whatOneLineBringsTheNextMayTake() {
        // Given
        String sku = newProduct();
        String[] lines = IntStream.rangeClosed(1, 40)
                .mapToObj(i -> line(sku, i % 2 == 1 ? 5 : -5))
                .toArray(String[]::new);

        // When
        List<Map<String, Object>> answers = answers(upload(NDJSON, newKey(), file(lines)));

        // Then
        assertThat(statuses(answers)).isEqualTo(Collections.nCopies(40, 201));
        assertThat(available(sku)).isZero();
    }

    // What is refused, line by line

    @Test
    void aLineThatCannotBeReadDoesNotStopTheOthers() {
        // Given
        String sku = newProduct();

        // When
        List<Map<String, Object>> answers =
                answers(upload(NDJSON, newKey(), file(line(sku, 1), "{\"sku\":", line(sku, 2))));

        // Then
        assertThat(statuses(answers)).containsExactly(201, 400, 201);
        assertThat(problem(answers.get(1))).isEqualTo("malformed-body");
        assertThat(answers.get(1)).containsOnlyKeys("line", "status", "problem").containsEntry("line", 2);
        assertThat(answers).last().isEqualTo(summary(3, 2, 1));
        assertThat(available(sku)).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"delta\":1,\"reason\":\"DELIVERY\"}                          | sku NotNull",
                "{\"sku\":\"-a\",\"delta\":1,\"reason\":\"DELIVERY\"}           | sku Shape",
                "{\"sku\":1,\"delta\":1,\"reason\":\"DELIVERY\"}                | sku Type",
                "{\"sku\":\"a\",\"reason\":\"DELIVERY\"}                        | delta NotNull",
                "{\"sku\":\"a\",\"delta\":0,\"reason\":\"DELIVERY\"}            | delta NotZero",
                "{\"sku\":\"a\",\"delta\":1.5,\"reason\":\"DELIVERY\"}          | delta Type",
                "{\"sku\":\"a\",\"delta\":\"1\",\"reason\":\"DELIVERY\"}        | delta Type",
                "{\"sku\":\"a\",\"delta\":1000000001,\"reason\":\"DELIVERY\"}   | delta Max",
                "{\"sku\":\"a\",\"delta\":-1000000001,\"reason\":\"DAMAGE\"}    | delta Min",
                "{\"sku\":\"a\",\"delta\":99999999999999999999,\"reason\":\"DAMAGE\"} | delta Range",
                "{\"sku\":\"a\",\"delta\":1}                                    | reason NotNull",
                "{\"sku\":\"a\",\"delta\":1,\"reason\":\"FOO\"}                 | reason Enum",
                "{\"sku\":\"a\",\"delta\":1,\"reason\":\"DELIVERY\",\"key\":\"\"}    | key Shape",
                "{\"sku\":\"a\",\"delta\":1,\"reason\":\"DELIVERY\",\"key\":\"a b\"} | key Shape",
                "{\"sku\":\"a\",\"delta\":1,\"reason\":\"DELIVERY\",\"x\":1}    | x Unknown",
                "{}                                                             | delta NotNull"
            })
    void aLineThatBreaksARuleIsRefused(String line, String error) {
        // When
        List<Map<String, Object>> answers = answers(upload(NDJSON, newKey(), line));

        // Then
        assertThat(statuses(answers)).containsExactly(400);
        assertThat(error(answers.get(0))).isEqualTo(error);
        assertThat(answers).last().isEqualTo(summary(1, 0, 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "1",
                "[]",
                "{",
                "{}{}",
                "{} {}",
                "{'sku':1}",
                "{\"sku\":\"a\",\"sku\":\"a\"}",
                "\u0000",
                "sku,delta,reason"
            })
    void aLineThatIsNoJsonObjectIsRefused(String line) {
        // When
        List<Map<String, Object>> answers = answers(upload(NDJSON, newKey(), line));

        // Then
        assertThat(problem(answers.get(0))).isEqualTo("malformed-body");
        assertThat(answers.toString()).doesNotContain("Exception", "com.fasterxml", "body is");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                ",1,DELIVERY       | sku NotNull",
                "a b,1,DELIVERY    | sku Shape",
                "a,,DELIVERY       | delta NotNull",
                "a,0,DELIVERY      | delta NotZero",
                "a,1.5,DELIVERY    | delta Type",
                "a,one,DELIVERY    | delta Type",
                "a,1,              | reason NotNull",
                "a,1,FOO           | reason Enum",
                "a,1,0             | reason Enum",
                "a,1000000001,DELIVERY | delta Max"
            })
    void aRowThatBreaksARuleIsRefused(String row, String error) {
        // When
        List<Map<String, Object>> answers = answers(upload(CSV, newKey(), file("sku,delta,reason", row)));

        // Then
        assertThat(statuses(answers)).containsExactly(400);
        assertThat(error(answers.get(0))).isEqualTo(error);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a", "a,1", "a,1,DELIVERY,k", "\"a,1,DELIVERY", "a,1,DELIVERY\ra,1,DELIVERY", "a,\"1\"2,DELIVERY"
            })
    void aRowThatIsNoRowIsRefusedAndTheNextIsRead(String row) {
        // Given
        String sku = newProduct();

        // When
        List<Map<String, Object>> answers =
                answers(upload(CSV, newKey(), file("sku,delta,reason", row, sku + ",3,DELIVERY")));

        // Then
        assertThat(statuses(answers)).containsExactly(400, 201);
        assertThat(problem(answers.get(0))).isEqualTo("malformed-body");
        assertThat(available(sku)).isEqualTo(3);
    }

    @Test
    void aLineForAProductThatIsNotThereIsRefused() {
        // Given
        String sku = newProduct();

        // When
        List<Map<String, Object>> answers = answers(upload(NDJSON, newKey(), file(line(newSku(), 1), line(sku, 2))));

        // Then
        assertThat(statuses(answers)).containsExactly(404, 201);
        assertThat(problem(answers.get(0))).isEqualTo("unknown-sku");
        assertThat(available(sku)).isEqualTo(2);
    }

    @Test
    void aLineThatTakesMoreThanThereIsIsRefused() {
        // Given
        String sku = newProductWithStock(30);

        // When
        List<Map<String, Object>> answers =
                answers(upload(NDJSON, newKey(), file(line(sku, -31), line(sku, -29), line(sku, -2))));

        // Then
        assertThat(statuses(answers)).containsExactly(409, 201, 409);
        assertThat(problem(answers.get(0))).isEqualTo("not-enough-stock");
        assertThat((Map<?, ?>) answers.get(0).get("problem"))
                .extracting("available")
                .isEqualTo(30);
        assertThat(available(sku)).isEqualTo(1);
    }

    @Test
    void aLineThatIsTooLongIsRefusedAndTheNextIsRead() {
        // Given
        String sku = newProduct();
        String longest = line(sku, 1) + " ".repeat(4096 - line(sku, 1).length());

        // When
        List<Map<String, Object>> answers = answers(upload(
                NDJSON, newKey(), file(longest, longest + " ", line(sku, 2), " ".repeat(300_000), line(sku, 4))));

        // Then
        assertThat(statuses(answers)).containsExactly(201, 413, 201, 413, 201);
        assertThat(problem(answers.get(1))).isEqualTo("body-too-large");
        assertThat(available(sku)).isEqualTo(7);
    }

    @Test
    void aLineThatIsNotUtf8IsRefusedAndTheNextIsRead() {
        // Given
        String sku = newProduct();
        byte[] file = bytes(file(line("\u0001", 1), line(sku, 2)));
        file[8] = (byte) 0xFF;

        // When
        List<Map<String, Object>> answers = answers(
                sending(NDJSON).header("Idempotency-Key", newKey()).body(file).post("/adjustments"));

        // Then
        assertThat(statuses(answers)).containsExactly(400, 201);
        assertThat(problem(answers.get(0))).isEqualTo("malformed-body");
        assertThat(available(sku)).isEqualTo(2);
    }

    // Once for each key

    @Test
    void theSameFileWithTheSameKeyCountsOnce() {
        // Given
        String sku = newProduct();
        String key = newKey();
        String file = file(line(sku, 5), line(newSku(), 1), line(sku, 7, newKey()), line(sku, 5));
        String first = upload(NDJSON, key, file).asString();

        // When
        Response again = upload(NDJSON, key, file);

        // Then
        assertThat(again.asString()).isEqualTo(first);
        assertThat(statuses(answers(again))).containsExactly(201, 404, 201, 201);
        assertThat(available(sku)).isEqualTo(17);
    }

    @Test
    void theSameFileWithAnotherKeyCountsAgain() {
        // Given
        String sku = newProduct();
        String file = file(line(sku, 5), line(sku, 7, newKey()));
        upload(NDJSON, newKey(), file);

        // When
        upload(NDJSON, newKey(), file);

        // Then
        assertThat(available(sku)).isEqualTo(17);
    }

    @Test
    void aLinesOwnKeyIsTheKeyOfTheSameAdjustmentSentAlone() {
        // Given
        String sku = newProduct();
        String key = newKey();
        String alone = adjust(sku, key, 5).jsonPath().getString("id");

        // When
        List<Map<String, Object>> answers =
                answers(sending(NDJSON).body(bytes(line(sku, 5, key))).post("/adjustments"));

        // Then
        assertThat(answers.get(0)).containsEntry("status", 201).containsEntry("id", alone);
        assertThat(available(sku)).isEqualTo(5);
    }

    @Test
    void aLinesKeyIsNotTakenForSomethingElse() {
        // Given
        String sku = newProduct();
        String key = newKey();

        // When
        List<Map<String, Object>> answers =
                answers(upload(NDJSON, newKey(), file(line(sku, 5, key), line(sku, 6, key), line(sku, 5, key))));

        // Then
        assertThat(statuses(answers)).containsExactly(201, 422, 201);
        assertThat(problem(answers.get(1))).isEqualTo("key-reused");
        assertThat(answers.get(2).get("id")).isEqualTo(answers.get(0).get("id"));
        assertThat(available(sku)).isEqualTo(5);
    }

    @Test
    void aLineWithoutAnyKeyIsRefused() {
        // Given
        String sku = newProduct();

        // When
        List<Map<String, Object>> answers = answers(sending(NDJSON)
                .body(bytes(file(line(sku, 1), line(sku, 2, newKey()))))
                .post("/adjustments"));

        // Then
        assertThat(statuses(answers)).containsExactly(400, 201);
        assertThat(error(answers.get(0))).isEqualTo("key Required");
        assertThat(available(sku)).isEqualTo(2);
    }

    @Test
    void anUploadIsResumedAtALine() {
        // Given
        String sku = newProduct();
        String key = newKey();
        String[] lines = {line(sku, 1), line(sku, 2), "", line(sku, 4), line(sku, 8)};
        upload(NDJSON, key, file(lines[0], lines[1]));

        // When
        List<Map<String, Object>> answers = answers(sending(NDJSON)
                .header("Idempotency-Key", key)
                .queryParam("from", 2)
                .body(bytes(file(lines)))
                .post("/adjustments"));

        // Then
        assertThat(answers).extracting(answer -> answer.get("line")).containsExactly(2, 4, 5, null);
        assertThat(answers).last().isEqualTo(summary(5, 3, 0));
        assertThat(available(sku)).isEqualTo(15);
    }

    @Test
    void aCsvFileThatIsResumedStillHasItsHeader() {
        // Given
        String sku = newProduct();

        // When
        List<Map<String, Object>> answers = answers(sending(CSV)
                .header("Idempotency-Key", newKey())
                .queryParam("from", 3)
                .body(bytes(file("sku,delta,reason", sku + ",1,DELIVERY", sku + ",2,DELIVERY")))
                .post("/adjustments"));

        // Then
        assertThat(answers).extracting(answer -> answer.get("line")).containsExactly(3, null);
        assertThat(available(sku)).isEqualTo(2);
    }

    // What is refused as a whole

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "sku,delta\n",
                "sku,delta,reason,colour\n",
                "sku,delta,reason,sku\n",
                "sku;delta;reason\n",
                "\"sku,delta,reason\n",
                "SKU,DELTA,REASON\n"
            })
    void aCsvFileWithoutItsHeaderIsRefused(String header) {
        // Given
        String sku = newProduct();
        String rows = header.isEmpty() ? "" : sku + ",1,DELIVERY\n";

        // When
        Response response = upload(CSV, newKey(), header + rows);

        // Then
        assertInvalid(response, "header", "Columns");
        assertThat(available(sku)).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*/*",
                "text/*",
                "application/json",
                "text/plain",
                "application/x-ndjson;charset=iso-8859-1",
                "text/csv;charset=utf-16"
            })
    void aFileOfAnotherTypeIsRefused(String type) {
        // Given
        String sku = newProduct();
        byte[] file = bytes(file(line(sku, 1)));

        // When
        Response response =
                sending(type).header("Idempotency-Key", newKey()).body(file).post("/adjustments");

        // Then
        assertProblem(response, 415, "unsupported-media-type");
        assertThat(response.jsonPath().getString("detail")).contains(NDJSON, CSV);
        assertThat(available(sku)).isZero();
    }

    @Test
    void onlyAnAdminUploads() {
        // Given
        String sku = newProduct();

        // When
        Response response = sendingAs(newUser(), NDJSON)
                .header("Idempotency-Key", newKey())
                .body(bytes(file(line(sku, 1))))
                .post("/adjustments");

        // Then
        assertProblem(response, 403, "forbidden");
        assertThat(available(sku)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "x", "1.5", "99999999999999999999"})
    void aLineThatNoFileHasIsRefused(String from) {
        // When
        Response response =
                sending(NDJSON).queryParam("from", from).body(bytes("")).post("/adjustments");

        // Then
        assertInvalid(response, "from", "Range");
    }

    @ParameterizedTest
    @MethodSource("badKeys")
    void aKeyThatCannotBeOneIsRefused(String key) {
        // When
        Response response = upload(NDJSON, key, "");

        // Then
        assertInvalid(response, "Idempotency-Key", "Shape");
    }

    static String[] badKeys() {
        return new String[] {"k k", "k".repeat(256)};
    }
}
