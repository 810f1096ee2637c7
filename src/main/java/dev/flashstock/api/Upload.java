package dev.flashstock.api;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request as it comes: a chunk is read when it is asked for, so that the caller sends no faster than its
 * lines are dealt with. Belongs to the request's event loop.
 */
final class Upload {
    private static final Buffer END = Buffer.buffer();
    private static final String CONTINUE = "100-continue";

    /** How long a caller may go on sending when it has its answer, to read it before the connection closes. */
    private static final Duration LINGER = Duration.ofSeconds(5);

    private static final long NO_TIMER = -1;

    private final RoutingContext context;
    private final HttpServerRequest request;
    private final Duration patience;
    private final BooleanSupplier closing;
    private final long maxBytes;
    private long bytes;
    private boolean ended;
    private @Nullable Problem cut;
    private @Nullable UniEmitter<? super Buffer> asker;
    private long sending = NO_TIMER;
    private long reading = NO_TIMER;

    /**
     * The body of a request that nobody has read yet.
     *
     * @param context the request
     * @param maxBytes the most bytes that are read
     * @param patience how long a caller is waited for that neither sends nor reads
     * @param closing whether the process is about to end
     */
    Upload(RoutingContext context, long maxBytes, Duration patience, BooleanSupplier closing) {
        this.context = context;
        this.request = context.request();
        this.maxBytes = maxBytes;
        this.patience = patience;
        this.closing = closing;
    }

    /** The bytes, in chunks of some kilobytes. Never fails: {@link #cut()} tells whether they are all. */
    Multi<Buffer> chunks() {
        request.pause();
        request.exceptionHandler(e -> endWith(Problem.of(ProblemType.INTERNAL_ERROR, "The caller has gone.")));
        request.handler(this::take);
        request.endHandler(end -> end());
        context.addEndHandler(answered -> {
            if (answered.succeeded()) {
                lingerThenClose();
            }
        });
        if (CONTINUE.equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            context.response().writeContinue();
        }
        return Multi.createBy()
                .repeating()
                .uni(() -> Uni.createFrom().<Buffer>emitter(this::ask))
                .until(chunk -> chunk == END);
    }

    /** Why the rest was not read; null when there is none. */
    @Nullable
    Problem cut() {
        return cut;
    }

    /** Hangs up on a caller who does not read what it is told. */
    <T> Multi<T> whileItIsRead(Multi<T> answers) {
        return answers.onItem()
                .invoke(() -> reading = context.vertx().setTimer(patience.toMillis(), timer -> hangUp()))
                .onRequest()
                .invoke(() -> reading = stop(reading))
                .onTermination()
                .invoke(() -> {
                    reading = stop(reading);
                    sending = stop(sending);
                });
    }

    private void ask(UniEmitter<? super Buffer> emitter) {
        asker = emitter;
        if (closing.getAsBoolean()) {
            endWith(Problem.of(
                    ProblemType.UNAVAILABLE, "This process is about to end: send the file again, from the next line."));
        } else if (ended) {
            give(END);
        } else {
            sending = context.vertx()
                    .setTimer(
                            patience.toMillis(),
                            timer -> endWith(Problem.of(
                                    ProblemType.UPLOAD_STALLED,
                                    "Nothing has come for " + patience.toSeconds() + " seconds.")));
            request.fetch(1);
        }
    }

    /** What nobody asks for has come after the end, and is dropped. */
    private void take(Buffer chunk) {
        if (ended) {
            return;
        }
        int room = (int) Math.min(chunk.length(), maxBytes - bytes);
        bytes += room;
        if (room < chunk.length()) {
            ended = true;
            cut = BodyLimit.uploadTooLarge(maxBytes);
        }
        give(chunk.slice(0, room));
    }

    private void endWith(Problem problem) {
        if (!ended) {
            cut = problem;
        }
        end();
    }

    private void end() {
        ended = true;
        give(END);
    }

    private void give(Buffer chunk) {
        sending = stop(sending);
        UniEmitter<? super Buffer> to = asker;
        if (to != null) {
            asker = null;
            to.complete(chunk);
        }
    }

    private long stop(long timer) {
        if (timer != NO_TIMER) {
            context.vertx().cancelTimer(timer);
        }
        return NO_TIMER;
    }

    /** Closed at once, with bytes that nobody has read, a connection would take the answer with it. */
    private void lingerThenClose() {
        if (!request.isEnded()) {
            context.vertx().setTimer(LINGER.toMillis(), timer -> {
                if (!request.isEnded()) {
                    hangUp();
                }
            });
        }
    }

    /** Below Vert.x, whose own close waits until the caller has read what is written. */
    private void hangUp() {
        if (request.version() == HttpVersion.HTTP_2) {
            context.response().reset();
        } else if (request.connection() instanceof ConnectionBase connection
                && connection.channel().isOpen()) {
            var unused = connection.channel().pipeline().firstContext().close();
        }
    }
}
