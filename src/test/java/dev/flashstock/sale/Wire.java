package dev.flashstock.sale;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A wire to a server that can be cut and mended: while it is cut, nobody gets through, and nobody stays through. */
final class Wire implements AutoCloseable {
    private final InetSocketAddress server;
    private final ServerSocket end;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;

    Wire(String host, int port) {
        this.server = new InetSocketAddress(host, port);
        try {
            this.end = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start("accept", this::accept);
    }

    int port() {
        return end.getLocalPort();
    }

    void cut() {
        cut = true;
        sockets.forEach(Wire::close);
    }

    void mend() {
        cut = false;
    }

    private void accept() throws IOException {
        while (!end.isClosed()) {
            Socket caller = end.accept();
            if (cut) {
                close(caller);
            } else {
                join(caller);
            }
        }
    }

    private void join(Socket caller) throws IOException {
        Socket called = new Socket();
        called.connect(server);
        sockets.add(caller);
        sockets.add(called);
        start("to", () -> copy(caller, called));
        start("fro", () -> copy(called, caller));
    }

    private void copy(Socket from, Socket to) throws IOException {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    /** A thread whose I/O ends when the wire is cut or closed. */
    private static void start(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException cutOrClosed) {
                        Thread.currentThread().interrupt();
                    }
                },
                "wire-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        cut();
        end.close();
    }
}
