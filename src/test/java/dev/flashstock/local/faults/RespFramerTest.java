package dev.flashstock.local.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.net.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames, however the stream comes in pieces. */
class RespFramerTest {
    private static final List<String> ANSWERS = List.of(
            "+OK\r\n",
            "-ERR no\r\n",
            ":-42\r\n",
            "$5\r\nhello\r\n",
            "$0\r\n\r\n",
            "$-1\r\n",
            "$6\r\na\r\nb\r\n\r\n",
            "*0\r\n",
            "*-1\r\n",
            "*3\r\n*2\r\n:1\r\n$1\r\nx\r\n*0\r\n+end\r\n",
            "_\r\n",
            "#t\r\n",
            ",1.5\r\n",
            "(12345678901234567890\r\n",
            "!5\r\nERR x\r\n",
            "=6\r\ntxt:hi\r\n",
            "%2\r\n+a\r\n:1\r\n+b\r\n*1\r\n:2\r\n",
            "%0\r\n",
            "~2\r\n:1\r\n:2\r\n",
            ">3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$1\r\nm\r\n",
            "|1\r\n+ttl\r\n:3600\r\n+OK\r\n",
            "*2\r\n|1\r\n+ttl\r\n:1\r\n:7\r\n:8\r\n");

    private static final List<String> COMMANDS = List.of(
            "*1\r\n$4\r\nPING\r\n",
            "PING\r\n",
            "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$2\r\n\r\n\r\n",
            "SET k v\n",
            "\r\n",
            "*0\r\n",
            "*-1\r\n",
            "$5\r\n",
            "*2\r\n$3\r\nGET\r\n$0\r\n\r\n");

    private static List<String> frames(RespFramer framer, String... pieces) throws ProtocolException {
        List<String> frames = new ArrayList<>();
        for (String piece : pieces) {
            framer.add(Buffer.buffer(piece));
            Buffer frame = framer.next();
            while (frame != null) {
                frames.add(frame.toString());
                frame = framer.next();
            }
        }
        return frames;
    }

    @Test
    void answers_split_anywhere_are_the_same() throws ProtocolException {
        // Given
        String stream = String.join("", ANSWERS);

        for (int at = 0; at <= stream.length(); at++) {
            // When
            List<String> frames = frames(RespFramer.ofAnswers(), stream.substring(0, at), stream.substring(at));

            // Then
            assertThat(frames).isEqualTo(ANSWERS);
        }
    }

    @Test
    void commands_split_anywhere_are_the_same() throws ProtocolException {
        // Given
        String stream = String.join("", COMMANDS);

        for (int at = 0; at <= stream.length(); at++) {
            // When
            List<String> frames = frames(RespFramer.ofCommands(), stream.substring(0, at), stream.substring(at));

            // Then
            assertThat(frames).isEqualTo(COMMANDS);
        }
    }

    @Test
    void a_stream_may_come_byte_by_byte() throws ProtocolException {
        // Given
        String[] bytes = String.join("", ANSWERS).split("");

        // When
        List<String> frames = frames(RespFramer.ofAnswers(), bytes);

        // Then
        assertThat(frames).isEqualTo(ANSWERS);
    }

    @Test
    void frames_that_nobody_takes_yet_are_kept() throws ProtocolException {
        // Given
        RespFramer framer = RespFramer.ofAnswers();
        framer.add(Buffer.buffer("+1\r\n+2\r\n+"));
        Buffer first = framer.next();

        // When
        framer.add(Buffer.buffer("3\r\n"));

        // Then
        assertThat(first).hasToString("+1\r\n");
        assertThat(framer.next()).hasToString("+2\r\n");
        assertThat(framer.next()).hasToString("+3\r\n");
        assertThat(framer.next()).isNull();
    }

    @Test
    void text_may_be_binary() throws ProtocolException {
        // Given
        byte[] bytes = {'$', '4', '\r', '\n', 0, -1, -128, '\n', '\r', '\n'};
        RespFramer framer = RespFramer.ofAnswers();

        // When
        framer.add(Buffer.buffer(bytes));

        // Then
        assertThat(framer.next().getBytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello\r\n",
                "\r\n",
                "+OK\n",
                "$x\r\n",
                "$-2\r\n",
                "$67108865\r\n",
                "$99999999999999999999\r\n",
                "$\r\n",
                "$?\r\n",
                "$2\r\nabc\r\n",
                "*1048577\r\n",
                "%1048577\r\n",
                "*2\r\n:1\r\n?\r\n"
            })
    void what_is_no_answer_is_refused(String stream) {
        // Given
        RespFramer framer = RespFramer.ofAnswers();

        // When, Then
        assertThatThrownBy(() -> frames(framer, stream)).isInstanceOf(ProtocolException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*x\r\n",
                "*1\r\n:1\r\n",
                "*1\r\n+PING\r\n",
                "*1\r\n$-1\r\n",
                "*1\r\n*1\r\n",
                "*1\r\n$4\nPING\r\n"
            })
    void what_is_no_command_is_refused(String stream) {
        // Given
        RespFramer framer = RespFramer.ofCommands();

        // When, Then
        assertThatThrownBy(() -> frames(framer, stream)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void depth_has_a_limit() throws ProtocolException {
        // Given
        String deepest = "*1\r\n".repeat(RespFramer.MAX_DEPTH);

        // When
        List<String> frames = frames(RespFramer.ofAnswers(), deepest + ":1\r\n");

        // Then
        assertThat(frames).hasSize(1);
        assertThatThrownBy(() -> frames(RespFramer.ofAnswers(), deepest + "*1\r\n"))
                .hasMessage("nested too deep");
    }

    @Test
    void lines_have_a_limit() throws ProtocolException {
        // Given
        String longest = "x".repeat(RespFramer.MAX_LINE_BYTES - 2);

        // When
        List<String> frames = frames(RespFramer.ofCommands(), longest + "\r\n");

        // Then
        assertThat(frames).hasSize(1);
        assertThatThrownBy(() -> frames(RespFramer.ofCommands(), longest + "xx"))
                .hasMessage("line too long");
    }

    @Test
    void frames_have_a_limit_that_shows_before_they_are_there() {
        // Given
        RespFramer framer = RespFramer.ofAnswers();
        framer.add(Buffer.buffer("*3\r\n$67108864\r\n"));
        framer.add(Buffer.buffer(new byte[RespFramer.MAX_BULK_BYTES]));

        // When, Then
        assertThatThrownBy(() -> frames(framer, "\r\n$67108864\r\n")).hasMessage("frame too long");
    }

    @Test
    void the_words_of_a_command() {
        // Given
        Buffer array = Buffer.buffer("*3\r\n$3\r\nset\r\n$2\r\nk1\r\n$6\r\nh\u00e9llo\r\n");
        Buffer line = Buffer.buffer("  get  k1 \r\n");

        // When
        RedisCommand set = RedisCommand.of(array);
        RedisCommand get = RedisCommand.of(line);

        // Then
        assertThat(set.name()).isEqualTo("SET");
        assertThat(set.text()).isEqualTo("set k1 h\u00e9llo");
        assertThat(get.name()).isEqualTo("GET");
        assertThat(get.text()).isEqualTo("get k1");
        assertThat(RedisCommand.of(Buffer.buffer("*0\r\n")).name()).isEmpty();
        assertThat(RedisCommand.of(Buffer.buffer("\r\n")).name()).isEmpty();
    }
}
