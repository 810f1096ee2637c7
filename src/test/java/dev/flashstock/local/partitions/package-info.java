/** The partition proxy, seen from the SDK's client. */
@NullMarked
package dev.flashstock.local.partitions;

import org.jspecify.annotations.NullMarked;
