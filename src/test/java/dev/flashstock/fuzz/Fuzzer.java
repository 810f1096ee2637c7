package dev.flashstock.fuzz;

import dev.flashstock.fuzz.ApiContract.Operation;
import dev.flashstock.fuzz.ApiContract.Parameter;
import dev.flashstock.fuzz.Wire.Reply;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Tries one operation: sound requests, each changed in a way or in several at once, by each role. */
final class Fuzzer {
    private static final Logger LOG = Logger.getLogger(Fuzzer.class);
    private static final List<String> ROLES = List.of("shopper", "service", "operator", "admin");
    private static final double AS_SOMEBODY_ELSE = 0.1;
    private static final double SEVERAL_AT_ONCE = 0.25;
    private static final int MOST_AT_ONCE = 4;

    private final Operation operation;
    private final Ground ground;
    private final Wire wire;
    private final Tokens tokens;
    private final Random random;
    private final Bodies bodies;
    private final List<String> failures = new ArrayList<>();

    Fuzzer(Operation operation, Ground ground, Wire wire, Tokens tokens, Random random, Bodies bodies) {
        this.operation = operation;
        this.ground = ground;
        this.wire = wire;
        this.tokens = tokens;
        this.random = random;
        this.bodies = bodies;
    }

    /**
     * Sends so many requests.
     *
     * @return what was wrong with their answers, each with its request
     */
    List<String> run(int requests) throws IOException {
        for (String role : ROLES) {
            send(sound(role));
        }
        List<Consumer<Draft>> changes = Changes.of(operation, bodies);
        Collections.shuffle(changes, random);
        for (int i = 0; i < requests - ROLES.size(); i++) {
            Draft draft = sound(role());
            changes.get(i % changes.size()).accept(draft);
            if (random.nextDouble() < SEVERAL_AT_ONCE) {
                for (int more = random.nextInt(MOST_AT_ONCE); more > 0; more--) {
                    changes.get(random.nextInt(changes.size())).accept(draft);
                }
            }
            send(draft);
        }
        return failures;
    }

    private String role() {
        List<String> allowed =
                operation.roles().isEmpty() || random.nextDouble() < AS_SOMEBODY_ELSE ? ROLES : operation.roles();
        return allowed.get(random.nextInt(allowed.size()));
    }

    /** A request that should be accepted, unless the role may not. */
    private Draft sound(String role) {
        String user = ground.known().get("user");
        boolean isUser = role.equals("shopper");
        Draft draft = new Draft(operation.method(), operation.path())
                .header("Host", "shop")
                .header("Authorization", "Bearer " + tokens.of(isUser ? user : "boss", role));
        if (role.equals("service")) {
            draft.header("X-User", user);
        }
        operation.parameters().forEach(it -> add(draft, it));
        if (!operation.bodies().isEmpty()) {
            draft.header("Content-Type", operation.bodies().keySet().iterator().next())
                    .body(Bodies.json(bodies.sound()));
        } else if (!operation.method().equals("GET")) {
            draft.body("");
        }
        return draft;
    }

    private void add(Draft draft, Parameter parameter) {
        String name = parameter.name();
        if (name.equals("Idempotency-Key")) {
            draft.header(name, "key-" + UUID.randomUUID());
        } else if (parameter.required()) {
            String value = ground.known().getOrDefault(name, Bounds.sound(parameter.schema()));
            switch (parameter.in()) {
                case "path" -> draft.path(name, value);
                case "query" -> draft.query(name, value);
                default -> draft.header(name, value);
            }
        }
    }

    private void send(Draft draft) throws IOException {
        try {
            Optional<Reply> reply = wire.send(draft);
            Verdict.of(operation, draft, reply).forEach(it -> fail(it, draft, reply));
            if (draft.isMalformed()) {
                wire.close();
            }
            ground.changedBy(draft, reply).ifPresent(it -> fail(it, draft, reply));
        } catch (SocketTimeoutException e) {
            fail("It has no answer in time", draft, Optional.empty());
        }
    }

    private void fail(String complaint, Draft draft, Optional<Reply> reply) {
        String failure = operation.id() + ": " + complaint + "\n    " + draft + "\n    "
                + reply.map(it -> it.status() + " " + it.contentType() + " " + cut(it.text()))
                        .orElse("no answer");
        LOG.warn(failure);
        failures.add(failure);
    }

    private static String cut(String text) {
        return text.length() > 400 ? text.substring(0, 400) + "..." : text;
    }
}
