/** What flashstock does, and the ports it needs: the catalogue, the stock, and reservations on their way from request to hold. */
@NullMarked
package dev.flashstock.inventory;

import org.jspecify.annotations.NullMarked;
