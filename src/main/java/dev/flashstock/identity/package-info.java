/** Who calls: bearer tokens, verified with the keys of the identity provider. */
@NullMarked
package dev.flashstock.identity;

import org.jspecify.annotations.NullMarked;
