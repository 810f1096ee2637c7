package dev.flashstock.local.faults;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.zip.CRC32;

/** What stands between a wire and its backend: it may refuse a request, or change it and its answer. */
public interface Gate {
    /** Lets everything through as it is. */
    Gate OPEN = request -> Future.succeededFuture(new Passage.Admitted(request.body(), answer -> answer));

    /**
     * Judges a request.
     *
     * @param request what a client sends
     * @return what happens to it
     */
    Future<Passage> admit(Request request);

    /**
     * A request.
     *
     * @param operation the operation's name, without its service
     * @param headers the HTTP headers
     * @param body the body
     */
    record Request(String operation, MultiMap headers, Buffer body) {}

    /**
     * An answer.
     *
     * @param status the HTTP status
     * @param headers the HTTP headers
     * @param body the body
     */
    record Answer(int status, MultiMap headers, Buffer body) {
        private static final String CHECKSUM = "x-amz-crc32";

        /** The same with another body, and DynamoDB's checksum of it. */
        public Answer withBody(Buffer body) {
            CRC32 checksum = new CRC32();
            checksum.update(body.getBytes());
            headers.set(CHECKSUM, Long.toString(checksum.getValue()));
            return new Answer(status, headers, body);
        }
    }

    /** What a gate says. */
    sealed interface Passage {
        /** The backend never sees it. */
        record Refused(Answer answer) implements Passage {}

        /**
         * The backend gets it.
         *
         * @param body what the backend gets
         * @param settlement is told how it ended, exactly once
         */
        record Admitted(Buffer body, Settlement settlement) implements Passage {}
    }

    /** The second half of a passage. */
    interface Settlement {
        /** The backend has answered; the result goes to the client. */
        Answer answered(Answer answer);

        /** The backend could not be reached, or broke off: whether it did anything is unknown. */
        default void broken() {}
    }
}
