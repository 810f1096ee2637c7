package dev.flashstock.dashboard;

import static dev.flashstock.api.DiagnosisView.rounded;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.flashstock.api.DiagnosisView;
import dev.flashstock.heat.ClusterHeat;
import dev.flashstock.heat.Diagnosis;
import dev.flashstock.inventory.Catalogue;
import dev.flashstock.inventory.Pods;
import dev.flashstock.inventory.Stock;
import dev.flashstock.stock.Product;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.StockLevel;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.UniEmitter;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What there was to see, second by second. The last minutes are kept, so that who has lost the connection for a while is told
 * what it has missed. While nobody looks, nothing is collected.
 */
@Singleton
class Moments {
    /** From one to the next. */
    static final Duration INTERVAL = Duration.ofSeconds(1);

    /** So many are kept. */
    static final int KEPT = 300;

    /** The most products that are shown: of those that are listed, what sells fastest. */
    static final int PRODUCTS = 20;

    /** The most products that are looked at. */
    private static final int LISTED = 100;

    /** For how long it is remembered which products are on sale. */
    private static final Duration LISTED_FOR = Duration.ofSeconds(5);

    /** How long what is left is waited for: whoever looks is told at least that it is not known. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Logger LOG = Logger.getLogger(Moments.class);

    private final Catalogue catalogue;
    private final Stock stock;
    private final ClusterHeat heat;
    private final Pods pods;
    private final InstantSource clock;
    private final Meters meters;
    private final Cache<Sku, BurnDown> burnDowns =
            Caffeine.newBuilder().maximumSize(2 * LISTED).build();
    private volatile List<Product> listed = List.of();
    private volatile Instant listedUntil = Instant.MIN;
    private volatile @Nullable DiagnosisView diagnosis;

    // Guarded by this.
    private final Deque<Moment> kept = new ArrayDeque<>();
    private final Set<UniEmitter<? super Void>> waiting = new HashSet<>();
    private Instant lookedAt = Instant.MIN;
    private @Nullable Cancellable ticking;

    Moments(Catalogue catalogue, Stock stock, ClusterHeat heat, Pods pods, InstantSource clock, MeterRegistry metrics) {
        this.catalogue = catalogue;
        this.stock = stock;
        this.heat = heat;
        this.pods = pods;
        this.clock = clock;
        this.meters = new Meters(metrics, System.nanoTime());
    }

    /** After the start-up's checks, which say in one line what is missing: the table's client would say it otherwise. */
    void start(@Observes @Priority(Interceptor.Priority.LIBRARY_AFTER) StartupEvent event) {
        ticking = Multi.createFrom()
                .ticks()
                .every(INTERVAL)
                .onOverflow()
                .drop()
                .select()
                .where(tick -> isLookedAt())
                .onItem()
                .transformToUniAndConcatenate(tick -> take().onFailure().recoverWithItem(this::missed))
                .subscribe()
                .with(this::keep);
    }

    /** There is a gap; the next one may be seen again. */
    private @Nullable Moment missed(Throwable failure) {
        LOG.warn("A moment was not seen", failure);
        return null;
    }

    void stop(@Observes ShutdownEvent event) {
        if (ticking != null) {
            ticking.cancel();
        }
    }

    /**
     * What there was to see.
     *
     * @param known since when; what happened before is known
     * @return what is kept of it, in its order; when there is nothing yet, as soon as there is
     */
    Uni<List<Moment>> after(Instant known) {
        // Another process's clock may be ahead, or this one's was set back.
        Instant since = known.isAfter(clock.instant()) ? Instant.EPOCH : known;
        return Uni.createFrom()
                .<Void>emitter(looker -> enter(since, looker))
                .map(now -> since(since))
                .chain(moments ->
                        moments.isEmpty() ? after(since) : Uni.createFrom().item(moments));
    }

    /** What ails the table, as of the last moment: there is one. */
    DiagnosisView diagnosis() {
        return Objects.requireNonNull(diagnosis);
    }

    private synchronized void enter(Instant known, UniEmitter<? super Void> looker) {
        lookedAt = clock.instant();
        if (since(known).isEmpty()) {
            waiting.add(looker);
            looker.onTermination(() -> leave(looker));
        } else {
            looker.complete(null);
        }
    }

    private synchronized void leave(UniEmitter<? super Void> looker) {
        waiting.remove(looker);
    }

    private synchronized List<Moment> since(Instant known) {
        Instant now = clock.instant();
        Instant oldest = now.minus(INTERVAL.multipliedBy(KEPT));
        return kept.stream()
                .filter(it -> it.at().isAfter(known)
                        && it.at().isAfter(oldest)
                        && !it.at().isAfter(now))
                .toList();
    }

