package dev.flashstock.sqs;

import java.time.Duration;

/**
 * Settings with short times and one poller.
 *
 * @param queue the queue's name
 * @param deadLetterQueue its dead-letter queue's name
 * @param sends the most sends under way
 */
record TestQueue(String queue, String deadLetterQueue, int sends) implements SqsConfig, SqsConfig.Consumer {
    TestQueue(String queue, int sends) {
        this(queue, queue + "-dead", sends);
    }

    @Override
    public int maxReceives() {
        return 3;
    }

    @Override
    public Duration visibility() {
        return Duration.ofSeconds(2);
    }

    @Override
    public Consumer consumer() {
        return this;
    }

    @Override
    public boolean enabled() {
        return true;
    }

    @Override
    public int pollers() {
        return 1;
    }

    @Override
    public Duration longPoll() {
        return Duration.ofSeconds(1);
    }
}
