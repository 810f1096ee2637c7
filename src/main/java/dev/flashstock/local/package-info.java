/** The embedded DynamoDB, SQS and Redis of dev mode and tests, and the identity that only these know. */
@NullMarked
package dev.flashstock.local;

import org.jspecify.annotations.NullMarked;
