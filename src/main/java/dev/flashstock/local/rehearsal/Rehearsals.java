package dev.flashstock.local.rehearsal;

import static dev.flashstock.local.rehearsal.RehearsalView.State.DONE;
import static dev.flashstock.local.rehearsal.RehearsalView.State.FAILED;
import static dev.flashstock.local.rehearsal.RehearsalView.State.RUNNING;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flashstock.local.Control;
import dev.flashstock.local.partitions.Limits;
import dev.flashstock.local.partitions.Throughput;
import io.quarkus.arc.profile.IfBuildProfile;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.operators.multi.processors.BroadcastProcessor;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Flash sales with invented shoppers against partitions with small limits, one at a time; the last ones are kept. */
@ApplicationScoped
@IfBuildProfile(anyOf = {"dev", "test"})
public class Rehearsals {
    /** The most rehearsals that are kept. */
    static final int KEPT = 20;

    private static final Logger LOG = Logger.getLogger(Rehearsals.class);

    /** How many keys the usual cure uses. */
    private static final int SUFFIXES = 10;

    /** Read units for each write unit, as DynamoDB's partitions have them. */
    private static final double READS_FOR_A_WRITE = Limits.READ_UNITS / Limits.WRITE_UNITS;

    private static final Duration DRAIN = Duration.ofSeconds(Storefront.WAIT_SECONDS + 5);
    private static final int SENDERS = 2;

    private final Control control;
    private final URI dynamoDb;
    private final String table;
    private final ExecutorService senders = Executors.newFixedThreadPool(SENDERS, Rehearsals::daemon);
    private int begun;
    private final Map<String, Rehearsal> kept = new LinkedHashMap<>();

