package dev.flashstock.local.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** While nothing goes wrong, a wire is as good as none. */
class RedisWireTest extends RedisWireFixture {
    private static String array(String... words) {
        StringBuilder array = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            array.append("$").append(word.length()).append("\r\n").append(word).append("\r\n");
        }
        return array.toString();
    }

    @Test
    void the_address_names_the_database() {
        // When
        URI address = wire.address();

        // Then
        assertThat(address.getScheme()).isEqualTo("redis");
        assertThat(address.getPath()).isEqualTo("/5");
        send("SET", key, "here");
        assertThat(direct("GET", key)).hasToString("here");
    }

    @Test
    void a_client_may_speak_resp3() {
        // Given
        send("HSET", key, "a", 1, "b", 2);

        // When
        Response answer = send("HGETALL", key);

        // Then
        assertThat(answer.type()).isEqualTo(ResponseType.MULTI);
        assertThat(answer.getKeys()).containsExactlyInAnyOrder("a", "b");
        assertThat(answer.get("b").toInteger()).isEqualTo(2);
    }

    @Test
    void a_socket_may_speak_resp3() throws IOException {
        // Given
        Raw raw = raw();

        // When
        raw.write(array("HELLO", "3") + array("ECHO", key));
        raw.write(array("HSET", key, "a", "1") + array("HGETALL", key) + array("GET", key + "-none"));

        // Then
        assertThat(raw.line()).startsWith("%");
        raw.skipTo(key);
        String expected = ":1\r\n%1\r\n$1\r\na\r\n$1\r\n1\r\n_\r\n";
        assertThat(raw.read(expected.length())).isEqualTo(expected);
    }

    @Test
    void a_megabyte_comes_back() {
        // Given
        String large = "0123456789abcdef".repeat(1 << 16);

        // When
        send("SET", key, large);

        // Then
        assertThat(send("GET", key).toString()).isEqualTo(large);
    }

    @Test
    void commands_may_be_pipelined() throws IOException {
        // Given
        Raw raw = raw();
        StringBuilder expected = new StringBuilder();
        for (int i = 1; i <= 1_000; i++) {
            expected.append(":").append(i).append("\r\n");
        }

        // When
        raw.write(array("INCR", key).repeat(1_000));

        // Then
        assertThat(raw.read(expected.length())).isEqualTo(expected.toString());
    }

    @Test
    void a_client_that_does_not_read_is_not_read_from() throws IOException {
        // Given
        int pairs = 15_000;
        String large = "x".repeat(4_096);
        Raw raw = raw().write(array("SELECT", "5") + array("SET", key, large));
        raw.read("+OK\r\n+OK\r\n".length());

        // When
        CompletableFuture<Void> written = CompletableFuture.runAsync(
                () -> raw.writeAll((array("INCR", key + "-n") + array("GET", key)).repeat(pairs)));

        // Then
        await().during(Duration.ofMillis(500)).atMost(PATIENCE).until(() -> {
            Response done = direct("GET", key + "-n");
            return done != null && done.toInteger() < pairs;
        });
        for (int i = 1; i <= pairs; i++) {
            String expected = ":" + i + "\r\n$4096\r\n" + large + "\r\n";
            assertThat(raw.read(expected.length())).isEqualTo(expected);
        }
        assertThat(written).succeedsWithin(PATIENCE);
    }

    @Test
    void what_is_published_arrives() {
        // Given
        BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        client.handler(message -> messages.add(message.toString()));
        send("SUBSCRIBE", key, key + "-2");
        send("PSUBSCRIBE", key + "*");
        await().atMost(PATIENCE).until(() -> messages.contains("[psubscribe, " + key + "*, 3]"));

        // When
        direct("PUBLISH", key, "hello");
        direct("PUBLISH", key + "-2", "again");

        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(messages)
                        .contains("[message, " + key + ", hello]", "[message, " + key + "-2, again]")
                        .contains("[pmessage, " + key + "*, " + key + ", hello]"));
    }

    @Test
    void a_subscriber_that_speaks_resp2_may_still_ask() throws IOException {
        // Given
        Raw raw = raw();

        // When
        raw.send("PING", "SUBSCRIBE a b", "PING", "UNSUBSCRIBE a b", "PING");

        // Then
        String expected = "+PONG\r\n"
                + "*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n*3\r\n$9\r\nsubscribe\r\n$1\r\nb\r\n:2\r\n"
                + "*2\r\n$4\r\npong\r\n$0\r\n\r\n"
                + "*3\r\n$11\r\nunsubscribe\r\n$1\r\na\r\n:1\r\n*3\r\n$11\r\nunsubscribe\r\n$1\r\nb\r\n:0\r\n"
                + "+PONG\r\n";
        assertThat(raw.read(expected.length())).isEqualTo(expected);
    }

    @Test
    void one_may_watch_all_commands() throws IOException {
        // Given
        Raw raw = raw().send("MONITOR");
        raw.line();

        // When
        direct("ECHO", key);

        // Then
        raw.skipTo(key);
    }

    @Test
    void a_client_may_want_no_answers() throws IOException {
        // Given
        Raw raw = raw();

        // When
        raw.send("INCR " + key, "CLIENT REPLY OFF", "INCR " + key, "CLIENT REPLY ON", "INCR " + key);

        // Then
        assertThat(raw.line()).isEqualTo(":1");
        assertThat(raw.line()).isEqualTo("+OK");
        assertThat(raw.line()).isEqualTo(":3");
    }

    @Test
    void nothing_is_no_command() throws IOException {
        // Given
        Raw raw = raw();

        // When
        raw.write("\r\n*0\r\n*-1\r\nPING\r\n");

        // Then
        assertThat(raw.line()).isEqualTo("+PONG");
    }

    @Test
    void a_transaction_is_one() {
        // Given
        send("MULTI");
        send("INCR", key);
        send("INCRBY", key, 5);
        Response before = direct("GET", key);

        // When
        Response answer = send("EXEC");

        // Then
        assertThat(before).isNull();
        assertThat(answer).extracting(Response::toInteger).containsExactly(1, 6);
    }

    @Test
    void a_command_may_wait_for_another_client() throws IOException {
        // Given
        Raw waiting = raw().send("BLPOP " + key + " 0", "PING");

        // When
        raw().send("RPUSH " + key + " x");

        // Then
        waiting.read(("*2\r\n$43\r\n" + key + "\r\n$1\r\nx\r\n").length());
        assertThat(waiting.line()).isEqualTo("+PONG");
    }

    @Test
    void a_client_that_goes_waits_no_longer() throws IOException {
        // Given
        try (Raw waiting = raw()) {
            waiting.send("CLIENT SETNAME " + key, "BLPOP " + key + " 0");
            await().atMost(PATIENCE).until(() -> clients().contains("name=" + key));
        }

        // When
        await().atMost(PATIENCE).until(() -> !clients().contains("name=" + key));

        // Then
        assertThat(direct("RPUSH", key, "x").toInteger()).isEqualTo(1);
        assertThat(direct("LLEN", key).toInteger()).isEqualTo(1);
    }

    private String clients() {
        return direct("CLIENT", "LIST").toString();
    }

    @Test
    void redis_may_close_a_connection() throws IOException {
        // Given
        Raw raw = raw();

        // When
        raw.send("PING", "QUIT");

        // Then
        assertThat(raw.readAll()).isEqualTo("+PONG\r\n+OK\r\n");
    }

    @Test
    void what_is_no_command_closes_its_connection_and_no_other() throws IOException {
        // Given
        Raw other = raw();
        Raw raw = raw();

        // When
        raw.write("*1\r\n:1\r\n");

        // Then
        assertThat(raw.readAll()).isEmpty();
        other.send("PING");
        assertThat(other.line()).isEqualTo("+PONG");
    }

    @Test
    void a_wire_is_cut_and_mended() throws IOException {
        // Given
        Raw before = raw().send("PING");
        before.line();

        // When
        wire.cut();

        // Then
        assertThat(before.readAll()).isEmpty();
        assertThat(closed(raw())).isTrue();
        assertThatThrownBy(() -> send("PING")).isInstanceOf(CompletionException.class);
        wire.mend();
        Raw after = raw().send("PING");
        assertThat(after.line()).isEqualTo("+PONG");
        client = client();
        assertThat(send("PING")).hasToString("PONG");
    }

    /** A connection is refused after it was accepted: with an end, or with a reset. */
    private static boolean closed(Raw raw) {
        try {
            return raw.socket.getInputStream().read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void a_closed_wire_gives_its_port_back() throws IOException {
        // Given
        Raw raw = raw().send("PING");
        raw.line();

        // When
        wire.close();

        // Then
        assertThat(raw.readAll()).isEmpty();
        assertThatThrownBy(this::raw).isInstanceOf(ConnectException.class);
    }

    @Test
    void without_a_redis_connections_are_closed() throws Exception {
        // Given
        URI nobody;
        try (ServerSocket socket = new ServerSocket(0)) {
            nobody = URI.create("redis://127.0.0.1:" + socket.getLocalPort());
        }
        Vertx vertx = Wire.eventLoop();

        // When
        try (RedisWire toNobody = new RedisWire(vertx, nobody, new Faults(1));
                Raw raw = new Raw(toNobody.address())) {
            // Then
            assertThat(closed(raw)).isTrue();
        } finally {
            get(vertx.close());
        }
    }
}
