package dev.flashstock.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.flashstock.fuzz.ApiContract.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * All operations of a contract, tried on a service. Which requests are sent follows from a seed: {@code -Dfuzz.seed} sends
 * those of an earlier run, {@code -Dfuzz.operation} of one operation only, {@code -Dfuzz.requests} so many to each.
 */
public final class FuzzRun {
    private static final Logger LOG = Logger.getLogger(FuzzRun.class);
    private static final int SIDE_BY_SIDE = 3;
    private static final int SHOWN = 20;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final long seed = Long.getLong("fuzz.seed", System.nanoTime());
    private final int requests = Integer.getInteger("fuzz.requests", 130);
    private final String only = System.getProperty("fuzz.operation", "");
    private final URI server;
    private final Tokens tokens;
    private final String table;

    /**
     * A run.
     *
     * @param server where the service is
     * @param tokens makes tokens that it believes
     * @param table the name of its table
     */
    public FuzzRun(URI server, Tokens tokens, String table) {
        this.server = server;
        this.tokens = tokens;
        this.table = table;
    }

    /** Fails with the requests whose answers are not as the contract says, and the seed. */
    public void of(String openApi) throws InterruptedException, ExecutionException {
        ApiContract contract = new ApiContract(openApi);
        List<Operation> operations = contract.operations().stream()
                .filter(it -> only.isEmpty() || it.id().equals(only))
                .toList();
        LOG.infof(
                "Fuzzing operations=%d requests=%d fuzz.seed=%d",
                operations.size(), operations.size() * requests, seed);
        ExecutorService threads = Executors.newFixedThreadPool(SIDE_BY_SIDE);
        try {
            List<Callable<List<String>>> tries = operations.stream()
                    .<Callable<List<String>>>map(it -> () -> tried(contract, it))
                    .toList();
            List<String> failures =
                    threads.invokeAll(tries).stream().flatMap(FuzzRun::result).toList();
            assertThat(failures.stream().limit(SHOWN))
                    .as("%d answers that the contract does not promise, with -Dfuzz.seed=%d", failures.size(), seed)
                    .isEmpty();
        } finally {
            threads.shutdownNow();
        }
    }

    private static Stream<String> result(Future<List<String>> tried) {
        try {
            return tried.get().stream();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> tried(ApiContract contract, Operation operation) throws IOException {
        try (Wire wire = new Wire(server)) {
            Tokens known = tokens.remembered();
            Ground ground = new Ground(operation, wire, known, table);
            Bodies bodies = new Bodies(
                    operation.bodies().values().stream().findFirst().orElse(MissingNode.getInstance()),
                    contract::resolved,
                    ground.known());
            Random random = new Random(seed ^ operation.id().hashCode());
            List<String> failures = new Fuzzer(operation, ground, wire, known, random, bodies).run(requests);
            settle(operation, ground);
            return failures;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** What was refused has taken nothing, and the books agree. */
    private static void settle(Operation operation, Ground ground) {
        if (operation.id().equals("reserve")) {
            await("stock is what the accepted requests have left")
                    .atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(ground.available()).isBetween(ground.fewestLeft(), ground.mostLeft()));
        }
        if (ground.audit().isPresent()) {
            await(operation.id() + " is about to be audited").atMost(PATIENCE).until(ground::startsAudit);
            JsonNode audit = await(operation.id() + " is audited")
                    .atMost(PATIENCE)
                    .until(
                            () -> ground.audit().orElseThrow(),
                            it -> it.path("state").asText().equals("DONE"));
            assertThat(audit.path("difference").asLong()).as(audit.toString()).isZero();
        }
    }
}
