/** Tests of the packaged application: its start, its shape, its backends. */
@NullMarked
package dev.flashstock.it;

import org.jspecify.annotations.NullMarked;
