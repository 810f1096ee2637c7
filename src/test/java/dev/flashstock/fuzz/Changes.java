package dev.flashstock.fuzz;

import dev.flashstock.fuzz.ApiContract.Operation;
import dev.flashstock.fuzz.ApiContract.Parameter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The ways in which a sound request for an operation is made wrong, each on its own. */
final class Changes {
    private static final String NDJSON = "application/x-ndjson";
    private static final String CSV = "text/csv";

    private final Operation operation;
    private final Bodies bodies;
    private final List<Consumer<Draft>> all = new ArrayList<>();

    private Changes(Operation operation, Bodies bodies) {
        this.operation = operation;
        this.bodies = bodies;
    }

    static List<Consumer<Draft>> of(Operation operation, Bodies bodies) {
        Changes changes = new Changes(operation, bodies);
        operation.parameters().forEach(changes::parameter);
        if (!operation.bodies().isEmpty()) {
            bodies.fields().forEach(changes::field);
            changes.wholeBodies();
        }
        changes.all.addAll(HttpChanges.of(operation));
        return changes.all;
    }

    private void parameter(Parameter parameter) {
        String name = parameter.name();
        switch (parameter.in()) {
            case "path" -> {
                urlValues(parameter)
                        .forEach(it -> all.add(draft -> draft.path(name, it).elsewhere()));
                Nasty.brokenUrlValues()
                        .forEach(it -> all.add(
                                draft -> draft.path(name, it).elsewhere().malformed()));
            }
            case "query" -> {
                urlValues(parameter)
                        .forEach(it -> all.add(draft -> draft.withoutQuery(name).query(name, it)));
                Nasty.brokenUrlValues()
                        .forEach(it -> all.add(draft ->
                                draft.withoutQuery(name).query(name, it).malformed()));
                all.add(draft -> draft.withoutQuery(name));
                all.add(draft -> draft.query(name, "a").query(name, "b"));
                all.add(draft -> manyTimes(draft, name));
            }
            default -> {
                Stream.concat(Nasty.headerValues().stream(), Bounds.of(parameter.schema()).stream())
                        .forEach(it -> all.add(draft -> header(draft, name, it)));
                all.add(draft -> draft.withoutHeader(name));
                all.add(draft -> draft.anotherHeader(name, "a").anotherHeader(name, "b"));
            }
        }
    }

    private static List<String> urlValues(Parameter parameter) {
        return Stream.concat(
                        Nasty.urlValues().stream(),
                        Bounds.of(parameter.schema()).stream().map(Nasty::encoded))
                .toList();
    }

    private static void manyTimes(Draft draft, String name) {
        for (int i = 0; i < 500; i++) {
            draft.query(name, "a" + i);
        }
    }

    private static void header(Draft draft, String name, String value) {
        draft.header(name, value);
        if (Nasty.breaksAHeader(value)) {
            draft.malformed();
        }
    }

    // Bodies

    private void field(String name) {
        for (String value : bodies.values(name)) {
            all.add(draft -> {
                Map<String, String> fields = bodies.sound();
                fields.put(name, value);
                write(draft, Bodies.json(fields));
            });
        }
        all.add(draft -> {
            Map<String, String> fields = bodies.sound();
            fields.remove(name);
            write(draft, Bodies.json(fields));
        });
        all.add(draft -> {
            String sound = Bodies.json(bodies.sound());
            write(draft, "{" + Nasty.quoted(name) + ":" + bodies.sound(name) + "," + sound.substring(1));
        });
        all.add(draft -> {
            Map<String, String> fields = bodies.sound();
            bodies.fields().forEach(field -> fields.put(field, bodies.sound(field)));
            fields.put(name, "null");
            write(draft, Bodies.json(fields));
        });
    }

    private void wholeBodies() {
        String sound = Bodies.json(bodies.sound());
        Nasty.bodies(sound).forEach(it -> all.add(draft -> draft.body(it)));
        for (String unknown : List.of("unknown", "", "__proto__", "class", "@type", "Delta", "a.b", "\uD83D\uDE00")) {
            all.add(draft -> {
                Map<String, String> fields = bodies.sound();
                fields.put(unknown, "1");
                write(draft, Bodies.json(fields));
            });
        }
        if (operation.bodies().containsKey(CSV)) {
            lines(sound);
        }
    }

    /** Files: each line may be wrong on its own. */
    private void lines(String sound) {
        for (byte[] line : Nasty.bodies(sound)) {
            String text = new String(line, StandardCharsets.UTF_8);
            all.add(draft -> draft.header("Content-Type", NDJSON).body(sound + "\n" + text + "\n" + sound));
            all.add(draft -> draft.header("Content-Type", CSV).body("sku,delta,reason\n" + text));
        }
        for (String value : Nasty.strings()) {
            all.add(draft ->
                    draft.header("Content-Type", CSV).body("sku,delta,reason,key\n" + value + ",1,DELIVERY,a"));
            all.add(draft -> draft.header("Content-Type", CSV).body("sku,delta,reason\na,1," + value));
            all.add(draft -> draft.header("Content-Type", CSV).body(value + "\na,1,DELIVERY"));
        }
    }

    private static void write(Draft draft, String json) {
        draft.body(json);
    }
}
