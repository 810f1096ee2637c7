/** Wires to the embedded backends on which things go wrong as they do in production, when they are told to. */
@NullMarked
package dev.flashstock.local.faults;

import org.jspecify.annotations.NullMarked;
