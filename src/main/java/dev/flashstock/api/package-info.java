/** The REST API: resources, what they read and write on the wire, and problem documents (RFC 9457). */
@NullMarked
package dev.flashstock.api;

import org.jspecify.annotations.NullMarked;
