/** The values that everything else speaks in, and the outcomes of asking for something. */
@NullMarked
package dev.flashstock.stock;

import org.jspecify.annotations.NullMarked;
