package dev.flashstock.local.rehearsal;

import java.util.concurrent.CompletionException;

/** What became of one request. */
public sealed interface Answer {
    /** The answers of a service that works. */
    enum Right implements Answer {
        /** The units are sold, or the write is done. */
        ACCEPTED,
        /** The request is promised to be decided later, as with HTTP 202. */
        QUEUED,
        /** No units are left: as right an answer as the others. */
        SOLD_OUT
    }

    /**
     * The request failed.
     *
     * @param error what it is counted under, such as {@code HTTP 503}; of a longer one the first 100 characters
     */
    record Failed(String error) implements Answer {
        private static final int MAX_LENGTH = 100;

        /** @throws IllegalArgumentException if {@code error} is blank */
        public Failed {
            if (error.isBlank()) {
                throw new IllegalArgumentException("An error has a name");
            }
            error = error.substring(0, Math.min(error.length(), MAX_LENGTH));
        }

        /** Named after the class of {@code failure}, or of its cause where it wraps that of a stage. */
        static Failed of(Throwable failure) {
            Throwable own = failure;
            while (own instanceof CompletionException && own.getCause() != null) {
                own = own.getCause();
            }
            String name = own.getClass().getSimpleName();
            return new Failed(name.isEmpty() ? own.getClass().getName() : name);
        }
    }
}
