package dev.flashstock.fuzz;

import java.util.HashMap;
import java.util.Map;

/** Makes bearer tokens that the service believes. */
@FunctionalInterface
public interface Tokens {
    /** A token of somebody with a role. */
    String of(String subject, String role);

    /** The same, each made once: for no longer than a token lives, and one thread. */
    default Tokens remembered() {
        Map<String, String> made = new HashMap<>();
        return (subject, role) -> made.computeIfAbsent(subject + " " + role, it -> of(subject, role));
    }
}
