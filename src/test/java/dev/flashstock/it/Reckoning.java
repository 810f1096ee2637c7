package dev.flashstock.it;

import dev.flashstock.it.Purchase.Ending;
import dev.flashstock.sale.Books;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What shoppers were told against what the items say, once everything is at rest. Each shopper has one key and is asked
 * for once at a time.
 */
final class Reckoning {
    /**
     * A reservation's item.
     *
     * @param id its id, unsealed
     * @param quantity units; 0 when it was called off while it was queued
     */
    record Found(String user, String id, String status, int quantity) {
        private static final String PARTITION = "USER#";
        private static final String SORT = "RESERVATION#";

        static boolean is(Map<String, AttributeValue> item) {
            return item.get("PK").s().startsWith(PARTITION)
                    && item.get("SK").s().startsWith(SORT);
        }

        static Found of(Map<String, AttributeValue> item) {
            return new Found(
                    item.get("PK").s().substring(PARTITION.length()),
                    item.get("SK").s().substring(SORT.length()),
                    item.get("status").s(),
                    item.containsKey("quantity")
                            ? Integer.parseInt(item.get("quantity").n())
                            : 0);
        }

        boolean is(String status) {
            return this.status.equals(status);
        }
    }

    private final List<Map<String, AttributeValue>> items;
    private final Map<String, Integer> stocked;
    private final Collection<Purchase> purchases;
    private final Map<String, List<Found>> found;
    private final List<String> differences = new ArrayList<>();

    private Reckoning(
            List<Map<String, AttributeValue>> items, Map<String, Integer> stocked, Collection<Purchase> purchases) {
        this.items = items;
        this.stocked = stocked;
        this.purchases = purchases;
        this.found = reservations(items);
    }

    /** The reservations among items, by their users. */
    static Map<String, List<Found>> reservations(List<Map<String, AttributeValue>> items) {
        return items.stream().filter(Found::is).map(Found::of).collect(Collectors.groupingBy(Found::user));
    }

    /**
     * Compares.
     *
     * @param items the whole table
     * @param stocked units by SKU
     * @param purchases what shoppers did and were told
     * @return what differs, a line each; empty when all is well
     */
    static List<String> differences(
            List<Map<String, AttributeValue>> items, Map<String, Integer> stocked, Collection<Purchase> purchases) {
        Reckoning reckoning = new Reckoning(items, stocked, purchases);
        stocked.keySet().forEach(reckoning::checkUnits);
        purchases.forEach(reckoning::check);
        reckoning.checkStrangers();
        return reckoning.differences;
    }

    private void differs(String what, Object about) {
        differences.add(what + ": " + about);
    }

    // A SKU

    private void checkUnits(String sku) {
        Books books = Books.of(items, sku);
        if (books.stocked() != stocked.get(sku)) {
            differs(sku + " was stocked with " + stocked.get(sku), books);
        }
        if (!books.balance()) {
            differs(sku + " has lost units, or has some from nowhere", books);
        }
        if (books.held() + books.confirmed() > books.stocked()) {
            differs(sku + " is oversold", books);
        }
        items.stream()
                .filter(item -> item.get("PK").s().startsWith("STOCK#" + sku + "#"))
                .filter(item -> Long.parseLong(item.get("available").n()) < 0)
                .forEach(item -> differs("A shard is below zero", item));
        purchases.stream()
                .filter(it -> it.sku.equals(sku)
                        && status(it).filter("REJECTED"::equals).isPresent())
                .filter(it -> books.available() - returnedAfter(it) >= it.quantity)
                .forEach(it -> differs("Rejected although " + books.available() + " units were never taken", it));
    }

    /**
     * The most units that can have come back since a purchase was begun: what is left beyond these was there all the
     * time.
     */
    private long returnedAfter(Purchase rejected) {
        return purchases.stream()
                .filter(it -> it.sku.equals(rejected.sku) && it.ending() == Ending.RELEASE)
                .filter(it -> it.endings().stream()
                        .filter(Answer.of(200))
                        .allMatch(answer -> answer.at() - rejected.begun > 0))
                .mapToLong(it -> it.quantity)
                .sum();
    }

    // A purchase

    private void check(Purchase purchase) {
        List<Found> reservations = found.getOrDefault(purchase.user, List.of());
        if (reservations.size() > 1) {
            differs("One key, several reservations " + reservations, purchase);
        }
        if (purchase.locations().count() > 1) {
            differs("One key, several locations", purchase);
        }
        purchase.answers().stream()
                .filter(it -> !isExpected(it))
                .forEach(it -> differs("An answer that nothing asked for, " + it.body(), purchase));
        checkOrder(purchase);
        if (reservations.isEmpty()) {
            if (purchase.isAccepted()) {
                differs("Accepted, and there is nothing", purchase);
            }
        } else {
            check(purchase, reservations.get(0));
        }
    }

    private static boolean isExpected(Answer answer) {
        return answer.asksForAnother()
                || answer.status() == 201
                || answer.status() == 202
                || (answer.status() == 409 && answer.problem().equals("sold-out"));
    }

    /** A refusal is not the last word while nothing is recorded, but a hold is. */
    private void checkOrder(Purchase purchase) {
        boolean held = false;
        for (Answer answer : purchase.answers()) {
            if (held && answer.status() == 409) {
                differs("Refused after it was held", purchase);
            }
            held |= answer.status() == 201;
        }
    }

    private void check(Purchase purchase, Found reservation) {
        String id = reservation.id();
        if (purchase.locations().anyMatch(it -> !it.startsWith("/reservations/" + id + "."))) {
            differs("Another id than " + id, purchase);
        }
        if (reservation.quantity() != purchase.quantity && !reservation.is("RELEASED")) {
            differs("Another quantity than was asked for, " + reservation, purchase);
        }
        if (!allowed(purchase).contains(reservation.status())) {
            differs("Is " + reservation.status() + " and should be in " + allowed(purchase), purchase);
        }
    }

    /** What the reservation may be, by what its shopper was told. */
    private static Set<String> allowed(Purchase purchase) {
        boolean held = purchase.was(201);
        if (!purchase.isInDoubt() && !held) {
            return Set.of("REJECTED"); // nobody said anything but 409
        }
        Optional<Answer> end =
                purchase.endings().stream().filter(Answer.of(200)).findFirst();
        if (end.isPresent()) {
            return Set.of(end.get().text("status"));
        }
        return switch (purchase.ending()) {
            case NONE -> held ? Set.of("HELD") : Set.of("HELD", "REJECTED");
            case CONFIRM -> Set.of("HELD", "CONFIRMED");
            case RELEASE -> held ? Set.of("HELD", "RELEASED") : Set.of("HELD", "REJECTED", "RELEASED");
        };
    }

    // What no shopper has asked for

    private void checkStrangers() {
        Map<String, Purchase> byUser = purchases.stream().collect(Collectors.toMap(it -> it.user, Function.identity()));
        found.values().stream()
                .flatMap(List::stream)
                .filter(it -> !byUser.containsKey(it.user()))
                .forEach(it -> differs("A reservation that nobody asked for", it));
    }

    private Optional<String> status(Purchase purchase) {
        return found.getOrDefault(purchase.user, List.of()).stream()
                .map(Found::status)
                .findFirst();
    }
}
