package dev.flashstock.local.faults;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A wire to a Redis, in RESP2 or RESP3. A rule's operation is the first word of a command, its text are all words with
 * spaces between them; {@link Fault.Failure} is an error as Redis has them, {@code -LOADING message}.
 *
 * <p>Later commands of a connection wait behind one that is slow, later answers behind one that is late. A
 * {@link Fault.LateDuplicate} comes on a connection of its own, outside of a transaction that the first was in. No
 * replication, and no TLS.
 */
public final class RedisWire implements Wire {
    private static final String LOOPBACK = InetAddress.getLoopbackAddress().getHostAddress();
    private static final int CONNECT_MILLIS = 5_000;
    /** How long a command that is sent once more may take: blocking ones would stay for ever. */
    private static final long REPEAT_MILLIS = 10_000;

    private final Vertx vertx;
    private final URI server;
    private final Faults faults;
    private final NetClient toServer;
    private final LateDuplicates duplicates;
    private final NetServer end;
    private final Set<NetSocket> clients = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;

    /**
     * Makes a wire on a free port of the loopback interface.
     *
     * @param vertx what it runs on; one event loop is enough
     * @param server where Redis listens: {@code redis://host:port}, with a database or without
     * @param faults what goes wrong
     * @throws IllegalStateException if no port can be had
     */
    public RedisWire(Vertx vertx, URI server, Faults faults) {
        this.vertx = vertx;
        this.server = server;
        this.faults = faults;
        this.duplicates = new LateDuplicates(vertx);
        this.toServer = vertx.createNetClient(new NetClientOptions().setConnectTimeout(CONNECT_MILLIS));
        this.end = vertx.createNetServer().connectHandler(this::connected);
        Wire.listening(end.listen(0, LOOPBACK));
    }

    /** Redis's own address, but for the host and the port. */
    @Override
    public URI address() {
        try {
            return new URI(
                    server.getScheme(),
                    server.getUserInfo(),
                    LOOPBACK,
                    end.actualPort(),
                    server.getPath(),
                    server.getQuery(),
                    null);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Faults faults() {
        return faults;
    }

    @Override
    public void cut() {
        cut = true;
        clients.forEach(NetSocket::close);
    }

    @Override
    public void mend() {
        cut = false;
    }

    private void connected(NetSocket client) {
        client.pause();
        clients.add(client);
        client.closeHandler(closed -> clients.remove(client));
        if (cut) {
            client.close();
            return;
        }
        connect().onSuccess(redis -> join(client, redis)).onFailure(refused -> client.close());
    }

    private Future<NetSocket> connect() {
        return Future.succeededFuture() // a closed client throws: that becomes a failure
                .compose(x -> toServer.connect(server.getPort(), server.getHost()));
    }

    private void join(NetSocket client, NetSocket redis) {
        if (!clients.contains(client)) {
            redis.close();
            return;
        }
        redis.pause();
        RedisLink link = new RedisLink(vertx, client, redis, faults, this::repeatAfter);
        client.closeHandler(closed -> {
            clients.remove(client);
            link.clientGone();
        });
        link.start();
    }

    private void repeatAfter(List<Buffer> commands, long millis) {
        duplicates.after(millis, () -> repeat(commands));
    }

    /** Sends commands on a connection of their own. That Redis cannot be reached is the commands lost. */
    private void repeat(List<Buffer> commands) {
        connect().onSuccess(redis -> {
            long timer = vertx.setTimer(REPEAT_MILLIS, late -> redis.close());
            redis.closeHandler(closed -> vertx.cancelTimer(timer));
            new RespLane(vertx, redis, RespFramer.ofAnswers(), new Discard(redis, commands.size())).start();
            commands.forEach(redis::write);
        });
    }

    /** Reads as many answers as there were commands: Redis does not see the end of a connection before that. */
    private static final class Discard implements RespLane.Taker {
        private final NetSocket redis;
        private int left;

        Discard(NetSocket redis, int left) {
            this.redis = redis;
            this.left = left;
        }

        @Override
        public boolean ready() {
            return true;
        }

        @Override
        public void take(Buffer frame) {
            left--;
            if (left == 0) {
                redis.close();
            }
        }

        @Override
        public void end() {
            redis.close();
        }
    }

    @Override
    public void close() {
        cut();
        Wire.closed(Future.all(end.close(), toServer.close()));
    }
}
