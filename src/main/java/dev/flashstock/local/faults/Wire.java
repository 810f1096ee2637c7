package dev.flashstock.local.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import java.net.URI;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A wire to a backend, on which things go wrong when its {@link Faults} say so. */
public interface Wire extends AutoCloseable {
    /** Writes and reads JSON. */
    ObjectMapper MAPPER = new ObjectMapper();

    /** Where clients connect to. */
    URI address();

    /** What goes wrong on it. */
    Faults faults();

    /** Nobody gets through, and nobody stays through, until it is mended. */
    void cut();

    /** Lets everybody through again. */
    void mend();

    /** Closes all connections and gives the port back. */
    @Override
    void close();

    /** What wires run on: one event loop of daemon threads. */
    static Vertx eventLoop() {
        return Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setUseDaemonThread(true)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    }

    /** An answer in JSON, as AWS sends it. */
    static Gate.Answer json(int status, Object body) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("Content-Type", "application/x-amz-json-1.0");
        try {
            return new Gate.Answer(status, headers, Buffer.buffer(MAPPER.writeValueAsBytes(body)));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not JSON: " + body, e);
        }
    }

    /** Waits, from a thread of the caller's, for a port to listen. */
    static void listening(Future<?> listening) {
        waitFor(listening, "A wire cannot listen");
    }

    /** Waits, from a thread of the caller's, for everything to be closed. */
    static void closed(Future<?> closed) {
        waitFor(closed, "A wire cannot be closed");
    }

    private static void waitFor(Future<?> future, String otherwise) {
        try {
            future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(otherwise + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(otherwise, e);
        }
    }
}