    private synchronized boolean isLookedAt() {
        return !waiting.isEmpty() || lookedAt.plus(INTERVAL.multipliedBy(KEPT)).isAfter(clock.instant());
    }

    private void keep(Moment moment) {
        List<UniEmitter<? super Void>> told;
        synchronized (this) {
            Moment last = kept.peekLast();
            if (last != null && last.at().isAfter(moment.at())) {
                kept.clear(); // the clock was set back
            }
            kept.addLast(moment);
            if (kept.size() > KEPT) {
                kept.removeFirst();
            }
            if (!waiting.isEmpty()) {
                lookedAt = moment.at();
            }
            told = List.copyOf(waiting);
            waiting.clear();
        }
        told.forEach(it -> it.complete(null));
    }

    // One moment

    private Uni<Moment> take() {
        return products()
                .chain(this::levels)
                .map(Optional::of)
                .ifNoItem()
                .after(PATIENCE)
                .recoverWithItem(Optional.empty())
                .onFailure()
                .recoverWithItem(this::unreadable)
                .map(this::moment);
    }

    private Uni<List<Product>> products() {
        Instant now = clock.instant();
        return now.isBefore(listedUntil)
                ? Uni.createFrom().item(listed)
                : catalogue
                        .list(Product.Status.ON_SALE, null, LISTED)
                        .invoke(found -> {
                            listed = found;
                            listedUntil = now.plus(LISTED_FOR);
                        })
                        .onFailure(failure -> listedUntil.isAfter(Instant.MIN))
                        .recoverWithItem(() -> listed);
    }

    private Uni<Map<Product, StockLevel>> levels(List<Product> listed) {
        return stock.levels(listed.stream().map(Product::sku).collect(Collectors.toSet()))
                .map(levels -> {
                    Map<Product, StockLevel> known = new HashMap<>();
                    for (Product product : listed) {
                        Optional.ofNullable(levels.get(product.sku())).ifPresent(level -> known.put(product, level));
                    }
                    return known;
                });
    }

    private Optional<Map<Product, StockLevel>> unreadable(Throwable failure) {
        LOG.debugf("The page does not show what is left for now error=%s", failure);
        return Optional.empty();
    }

    private Moment moment(Optional<Map<Product, StockLevel>> levels) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS); // as an event's id has it
        meters.begin(System.nanoTime());
        Diagnosis ailing = heat.diagnosis();
        diagnosis = DiagnosisView.of(ailing, pods.living().size());
        Map<String, Double> decided = meters.perSecond("flashstock.queued.requests", "outcome");
        return new Moment(
                now,
                pods.living().size(),
                levels.map(known -> left(known, now)).orElse(null),
                heat.shards().stream()
                        .map(it -> new Moment.Shard(
                                it.sku().value(),
                                it.shard(),
                                rounded(it.writeUnitsPerSecond()),
                                rounded(it.throttledPerSecond())))
                        .toList(),
                DiagnosisView.byReason(ailing.load()),
                new Moment.Queue(
                        meters.gauge("flashstock.queue.messages", "queue", "requests"),
                        meters.gauge("flashstock.queue.messages", "queue", "dead"),
                        decided.values().stream().mapToDouble(it -> it).sum(),
                        meters.mean("flashstock.queue.wait")),
                meters.perSecond("flashstock.reservation.requests", "outcome"),
                meters.latencies("flashstock.reservation.time"),
                meters.perSecond("flashstock.stock.reads", "source"));
    }

    private List<Moment.Left> left(Map<Product, StockLevel> levels, Instant now) {
        return levels.entrySet().stream()
                .map(it -> left(it.getKey(), it.getValue(), now))
                .sorted(Comparator.comparingDouble(Moment.Left::soldPerSecond)
                        .reversed()
                        .thenComparing(Moment.Left::sku))
                .limit(PRODUCTS)
                .sorted(Comparator.comparing(Moment.Left::sku))
                .toList();
    }

    private Moment.Left left(Product product, StockLevel level, Instant now) {
        BurnDown burnDown = burnDowns.get(product.sku(), sku -> new BurnDown());
        burnDown.add(now, level.available());
        Double secondsLeft = burnDown.secondsLeft();
        return new Moment.Left(
                product.sku().value(),
                product.name(),
                level.available(),
                rounded(burnDown.perSecond()),
                secondsLeft == null ? null : rounded(secondsLeft));
    }
}
