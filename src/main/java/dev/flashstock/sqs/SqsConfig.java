package dev.flashstock.sqs;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The queue. Where SQS is and who asks it are {@code quarkus.sqs.*}. */
@ConfigMapping(prefix = "flashstock.sqs")
public interface SqsConfig {
    /**
     * The name of the queue in which requests wait.
     *
     * @return the name
     */
    @WithDefault("flashstock-reservations")
    String queue();

    /**
     * The name of the queue for messages that could not be handled, as the queue's redrive policy names it.
     *
     * @return the name
     */
    @WithDefault("flashstock-reservations-dead")
    String deadLetterQueue();

    /**
     * How often a message is received before it goes to the dead-letter queue; used when the queue is made.
     *
     * @return 1 to 1000
     */
    @WithDefault("20")
    int maxReceives();

    /**
     * How long a received message is hidden from other consumers; deciding it takes two thirds of that at most.
     *
     * @return the time, in whole seconds, 1 s to 12 hours
     */
    @WithDefault("30s")
    Duration visibility();

    /**
     * How many sends of this process are under way at once; what comes meanwhile is packed into the next.
     *
     * @return 1 to 64
     */
    @WithDefault("4")
    int sends();

    /**
     * What consumes the queue.
     *
     * @return the consumer's settings
     */
    Consumer consumer();

    /** What consumes the queue. */
    interface Consumer {
        /**
         * Whether this process consumes the queue.
         *
         * @return true: it does
         */
        @WithDefault("true")
        boolean enabled();

        /**
         * How many receive calls are under way at once; each brings up to 10 messages, handled side by side. One more
         * looks after the dead-letter queue.
         *
         * @return 1 to 64
         */
        @WithDefault("4")
        int pollers();

        /**
         * How long a receive call waits for a message, and so how long an idle consumer takes to stop.
         *
         * @return the time, in whole seconds, at most 20
         */
        @WithDefault("5s")
        Duration longPoll();
    }
}
