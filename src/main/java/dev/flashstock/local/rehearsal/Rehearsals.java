package dev.flashstock.local.rehearsal;

import static dev.flashstock.local.rehearsal.RehearsalView.State.DONE;
import static dev.flashstock.local.rehearsal.RehearsalView.State.FAILED;
import static dev.flashstock.local.rehearsal.RehearsalView.State.RUNNING;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flashstock.local.Backend;
import dev.flashstock.local.Control;
import dev.flashstock.local.partitions.Limits;
import dev.flashstock.local.partitions.Throughput;
import io.quarkus.arc.profile.IfBuildProfile;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
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
import java.util.function.UnaryOperator;
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
    private static final Duration TELL_EVERY = Duration.ofMillis(500);
    private static final int SENDERS = 2;

    private final Control control = new Control();
    /** One for all rehearsals: a client that ends takes what still waits for a connection with it. */
    private final Optional<Counters> counters;

    private final String table;
    private final ExecutorService senders = Executors.newFixedThreadPool(SENDERS, Rehearsals::daemon);
    private final Map<String, Rehearsal> kept = new LinkedHashMap<>();
    private int begun;

    Rehearsals(
            @ConfigProperty(name = "quarkus.dynamodb.endpoint-override") Optional<URI> dynamoDb,
            @ConfigProperty(name = "flashstock.dynamodb.table") String table) {
        this.counters = dynamoDb.map(Counters::new);
        this.table = table;
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "rehearsal-senders");
        thread.setDaemon(true);
        return thread;
    }

    /** A live reload ends what is running; the limits that were there before come back. */
    @PreDestroy
    synchronized void close() {
        kept.values().forEach(it -> it.running.cancel());
        senders.shutdownNow();
        counters.ifPresent(Counters::close);
    }

    /** One rehearsal, as far as it is. */
    private static final class Rehearsal {
        private RehearsalView view;
        private Cancellable running = () -> {};

        Rehearsal(RehearsalView view) {
            this.view = view;
        }

        synchronized RehearsalView view() {
            return view;
        }

        /** Shows how far it is now; nothing comes after the end. */
        synchronized void show(UnaryOperator<RehearsalView> next) {
            if (view.state() == RUNNING) {
                view = next.apply(view);
            }
        }
    }

    /** Why a rehearsal cannot begin. */
    enum Refusal {
        /** Another one is running. */
        BUSY,
        /** There is no such product. */
        UNKNOWN_SKU,
        /** DynamoDB is not the embedded one. */
        NOT_EMBEDDED
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
        if (counters.isEmpty() || !control.has(Backend.DYNAMODB)) {
            return Uni.createFrom().item(refused.apply(Refusal.NOT_EMBEDDED));
        }
        Storefront storefront = new Storefront(api);
        return Uni.createFrom()
                .completionStage(() -> storefront.product(body.sku()))
                .map(product -> product.map(it ->
                                begin(body, storefront, it).map(begun).orElseGet(() -> refused.apply(Refusal.BUSY)))
                        .orElseGet(() -> refused.apply(Refusal.UNKNOWN_SKU)));
    }

    private synchronized Optional<RehearsalView> begin(RehearsalBody body, Storefront storefront, ObjectNode product) {
        if (kept.values().stream().anyMatch(it -> it.view().state() == RUNNING)) {
            return Optional.empty();
        }
        String id = Integer.toString(++begun);
        RehearsalView view = new RehearsalView(
                id,
                RUNNING,
                product.path("sku").asText(),
                body.design(),
                body.shoppers(),
                body.seconds(),
                body.writeUnitsOfAKey(),
                body.design() == Design.FLASHSTOCK ? "rehearsal-" + UUID.randomUUID() : null,
                null,
                null);
        Rehearsal rehearsal = new Rehearsal(view);
        kept.put(id, rehearsal);
        kept.keySet().stream().limit(Math.max(0, kept.size() - KEPT)).toList().forEach(kept::remove);
        rehearsal.running = Uni.createFrom()
                .deferred(() -> run(rehearsal, storefront, product))
                .subscribe()
                .with(end -> rehearsal.show(before -> end), failure -> failed(rehearsal, failure));
        return Optional.of(view);
    }

    private Uni<RehearsalView> run(Rehearsal rehearsal, Storefront storefront, ObjectNode product) {
        RehearsalView view = rehearsal.view();
        String copy = view.rehearsedAs();
        int shards = product.path("shards").asInt();
        Uni<Void> prepared = Uni.createFrom()
                .completionStage(() -> copy == null
                        ? counters.orElseThrow().prepare()
                        : storefront.stockCopy(product, copy, shards, view.shoppers()));
        Uni<RehearsalView> end = prepared.chain(() -> sellWithinLimits(rehearsal, storefront));
        return copy == null
                ? end
                : end.call(() -> Uni.createFrom().completionStage(() -> storefront.endCopy(product, copy, shards)));
    }

    /** Whatever limits the table has had come back at the end, however it ends. */
    private Uni<RehearsalView> sellWithinLimits(Rehearsal rehearsal, Storefront storefront) {
        RehearsalView view = rehearsal.view();
        String limited = view.rehearsedAs() == null ? Counters.TABLE : table;
        Limits limits = Limits.everyKey(view.writeUnits(), view.writeUnits() * READS_FOR_A_WRITE);
        return control.limits(limited)
                .chain(before -> control.limit(limited, limits)
                        .chain(() -> Uni.createFrom().completionStage(() -> sell(rehearsal, storefront, limited)))
                        .chain(figures -> control.unlimit(limited)
                                .chain(throughput -> sold(view, storefront, figures)
                                        .map(sold -> with(view, DONE, figures, sold, throughput))))
                        .onTermination()
                        .call(() -> before.map(it -> control.limit(limited, it))
                                .orElseGet(() -> control.unlimit(limited).replaceWithVoid())));
    }

    private IntFunction<CompletionStage<Answer>> shoppers(RehearsalView view, Storefront storefront) {
        return switch (view.design()) {
            case ONE_KEY -> counters.orElseThrow().shoppers(view.sku(), 1);
            case SUFFIXES -> counters.orElseThrow().shoppers(view.sku(), SUFFIXES);
            case FLASHSTOCK -> storefront.waitingShoppers(String.valueOf(view.rehearsedAs()));
        };
    }

    private CompletableFuture<Figures> sell(Rehearsal rehearsal, Storefront storefront, String limited) {
        RehearsalView view = rehearsal.view();
        Plan plan = new Plan(view.shoppers(), Duration.ofSeconds(view.seconds()), DRAIN, 1);
        return new OpenLoop(senders)
                .run(
                        plan,
                        shoppers(view, storefront),
                        figures -> control.throughput(limited)
                                .subscribe()
                                .with(
                                        throughput -> rehearsal.show(
                                                it -> with(it, RUNNING, figures, figures.accepted(), throughput)),
                                        failure -> LOG.warn("The wires do not say what was spent", failure)));
    }

    private static Uni<Long> sold(RehearsalView view, Storefront storefront, Figures figures) {
        String copy = view.rehearsedAs();
        return copy == null
                ? Uni.createFrom().item(figures.accepted())
                : Uni.createFrom().completionStage(() -> storefront.left(copy)).map(left -> view.shoppers() - left);
    }

    private static RehearsalView with(
            RehearsalView view, RehearsalView.State state, Figures figures, long sold, Throughput throughput) {
        return view(view, state, null, RehearsalView.FiguresView.of(figures, sold, throughput));
    }

    private static void failed(Rehearsal rehearsal, Throwable failure) {
        LOG.error("A rehearsal failed", failure);
        rehearsal.show(it -> view(it, FAILED, String.valueOf(failure.getMessage()), it.figures()));
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
        kept.values().forEach(it -> views.add(0, it.view()));
        return views;
    }

    /** A rehearsal; empty if it is not kept. */
    synchronized Optional<RehearsalView> find(String id) {
        return Optional.ofNullable(kept.get(id)).map(Rehearsal::view);
    }

    /** A rehearsal as it goes on, from now to its end; empty if it is not kept. */
    synchronized Optional<Multi<RehearsalView>> follow(String id) {
        return Optional.ofNullable(kept.get(id))
                .map(it -> Multi.createBy()
                        .concatenating()
                        .streams(
                                Multi.createFrom().item(it::view),
                                Multi.createFrom()
                                        .deferred(() -> it.view().state() == RUNNING
                                                ? later(it)
                                                : Multi.createFrom().empty())));
    }

    private static Multi<RehearsalView> later(Rehearsal rehearsal) {
        Uni<RehearsalView> next =
                Uni.createFrom().voidItem().onItem().delayIt().by(TELL_EVERY).map(x -> rehearsal.view());
        return Multi.createBy().repeating().uni(() -> next).whilst(view -> view.state() == RUNNING);
    }
}
