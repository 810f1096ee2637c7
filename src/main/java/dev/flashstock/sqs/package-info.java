/** The adapter to SQS: requests into the queue and out of it. */
@NullMarked
package dev.flashstock.sqs;

import org.jspecify.annotations.NullMarked;
