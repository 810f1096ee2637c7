/** The page for those who watch a sale, and its stream of events. */
@NullMarked
package dev.flashstock.dashboard;

import org.jspecify.annotations.NullMarked;
