/** Wires the use cases to the adapters, and checks at the start that all they need is there. */
@NullMarked
package dev.flashstock.app;

import org.jspecify.annotations.NullMarked;
