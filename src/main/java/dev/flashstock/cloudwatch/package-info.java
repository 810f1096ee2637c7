/** What CloudWatch measures of tables. */
@NullMarked
package dev.flashstock.cloudwatch;

import org.jspecify.annotations.NullMarked;
