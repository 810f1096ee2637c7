/** Each fault, seen from a real client. */
@NullMarked
package dev.flashstock.local.faults;

import org.jspecify.annotations.NullMarked;
