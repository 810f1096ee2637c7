package dev.flashstock.local.faults;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ObjLongConsumer;

/**
 * One client's connection, and the one to Redis behind it.
 *
 * <p>Redis answers each command once, in their order. So each command that is passed on takes a turn, and each answer
 * belongs to the first of the turns; what answers instead of Redis waits for its turn as well. Once a client has
 * subscribed, Redis sends when it likes: its frames go through as they come, and the next one counts as the answer to a
 * command whose answer a fault changes.
 *
 * <p>What a client has sent reaches Redis even if the client has gone meanwhile, as it does in a network.
 */
final class RedisLink {
    /** The most commands of one client that wait for their answers; the next ones are not read. */
    static final int MAX_WAITING = 10_000;

    /** What another connection has to begin with to be like this one. */
    private static final Set<String> SESSION = Set.of("AUTH", "HELLO", "SELECT");

    /** Whose turn it is to answer. */
    private sealed interface Turn {
        /** Redis's; {@code pushed}: with whatever it sends. */
        record Answer(Mishap mishap, boolean pushed) implements Turn {}

        /** The wire's own. */
        record Instead(Buffer error) implements Turn {}

        /** Nobody's: the connection closes. */
        record End() implements Turn {}
    }

    private final NetSocket client;
    private final NetSocket server;
    private final Faults faults;
    private final ObjLongConsumer<List<Buffer>> repeat;
    private final RespLane commands;
    private final RespLane answers;
    private final Deque<Turn> turns = new ArrayDeque<>();
    private final Map<String, Buffer> session = new LinkedHashMap<>();
    private Future<Void> sentToClient = Future.succeededFuture();
    private Future<Void> sentToServer = Future.succeededFuture();
    private boolean streaming;
    private boolean clientGone;
    /** No further command counts. */
    private boolean ending;

    private boolean closed;

    /**
     * Joins two sockets of one event loop, both of them paused.
     *
     * @param repeat sends commands to Redis on a connection of their own, after some milliseconds
     */
    RedisLink(Vertx vertx, NetSocket client, NetSocket server, Faults faults, ObjLongConsumer<List<Buffer>> repeat) {
        this.client = client;
        this.server = server;
        this.faults = faults;
        this.repeat = repeat;
        this.commands = new RespLane(vertx, client, RespFramer.ofCommands(), new ToServer());
        this.answers = new RespLane(vertx, server, RespFramer.ofAnswers(), new ToClient());
    }

    void start() {
        client.drainHandler(room -> answers.drain());
        server.drainHandler(room -> commands.drain());
        commands.start();
        answers.start();
    }

    /** Nobody reads the answers any more. */
    void clientGone() {
        clientGone = true;
        answers.drain();
    }

    private final class ToServer implements RespLane.Taker {
        @Override
        public boolean ready() {
            return ending || (turns.size() < MAX_WAITING && !server.writeQueueFull());
        }

        @Override
        public void take(Buffer frame) {
            RedisCommand command = RedisCommand.of(frame);
            if (!ending && !command.name().isEmpty()) {
                receive(command);
            }
        }

        @Override
        public void end() {
            sentToServer.onComplete(sent -> server.close());
        }
    }

    private final class ToClient implements RespLane.Taker {
        @Override
        public boolean ready() {
            return clientGone || !client.writeQueueFull();
        }

        @Override
        public void take(Buffer frame) {
            if (!closed) {
                answered(frame);
            }
        }

        @Override
        public void end() {
            close();
        }
    }

    private void receive(RedisCommand command) {
        Mishap mishap = faults.next(command.name(), command::text);
        Fault.Failure failure = mishap.failure();
        if (mishap.requestLost()) {
            ending = true;
            take(new Turn.End());
        } else if (failure != null) {
            commands.hold(mishap.delayMillis(), () -> take(new Turn.Instead(error(failure))));
        } else {
            if (mishap.duplicateMillis() > 0) {
                repeatAfter(mishap.duplicateMillis(), command);
            }
            commands.hold(mishap.delayMillis(), () -> pass(command, mishap));
        }
    }

    private void repeatAfter(long millis, RedisCommand command) {
        List<Buffer> all = new ArrayList<>(session.values());
        all.add(command.bytes());
        repeat.accept(all, millis);
    }

    private static Buffer error(Fault.Failure failure) {
        return Buffer.buffer("-" + failure.type() + " " + failure.message() + "\r\n");
    }

    private void pass(RedisCommand command, Mishap mishap) {
        if (SESSION.contains(command.name())) {
            session.put(command.name(), command.bytes());
        } else if (command.name().equals("RESET")) {
            session.clear();
        }
        boolean unasked = streaming || command.silences();
        if (!unasked || mishap.changesAnswer()) {
            take(new Turn.Answer(mishap, unasked || command.streams()));
        }
        streaming = unasked || command.streams();
        sentToServer = server.write(command.bytes());
    }

    private void answered(Buffer frame) {
        boolean push = frame.getByte(0) == '>';
        if (turns.peek() instanceof Turn.Answer turn && (turn.pushed() || !push)) {
            turns.remove();
            if (turn.mishap().ending() == Mishap.Ending.LOST) {
                close();
                return;
            }
            answers.hold(turn.mishap().answerLateMillis(), () -> answer(frame, turn.mishap()));
            commands.drain();
        } else {
            sentToClient = client.write(frame);
        }
    }

    private void answer(Buffer frame, Mishap mishap) {
        if (mishap.ending() == Mishap.Ending.CUT) {
            sentToClient = client.write(frame.slice(0, frame.length() / 2));
            close();
        } else {
            sentToClient = client.write(frame);
            settle();
        }
    }

    private void take(Turn turn) {
        turns.add(turn);
        settle();
    }

    /** Takes the turns that are not Redis's, up to the next one that is. */
    private void settle() {
        while (!closed && !answers.held() && turns.peek() != null && !(turns.peek() instanceof Turn.Answer)) {
            Turn turn = turns.remove();
            if (turn instanceof Turn.Instead it) {
                sentToClient = client.write(it.error());
            } else {
                close();
            }
        }
    }

    /** Closes both ends; the client first gets what was written already. */
    private void close() {
        ending = true;
        closed = true;
        sentToClient.onComplete(sent -> client.close());
        server.close();
    }
}
