package dev.flashstock.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files of the Terraform module that are JSON, and as much of Terraform's language as they use. */
final class Terraform {
    static final Path MODULE = Path.of("deploy/aws/terraform");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern VARIABLE = Pattern.compile("(?ms)^variable \"(\\w+)\" \\{$(.*?)^}$");
    private static final Pattern DEFAULT = Pattern.compile("(?m)^  default\\s+= \"?([^\"\n]*)\"?$");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}]+)}");

    private final Map<String, String> known = new HashMap<>();

    /** Knows the variables by their defaults. */
    Terraform() {
        for (MatchResult variable :
                VARIABLE.matcher(text("variables.tf")).results().toList()) {
            Matcher value = DEFAULT.matcher(variable.group(2));
            if (value.find()) {
                known.put("var." + variable.group(1), value.group(1));
            }
        }
    }

    /** Knows what an expression is, such as {@code var.table}, and not what it was. */
    Terraform with(String expression, String value) {
        known.put(expression, value);
        return this;
    }

    /** A template with what its references stand for; one that is not known is an error. */
    String resolve(JsonNode template) {
        return REFERENCE.matcher(template.asText()).replaceAll(reference -> {
            String value = known.get(reference.group(1));
            if (value == null) {
                throw new IllegalArgumentException("What is " + reference.group() + "?");
            }
            return Matcher.quoteReplacement(value);
        });
    }

    static JsonNode json(String file) {
        try {
            return JSON.readTree(text(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(String file) {
        try {
            return Files.readString(MODULE.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
