/** The adapter to DynamoDB: one table, as the data model in {@link dev.flashstock.dynamodb.Schema} describes it. */
@NullMarked
package dev.flashstock.dynamodb;

import org.jspecify.annotations.NullMarked;
