/** Load for the service under rehearsal, and what became of it: dev mode and tests only. */
@NullMarked
package dev.flashstock.local.rehearsal;

import org.jspecify.annotations.NullMarked;
