/** Sends what no caller should: requests made from the contract, each wrong in some way, to a service that runs somewhere. */
@NullMarked
package dev.flashstock.fuzz;

import org.jspecify.annotations.NullMarked;
