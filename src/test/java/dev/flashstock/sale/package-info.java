/** Whole sales, through the API, on the embedded backends. */
@NullMarked
package dev.flashstock.sale;

import org.jspecify.annotations.NullMarked;
