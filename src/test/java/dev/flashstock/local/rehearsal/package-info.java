/** Tests of the load generator, most of them in virtual time. */
@NullMarked
package dev.flashstock.local.rehearsal;

import org.jspecify.annotations.NullMarked;
