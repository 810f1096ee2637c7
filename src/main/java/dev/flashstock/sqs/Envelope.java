package dev.flashstock.sqs;

import org.jspecify.annotations.Nullable;

/**
 * A message to be sent.
 *
 * @param group whose message it is; SQS serves groups in turns. Null: its own
 * @param body what it says, in ASCII
 */
record Envelope(@Nullable String group, String body) {}
