package dev.flashstock.local.partitions;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flashstock.local.faults.Gate.Answer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What one request costs the tables that have limits: charged before, settled when its real cost is known. */
final class Bill {
    /**
     * A charge on a table with limits.
     *
     * @param charge the charge
     * @param meter the table's buckets
     */
    private record Item(Charge charge, Meter meter) {}

    private final Operation operation;
    private final LongSupplier nanoTime;
    private final List<Item> items;

    Bill(Operation operation, Map<String, Meter> meters, LongSupplier nanoTime) {
        this.operation = operation;
        this.nanoTime = nanoTime;
        this.items = new ArrayList<>();
        for (Charge charge : operation.charges()) {
            Meter meter = meters.get(charge.table().name());
            if (meter != null) {
                items.add(new Item(charge, meter));
            }
        }
    }

    boolean isEmpty() {
        return items.isEmpty();
    }

    /** Notes that the request met a transaction in flight. */
    void conflicted() {
        meters().forEach(Meter::conflicted);
    }

    /**
     * Charges what can be borne: a batch's entries each for itself, anything else as a whole.
     *
     * @param heldBack entries of a batch that stay out of it; those that are throttled are added
     * @return a refusal if nothing can be done at all
     */
    @Nullable
    Answer charge(Set<Integer> heldBack) {
        return operation.kind().isBatch() ? chargeEach(heldBack) : chargeAll();
    }

    private @Nullable Answer chargeAll() {
        long now = nanoTime.getAsLong();
        List<Refusals.Throttle> throttles = throttles(items, now);
        if (throttles.isEmpty()) {
            spend(items, now);
            return null;
        }
        meters().forEach(Meter::refused);
        return operation.kind().isTransaction()
                ? Refusals.cancelled(IntStream.range(0, operation.entries().size())
                        .mapToObj(entry -> reason(entry, throttles))
                        .toList())
                : Refusals.throttled(throttles);
    }

    private static Refusals.Reason reason(int entry, List<Refusals.Throttle> throttles) {
        return throttles.stream()
                .filter(throttle -> throttle.charge().entry() == entry)
                .findFirst()
                .map(Refusals.Reason::of)
                .orElse(Refusals.Reason.NONE);
    }

    private @Nullable Answer chargeEach(Set<Integer> heldBack) {
        long now = nanoTime.getAsLong();
        List<Refusals.Throttle> all = new ArrayList<>();
        int entries = operation.entries().size();
        for (int i = 0; i < entries; i++) {
            int entry = i;
            List<Item> its =
                    items.stream().filter(it -> it.charge().entry() == entry).toList();
            List<Refusals.Throttle> throttles = heldBack.contains(entry) ? List.of() : throttles(its, now);
            if (!throttles.isEmpty()) {
                heldBack.add(entry);
                all.addAll(throttles);
            } else if (!heldBack.contains(entry)) {
                spend(its, now);
            }
        }
        if (!all.isEmpty() && heldBack.size() == entries) {
            meters().forEach(Meter::refused);
            return Refusals.throttled(all);
        }
        items.removeIf(it -> heldBack.contains(it.charge().entry()));
        return null;
    }

    private static List<Refusals.Throttle> throttles(List<Item> items, long now) {
        List<Refusals.Throttle> throttles = new ArrayList<>();
        Map<TokenBucket, Double> together = new HashMap<>();
        for (Item item : items) {
            LimitType exceeded = item.meter().exceeded(item.charge(), together, now);
            if (exceeded != null) {
                item.meter().throttled(item.charge(), exceeded);
                throttles.add(new Refusals.Throttle(item.charge(), exceeded));
            }
        }
        return throttles;
    }

    private static void spend(List<Item> items, long now) {
        items.forEach(it -> it.meter().spend(it.charge(), it.charge().units(), now));
    }

    /**
     * Charges what was really consumed. A table's estimate is the least there is, and what no exact charge accounts for is
     * shared by the estimated ones; an index's is the most, because it may hold less of an item, or nothing.
     */
    void settle(Map<Charge.Place, Double> consumed) {
        Map<Charge.Place, List<Item>> byPlace =
                items.stream().collect(Collectors.groupingBy(it -> it.charge().place()));
        byPlace.forEach((place, charged) -> settle(charged, consumed.getOrDefault(place, 0.0)));
        consumed.forEach((place, units) -> {
            if (!byPlace.containsKey(place)) {
                items.stream()
                        .filter(it -> it.charge().table().name().equals(place.table()))
                        .findFirst()
                        .ifPresent(it -> it.meter().consume(it.charge().access(), units));
            }
        });
    }

    private void settle(List<Item> charged, double consumed) {
        Charge first = charged.get(0).charge();
        boolean mayBeLess = first.index() != null && first.access() == Access.WRITE;
        List<Item> estimated =
                charged.stream().filter(it -> !it.charge().exact()).toList();
        List<Item> adjusted = estimated.isEmpty() ? charged : estimated;
        double missing = consumed
                - charged.stream().mapToDouble(it -> it.charge().units()).sum();
        long now = nanoTime.getAsLong();
        if (missing > 0 || mayBeLess) {
            adjusted.forEach(it -> it.meter().spend(it.charge(), missing / adjusted.size(), now));
        }
    }

    /** A condition did not hold: an item that comes back was read in full, and its size is charged. */
    void settleFailed(JsonNode answer) {
        long now = nanoTime.getAsLong();
        JsonNode reasons = answer.path("CancellationReasons");
        for (Item it : items) {
            JsonNode old = reasons.isArray() ? reasons.path(it.charge().entry()).path("Item") : answer.path("Item");
            double real = operation.kind().factor() * ItemSize.writeUnits(old);
            if (old.isObject()
                    && it.charge().index() == null
                    && real > it.charge().units()) {
                it.meter().spend(it.charge(), real - it.charge().units(), now);
            }
        }
    }

    /** The request was refused for what it is: it costs nothing. */
    void refund() {
        long now = nanoTime.getAsLong();
        items.forEach(it -> it.meter().spend(it.charge(), -it.charge().units(), now));
    }

    private Set<Meter> meters() {
        Set<Meter> meters = new HashSet<>();
        items.forEach(it -> meters.add(it.meter()));
        return meters;
    }
}
