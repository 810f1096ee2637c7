package dev.flashstock.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flashstock.fuzz.ApiContract.Operation;
import dev.flashstock.fuzz.Wire.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Whether an answer is one that the contract promises. */
final class Verdict {
    /** What HTTP itself may say to what is no HTTP, without a document. */
    private static final Set<Integer> OF_HTTP = Set.of(400, 404, 405, 411, 413, 414, 417, 426, 431, 501, 505);

    /** What there is where no operation is: another operation, or none. */
    private static final Set<Integer> OF_ELSEWHERE =
            Set.of(200, 201, 202, 204, 304, 400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422);

    private static final String PROBLEM = "application/problem+json";
    private static final Pattern TRACE = Pattern.compile("\tat |Exception|java\\.lang\\.|io\\.quarkus|com\\.fasterxml");
    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Operation operation;
    private final Draft request;
    private final Reply reply;
    private final List<String> complaints = new ArrayList<>();

    private Verdict(Operation operation, Draft request, Reply reply) {
        this.operation = operation;
        this.request = request;
        this.reply = reply;
    }

    /** What is wrong with an answer, or with none; nothing: all is well. */
    static List<String> of(Operation operation, Draft request, Optional<Reply> reply) {
        if (reply.isEmpty()) {
            return request.isMalformed() ? List.of() : List.of("The connection was closed without an answer");
        }
        Verdict verdict = new Verdict(operation, request, reply.get());
        verdict.judge();
        return verdict.complaints;
    }

    private void judge() {
        int status = reply.status();
        boolean refusedByHttp = request.isMalformed() && OF_HTTP.contains(status) && !isProblem();
        if (status >= 500 && !refusedByHttp && !isBusyAuditing()) {
            complaints.add("It is an error of the service");
        } else if (!isAllowed(status)) {
            complaints.add("The contract has no such status, only " + operation.statuses());
        }
        headers();
        if (TRACE.matcher(reply.text()).find()) {
            complaints.add("It tells of the inside");
        }
        if (!refusedByHttp && !request.isHead()) {
            body();
        }
    }

    /** A process has few audits under way, and others are begun beside this one. */
    private boolean isBusyAuditing() {
        return operation.id().endsWith("Audit")
                && reply.status() == 503
                && reply.header("Retry-After").isPresent();
    }

    private boolean isAllowed(int status) {
        return operation.statuses().contains(status)
                || request.isElsewhere() && OF_ELSEWHERE.contains(status)
                || request.isMalformed() && (OF_HTTP.contains(status) || OF_ELSEWHERE.contains(status));
    }

    private void headers() {
        for (String header : reply.headers()) {
            if (header.chars().anyMatch(c -> c < ' ' && c != '\t' || c == 0x7F) || header.startsWith("X-Injected")) {
                complaints.add("It has a header with what the request said");
            }
        }
    }

    private boolean isProblem() {
        return reply.contentType().startsWith(PROBLEM);
    }

    private void body() {
        if (reply.status() >= 400) {
            problem();
        } else if (reply.contentType().startsWith("application/json")) {
            read(reply.text());
        } else if (reply.contentType().startsWith("application/x-ndjson")) {
            reply.text().lines().forEach(this::read);
        }
    }

    private void problem() {
        if (!isProblem()) {
            complaints.add("It has no problem document, but: " + reply.contentType());
            return;
        }
        read(reply.text()).ifPresent(document -> {
            if (document.path("status").asInt() != reply.status()
                    || !document.path("type").asText().startsWith("https://flashstock.dev/problems/")
                    || document.path("title").asText().isEmpty()
                    || document.path("detail").asText().isEmpty()) {
                complaints.add("Its document does not say type, title, status and detail");
            }
        });
        if (reply.header("X-Request-Id").isEmpty()) {
            complaints.add("It has no X-Request-Id");
        }
    }

    private Optional<JsonNode> read(String json) {
        try {
            return Optional.of(MAPPER.readTree(json));
        } catch (JsonProcessingException e) {
            complaints.add("It has a body that is no JSON");
            return Optional.empty();
        }
    }
}
