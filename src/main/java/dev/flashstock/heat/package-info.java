/** What a partition bears, and how many a load needs; nothing but arithmetic. */
@NullMarked
package dev.flashstock.heat;

import org.jspecify.annotations.NullMarked;
