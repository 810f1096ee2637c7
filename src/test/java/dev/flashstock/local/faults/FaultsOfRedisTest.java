package dev.flashstock.local.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.redis.client.impl.types.ErrorType;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each fault as a client sees it, and what became of the command. */
class FaultsOfRedisTest extends RedisWireFixture {
    private static Duration since(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime);
    }

    @Test
    void an_error_instead_of_an_answer() {
        // Given
        once("INCR", new Fault.Failure(500, "LOADING", "Redis is loading the dataset in memory"));

        // When, Then
        assertThatThrownBy(() -> send("INCR", key))
                .cause()
                .isInstanceOf(ErrorType.class)
                .hasMessage("LOADING Redis is loading the dataset in memory");
        assertThat(direct("GET", key)).isNull();
        assertThat(send("INCR", key).toInteger()).isEqualTo(1);
        assertThat(wire.faults().happened()).isEqualTo(Map.of("Failure", 1L));
    }

    @Test
    void a_command_that_is_lost_is_not_done() {
        // Given
        once("INCR", new Fault.RequestLost());

        // When
        assertThatThrownBy(() -> send("INCR", key)).hasMessageContaining("CONNECTION_CLOSED");

        // Then
        assertThat(direct("GET", key)).isNull();
    }

    @Test
    void a_command_whose_answer_is_lost_is_done() {
        // Given
        once("INCR", new Fault.AnswerLost());

        // When
        assertThatThrownBy(() -> send("INCR", key)).hasMessageContaining("CONNECTION_CLOSED");

        // Then
        assertThat(direct("GET", key).toInteger()).isEqualTo(1);
    }

    @Test
    void an_answer_breaks_off_in_the_middle() throws IOException {
        // Given
        direct("SET", key, "hello");
        once("GET", new Fault.AnswerCut());
        Raw raw = raw().send("SELECT 5");
        raw.line();

        // When
        raw.send("GET " + key, "PING");

        // Then
        assertThat(raw.readAll()).isEqualTo("$5\r\nh");
    }

    @Test
    void a_late_answer_comes_in_the_end_and_the_ones_behind_it_after_it() throws IOException {
        // Given
        once("INCR", new Fault.AnswerLate(300));
        Raw raw = raw();
        long begin = System.nanoTime();

        // When
        raw.send("INCR " + key, "PING", "INCR " + key);

        // Then
        assertThat(raw.line()).isEqualTo(":1");
        assertThat(since(begin)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        assertThat(raw.line()).isEqualTo("+PONG");
        assertThat(raw.line()).isEqualTo(":2");
    }

    @Test
    void a_command_whose_answer_is_late_is_done_at_once() throws IOException {
        // Given
        once("INCR", new Fault.AnswerLate(Fault.MAX_MILLIS));

        // When
        raw().send("SELECT 5", "INCR " + key);

        // Then
        await().atMost(PATIENCE).until(() -> direct("GET", key) != null);
    }

    @Test
    void a_command_comes_twice_to_the_database_it_was_for() {
        // Given
        once("INCR", new Fault.LateDuplicate(100));

        // When
        int first = send("INCR", key).toInteger();

        // Then
        assertThat(first).isEqualTo(1);
        await().atMost(PATIENCE).until(() -> direct("GET", key).toInteger() == 2);
    }

    @Test
    void a_command_comes_again_although_its_connection_is_gone() throws IOException {
        // Given
        once("INCR", new Fault.LateDuplicate(200));

        // When
        try (Raw raw = raw().send("HELLO 3", "ECHO " + key, "SELECT 5", "INCR " + key)) {
            raw.skipTo(key);
            raw.read("+OK\r\n:1\r\n".length());
        }

        // Then
        await().atMost(PATIENCE).until(() -> direct("GET", key).toInteger() == 2);
    }

    @Test
    void later_commands_wait_behind_one_that_is_slow() throws IOException {
        // Given
        wire.faults()
                .set(FaultRule.always(new Fault.Latency(300, 300)).on("INCR").times(1));
        Raw raw = raw();
        long begin = System.nanoTime();

        // When
        raw.send("ECHO 1", "INCR " + key, "INCR " + key, "ECHO 4");

        // Then
        assertThat(raw.read("$1\r\n1\r\n:1\r\n".length())).isEqualTo("$1\r\n1\r\n:1\r\n");
        assertThat(since(begin)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        assertThat(raw.read(":2\r\n$1\r\n4\r\n".length())).isEqualTo(":2\r\n$1\r\n4\r\n");
    }

    @Test
    void a_slow_command_is_done_although_its_client_has_gone() throws IOException {
        // Given
        once("INCR", new Fault.Latency(200, 200));

        // When
        try (Raw raw = raw()) {
            raw.send("SELECT 5", "INCR " + key, "INCR " + key);
        }

        // Then
        await().atMost(PATIENCE)
                .until(() -> direct("GET", key) != null && direct("GET", key).toInteger() == 2);
    }

    @Test
    void an_error_keeps_its_place_among_the_answers() throws IOException {
        // Given
        wire.faults()
                .set(
                        FaultRule.always(new Fault.Failure(500, "BUSY", "later"))
                                .containing("ECHO 2"),
                        FaultRule.always(new Fault.AnswerLate(100)).containing("ECHO 1"));
        Raw raw = raw();

        // When
        raw.send("ECHO 1", "ECHO 2", "ECHO 3");

        // Then
        String expected = "$1\r\n1\r\n-BUSY later\r\n$1\r\n3\r\n";
        assertThat(raw.read(expected.length())).isEqualTo(expected);
    }

    @Test
    void a_lost_command_takes_those_behind_it_along_and_none_before_it() throws IOException {
        // Given
        wire.faults().set(FaultRule.always(new Fault.RequestLost()).containing("ECHO 2"));
        Raw raw = raw();

        // When
        raw.send("INCR " + key, "ECHO 2", "INCR " + key);

        // Then
        assertThat(raw.readAll()).isEqualTo(":1\r\n");
        Raw other = raw().send("GET " + key);
        assertThat(other.line()).isEqualTo("$1");
        assertThat(other.line()).isEqualTo("1");
    }

    @Test
    void a_transaction_whose_answer_is_lost_is_done() {
        // Given
        once("EXEC", new Fault.AnswerLost());
        send("MULTI");
        send("INCR", key);

        // When
        assertThatThrownBy(() -> send("EXEC")).hasMessageContaining("CONNECTION_CLOSED");

        // Then
        assertThat(direct("GET", key).toInteger()).isEqualTo(1);
    }

    @Test
    void a_subscription_that_fails_is_none() throws IOException {
        // Given
        once("SUBSCRIBE", new Fault.Failure(500, "NOPERM", "no"));
        Raw raw = raw();

        // When
        raw.send("SUBSCRIBE " + key, "PING");

        // Then
        assertThat(raw.line()).isEqualTo("-NOPERM no");
        assertThat(raw.line()).isEqualTo("+PONG");
    }

    @Test
    void a_subscription_whose_answer_is_lost_is_closed() throws IOException {
        // Given
        once("SUBSCRIBE", new Fault.AnswerLost());
        Raw raw = raw();

        // When
        raw.send("PING", "SUBSCRIBE " + key);

        // Then
        assertThat(raw.readAll()).isEqualTo("+PONG\r\n");
    }

    @Test
    void a_subscriber_loses_the_next_frame_with_an_answer() throws IOException {
        // Given
        once("PING", new Fault.AnswerLost());
        Raw raw = raw().send("SUBSCRIBE a");
        raw.read("*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n".length());

        // When
        raw.send("PING");

        // Then
        assertThat(raw.readAll()).isEmpty();
    }
}