    Rehearsals(
            @ConfigProperty(name = "flashstock.local.control") String control,
            @ConfigProperty(name = "quarkus.dynamodb.endpoint-override") URI dynamoDb,
            @ConfigProperty(name = "flashstock.dynamodb.table") String table) {
        this.control = new Control(control);
        this.dynamoDb = dynamoDb;
        this.table = table;
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "rehearsal-senders");
        thread.setDaemon(true);
        return thread;
    }

    @PreDestroy
    void close() {
        senders.shutdownNow();
    }

    /** One rehearsal, and who follows it. */
    private static final class Rehearsal {
        final BroadcastProcessor<RehearsalView> progress = BroadcastProcessor.create();
        volatile RehearsalView view;

        Rehearsal(RehearsalView view) {
            this.view = view;
        }

        void show(RehearsalView next) {
            view = next;
            progress.onNext(next);
            if (next.state() != RUNNING) {
                progress.onComplete();
            }
        }
    }

    /** Why a rehearsal cannot begin. */
    enum Refusal {
        /** Another one is running. */
        BUSY,
        /** There is no such product. */
        UNKNOWN_SKU
    }

    /**
     * Begins a rehearsal.
     *
     * @param body what is to be rehearsed
     * @param api where the API listens
     * @param refused makes an answer of a refusal
     * @param begun makes an answer of the rehearsal as it begins
     */
    <T> Uni<T> begin(RehearsalBody body, URI api, Function<Refusal, T> refused, Function<RehearsalView, T> begun) {
        Storefront storefront = new Storefront(api);
        return Uni.createFrom()
                .completionStage(() -> storefront.product(body.sku()))
                .map(product -> product.map(it ->
                                begin(body, storefront, it).map(begun).orElseGet(() -> refused.apply(Refusal.BUSY)))
                        .orElseGet(() -> refused.apply(Refusal.UNKNOWN_SKU)));
    }

    private synchronized Optional<RehearsalView> begin(RehearsalBody body, Storefront storefront, ObjectNode product) {
        if (kept.values().stream().anyMatch(it -> it.view.state() == RUNNING)) {
            return Optional.empty();
        }
        String id = Integer.toString(++begun);
        boolean flashstock = body.design() == Design.FLASHSTOCK;
        RehearsalView view = new RehearsalView(
                id,
                RUNNING,
                product.path("sku").asText(),
                body.design(),
                body.shoppers(),
                body.seconds(),
                body.writeUnitsOfAKey(),
                flashstock ? "rehearsal-" + UUID.randomUUID() : null,
                null,
                null);
        Rehearsal rehearsal = new Rehearsal(view);
        kept.put(id, rehearsal);
        kept.keySet().stream().limit(Math.max(0, kept.size() - KEPT)).toList().forEach(kept::remove);
        run(rehearsal, storefront, product);
        return Optional.of(view);
    }

    private void run(Rehearsal rehearsal, Storefront storefront, ObjectNode product) {
        RehearsalView view = rehearsal.view;
        String limited = view.rehearsedAs() == null ? Counters.TABLE : table;
        Limits limits = Limits.everyKey(view.writeUnits(), view.writeUnits() * READS_FOR_A_WRITE);
        Counters counters = new Counters(dynamoDb);
        CompletionStage<Void> prepared = view.rehearsedAs() == null
                ? counters.prepare()
                : storefront.stockCopy(
                        product, view.rehearsedAs(), product.path("shards").asInt(), view.shoppers());
        prepared.thenCompose(x -> control.limit(limited, limits).subscribeAsCompletionStage())
                .thenCompose(x -> sell(rehearsal, shoppers(view, storefront, counters), limited))
                .thenCompose(figures -> control.unlimit(limited)
                        .subscribeAsCompletionStage()
                        .thenCompose(throughput -> sold(view, storefront, figures)
                                .thenApply(sold -> with(view, DONE, figures, sold, throughput))))
                .exceptionally(failure -> failed(view, failure))
                .thenAccept(rehearsal::show)
                .whenComplete((x, failure) -> counters.close());
    }

    private static IntFunction<CompletionStage<Answer>> shoppers(
            RehearsalView view, Storefront storefront, Counters counters) {
        return switch (view.design()) {
            case ONE_KEY -> counters.shoppers(view.sku(), 1);
            case SUFFIXES -> counters.shoppers(view.sku(), SUFFIXES);
            case FLASHSTOCK -> storefront.waitingShoppers(String.valueOf(view.rehearsedAs()));
        };
    }

    private CompletableFuture<Figures> sell(
            Rehearsal rehearsal, IntFunction<CompletionStage<Answer>> shoppers, String limited) {
        RehearsalView view = rehearsal.view;
        Plan plan = new Plan(view.shoppers(), Duration.ofSeconds(view.seconds()), DRAIN, 1);
        return new OpenLoop(senders)
                .run(
                        plan,
                        shoppers,
                        figures -> control.throughput(limited)
                                .subscribe()
                                .with(
                                        throughput -> progress(rehearsal, figures, throughput),
                                        failure -> LOG.warn("The wires do not say what was spent", failure)));
    }

    private static CompletionStage<Long> sold(RehearsalView view, Storefront storefront, Figures figures) {
        return view.rehearsedAs() == null
                ? CompletableFuture.completedStage(figures.accepted())
                : storefront.left(view.rehearsedAs()).thenApply(left -> view.shoppers() - left);
    }

    private static void progress(Rehearsal rehearsal, Figures figures, Throughput throughput) {
        if (rehearsal.view.state() == RUNNING) {
            rehearsal.show(with(rehearsal.view, RUNNING, figures, figures.accepted(), throughput));
        }
    }

    private static RehearsalView with(
            RehearsalView view, RehearsalView.State state, Figures figures, long sold, Throughput throughput) {
        return view(view, state, null, RehearsalView.FiguresView.of(figures, sold, throughput));
    }

    private RehearsalView failed(RehearsalView view, Throwable failure) {
        LOG.error("A rehearsal failed", failure);
        return view(view, FAILED, String.valueOf(failure.getMessage()), view.figures());
    }

    private static RehearsalView view(
            RehearsalView view,
            RehearsalView.State state,
            @Nullable String error,
            RehearsalView.@Nullable FiguresView figures) {
        return new RehearsalView(
                view.id(),
                state,
                view.sku(),
                view.design(),
                view.shoppers(),
                view.seconds(),
                view.writeUnits(),
                view.rehearsedAs(),
                error,
                figures);
    }

    /** The rehearsals that are kept, the last one first. */
    synchronized List<RehearsalView> list() {
        List<RehearsalView> views = new ArrayList<>();
        kept.values().forEach(it -> views.add(0, it.view));
        return views;
    }

    /** A rehearsal; empty if it is not kept. */
    synchronized Optional<RehearsalView> find(String id) {
        return Optional.ofNullable(kept.get(id)).map(it -> it.view);
    }

    /** A rehearsal as it goes on, from now to its end; empty if it is not kept. */
    synchronized Optional<Multi<RehearsalView>> follow(String id) {
        return Optional.ofNullable(kept.get(id))
                .map(it -> it.view.state() == RUNNING
                        ? Multi.createBy()
                                .concatenating()
                                .streams(Multi.createFrom().item(it.view), it.progress)
                        : Multi.createFrom().item(it.view));
    }
}
