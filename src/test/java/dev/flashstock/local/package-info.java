/** Tests of the embedded backends and of the identity of dev mode and tests. */
@NullMarked
package dev.flashstock.local;

import org.jspecify.annotations.NullMarked;
