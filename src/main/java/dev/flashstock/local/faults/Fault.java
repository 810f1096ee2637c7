package dev.flashstock.local.faults;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What can go wrong between a client and a backend. In JSON, {@code fault} tells which: {@code "answer-lost"}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "fault")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Fault.Latency.class, name = "latency"),
    @JsonSubTypes.Type(value = Fault.Failure.class, name = "failure"),
    @JsonSubTypes.Type(value = Fault.RequestLost.class, name = "request-lost"),
    @JsonSubTypes.Type(value = Fault.AnswerLost.class, name = "answer-lost"),
    @JsonSubTypes.Type(value = Fault.AnswerCut.class, name = "answer-cut"),
    @JsonSubTypes.Type(value = Fault.AnswerLate.class, name = "answer-late"),
    @JsonSubTypes.Type(value = Fault.LateDuplicate.class, name = "late-duplicate"),
})
public sealed interface Fault {
    /** The longest that anything is held back, in milliseconds. */
    long MAX_MILLIS = 600_000;

    /**
     * The backend takes longer, log-normally distributed as response times are; a transaction is in flight meanwhile.
     *
     * @param medianMillis half of the requests take at least this much longer, 1 to {@value #MAX_MILLIS}
     * @param p99Millis one in a hundred takes at least this much longer, not below the median: the same as the median
     *     makes all of them alike
     */
    record Latency(long medianMillis, long p99Millis) implements Fault {
        /** The 99th percentile of the standard normal distribution. */
        private static final double Z99 = 2.3263478740408408;

        /** Checks the bounds. */
        public Latency {
            checkMillis("medianMillis", medianMillis);
            checkMillis("p99Millis", p99Millis);
            if (p99Millis < medianMillis) {
                throw new IllegalArgumentException("p99Millis is below medianMillis");
            }
        }

        /** The value for a draw from the standard normal distribution, in milliseconds. */
        long millis(double gaussian) {
            double sigma = Math.log((double) p99Millis / medianMillis) / Z99;
            return Math.min(MAX_MILLIS, Math.round(medianMillis * Math.exp(sigma * gaussian)));
        }
    }

    /**
     * An error instead of an answer; the backend never sees the request.
     *
     * @param status the HTTP status, 400 to 599; Redis has none, and ignores it
     * @param type the error's name, as the protocol has it: {@code InternalServerError}, {@code LOADING}
     * @param message for people
     */
    record Failure(int status, String type, String message) implements Fault {
        /** Checks the bounds. */
        public Failure {
            if (status < 400 || status > 599) {
                throw new IllegalArgumentException("status is 400 to 599");
            }
            if (type == null || message == null) {
                throw new IllegalArgumentException("A failure has a type and a message");
            }
            if (type.isBlank() || (type + message).chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("type has a name, and neither it nor message a line break");
            }
        }
    }

    /** The connection is closed before the backend sees the request. */
    record RequestLost() implements Fault {}

    /** The backend has done it, and the connection is closed before the answer. */
    record AnswerLost() implements Fault {}

    /** The backend has done it, and the connection is closed in the middle of the answer. */
    record AnswerCut() implements Fault {}

    /**
     * The backend has done it, and the answer takes its time: perhaps more than the caller has.
     *
     * @param millis how much later it comes, 1 to {@value #MAX_MILLIS}
     */
    record AnswerLate(long millis) implements Fault {
        /** Checks the bounds. */
        public AnswerLate {
            checkMillis("millis", millis);
        }
    }

    /**
     * The request reaches the backend once more, later; nobody waits for the second answer. At most {@value
     * #MAX_WAITING} wait for their time on a wire; a further one is lost.
     *
     * @param millis how much later, 1 to {@value #MAX_MILLIS}
     */
    record LateDuplicate(long millis) implements Fault {
        /** The most duplicates that wait on a wire. */
        static final int MAX_WAITING = 1_000;

        /** Checks the bounds. */
        public LateDuplicate {
            checkMillis("millis", millis);
        }
    }

    private static void checkMillis(String name, long millis) {
        if (millis < 1 || millis > MAX_MILLIS) {
            throw new IllegalArgumentException(name + " is 1 to " + MAX_MILLIS);
        }
    }
}
