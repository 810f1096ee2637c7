package dev.flashstock.api;

import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Reservation;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;

/** Refusals as problem documents: the one place that gives them an HTTP status. */
final class Refusals {
    private static final String SKU = "sku";
    private static final String AVAILABLE = "available";
    private static final String TABLE = "table";
    private static final String ACTION = "action";

    /** A refusal's class, the type of its problem, and what the document says of this case. */
    private record Rule<R extends Refusal>(
            Class<R> refusal, ProblemType type, Function<R, String> detail, Function<R, Map<String, Object>> members) {
        Problem problem(Refusal it) {
            R refused = refusal.cast(it);
            return Problem.of(type, detail.apply(refused), members.apply(refused));
        }
    }

    private static final Map<Class<? extends Refusal>, Rule<?>> RULES = rules(
            rule(
                    Refusal.UnknownSku.class,
                    ProblemType.UNKNOWN_SKU,
                    it -> "No product has the SKU " + it.sku() + ".",
                    it -> Map.of(SKU, it.sku().value())),
            rule(
                    Refusal.UnknownReservation.class,
                    ProblemType.UNKNOWN_RESERVATION,
                    it -> "This user has no reservation with this id.",
                    it -> Map.of()),
            rule(
                    Refusal.SoldOut.class,
                    ProblemType.SOLD_OUT,
                    it -> "Of " + it.sku() + " " + it.available() + " units are left, fewer than you asked for.",
                    it -> Map.of(SKU, it.sku().value(), AVAILABLE, it.available())),
            rule(
                    Refusal.OverLimit.class,
                    ProblemType.OVER_LIMIT,
                    it -> "You can have " + it.available() + " more units of " + it.sku()
                            + ": each user may have only so many.",
                    it -> Map.of(SKU, it.sku().value(), AVAILABLE, it.available())),
            rule(
                    Refusal.TooOften.class,
                    ProblemType.TOO_MANY_REQUESTS,
                    it -> "You ask too often: try again in " + seconds(it.again()) + " s.",
                    it -> Map.of(Problem.RETRY_AFTER_SECONDS, seconds(it.again()))),
            rule(
                    Refusal.Crowded.class,
                    ProblemType.OVERLOADED,
                    it -> "Too many wait for units of " + it.sku()
                            + " for the moment, and this request has done nothing: try again, or without Prefer: wait.",
                    it -> Map.of(SKU, it.sku().value(), Problem.RETRY_AFTER_SECONDS, 1L)),
            rule(
                    Refusal.NotOnSale.class,
                    ProblemType.NOT_ON_SALE,
                    it -> "The product " + it.sku() + " has the status " + it.status() + ".",
                    it -> Map.of(SKU, it.sku().value(), "productStatus", it.status())),
            rule(
                    Refusal.SaleNotStarted.class,
                    ProblemType.SALE_NOT_STARTED,
                    it -> "The sale of " + it.sku() + " starts at " + it.startsAt() + ".",
                    it -> Map.of(SKU, it.sku().value(), "startsAt", it.startsAt())),
            rule(
                    Refusal.SaleEnded.class,
                    ProblemType.SALE_ENDED,
                    it -> "The sale of " + it.sku() + " ended at " + it.endsAt() + ".",
                    it -> Map.of(SKU, it.sku().value(), "endsAt", it.endsAt())),
            rule(
                    Refusal.WrongState.class,
                    ProblemType.WRONG_STATE,
                    it -> "The reservation is " + it.status() + ".",
                    it -> Map.of("reservationStatus", it.status())),
            rule(
                    Refusal.PaidOtherwise.class,
                    ProblemType.PAID_OTHERWISE,
                    it ->
                            "The reservation was confirmed with another paymentReference, or with none. See whether it was paid twice.",
                    it -> Map.of("reservationStatus", Reservation.Status.CONFIRMED)),
            rule(
                    Refusal.ExtendedBefore.class,
                    ProblemType.EXTENDED_BEFORE,
                    it -> "The hold was made longer before, to " + it.expiresAt() + ". That is done once.",
                    it -> Map.of("expiresAt", it.expiresAt())),
            rule(
                    Refusal.MoreThanSold.class,
                    ProblemType.MORE_THAN_SOLD,
                    it -> "Of the reservation " + it.returnable() + " units can still come back.",
                    it -> Map.of("returnable", it.returnable())),
            rule(
                    Refusal.RejectedBefore.class,
                    ProblemType.REJECTED,
                    it -> "The request with this Idempotency-Key was rejected when its turn came (" + it.reason()
                            + "): take a new key to ask again.",
                    it -> Map.of("reason", it.reason())),
            rule(
                    Refusal.KeyReused.class,
                    ProblemType.KEY_REUSED,
                    it ->
                            "This Idempotency-Key was used for a request with another body: take a new key for a new one.",
                    it -> Map.of()),
            rule(
                    Refusal.NotEnoughStock.class,
                    ProblemType.NOT_ENOUGH_STOCK,
                    it -> "At most " + it.available() + " units of " + it.sku() + " can be taken out at once.",
                    it -> Map.of(SKU, it.sku().value(), AVAILABLE, it.available())),
            rule(
                    Refusal.NotEnded.class,
                    ProblemType.NOT_ENDED,
                    it -> "The product " + it.sku() + " has the status " + it.status()
                            + ": one that is deleted has the status ENDED.",
                    it -> Map.of(SKU, it.sku().value(), "productStatus", it.status())),
            rule(
                    Refusal.ProductInUse.class,
                    ProblemType.PRODUCT_IN_USE,
                    it -> "Of " + it.sku() + " " + it.held() + " units are held.",
                    it -> Map.of(SKU, it.sku().value(), "held", it.held())),
            rule(
                    Refusal.NotAudited.class,
                    ProblemType.NOT_AUDITED,
                    it -> "There is no audit of " + it.sku() + " yet: ask for one with POST /products/" + it.sku()
                            + "/audit.",
                    it -> Map.of(SKU, it.sku().value())),
            rule(
                    Refusal.AuditNeeded.class,
                    ProblemType.AUDIT_NEEDED,
                    it -> why(it.why()) + ": ask for one with POST /products/" + it.sku() + "/audit and try again.",
                    it -> Map.of(SKU, it.sku().value(), "reason", it.why())),
            rule(
                    Refusal.NothingToRepair.class,
                    ProblemType.NOTHING_TO_REPAIR,
                    it -> "The last audit of " + it.sku() + " has found no difference.",
                    it -> Map.of(SKU, it.sku().value())),
            rule(
                    Refusal.UnknownTable.class,
                    ProblemType.UNKNOWN_TABLE,
                    it -> "There is no table " + it.table() + " in this region of this account.",
                    it -> Map.of(TABLE, it.table())),
            rule(
                    Refusal.ActionNotAllowed.class,
                    ProblemType.AWS_NOT_ALLOWED,
                    it -> "The role that flashstock has in AWS does not allow " + it.action()
                            + ": add it to its policy.",
                    it -> Map.of(ACTION, it.action())),
            rule(
                    Refusal.ActionNotSupported.class,
                    ProblemType.AWS_NOT_SUPPORTED,
                    it -> "The DynamoDB that flashstock works with does not support this (" + it.action()
                            + "). On AWS it does.",
                    it -> Map.of(ACTION, it.action())),
            rule(
                    Refusal.TableBusy.class,
                    ProblemType.TABLE_BUSY,
                    it -> "The table " + it.table() + " is " + it.status() + ": ask again when it is ACTIVE.",
                    it -> Map.of(TABLE, it.table(), "tableStatus", it.status())),
            rule(
                    Refusal.TableChangeLimited.class,
                    ProblemType.TABLE_CHANGE_LIMITED,
                    it -> "DynamoDB does not change the table " + it.table() + " now: " + sentence(it.said()),
                    it -> Map.of(TABLE, it.table())),
            rule(
                    Refusal.TableChangeRefused.class,
                    ProblemType.TABLE_CHANGE_REFUSED,
                    it -> "The table " + it.table() + " cannot be changed so: " + sentence(it.said()),
                    it -> Map.of(TABLE, it.table())),
            rule(
                    Refusal.PreconditionFailed.class,
                    ProblemType.PRECONDITION_FAILED,
                    it ->
                            "The product is not as If-Match or If-None-Match says: read it again, with consistency=strong.",
                    it -> Map.of()));

    private Refusals() {}

    /** In whole ones, not too few. */
    private static long seconds(Duration time) {
        return time.plusSeconds(1).minusNanos(1).toSeconds();
    }

    private static String sentence(String said) {
        return said.endsWith(".") ? said : said + ".";
    }

    private static String why(Refusal.AuditNeeded.Why why) {
        return switch (why) {
            case OLD -> "There is no audit that is younger than ten minutes";
            case RUNNING -> "The audit is still under way, and it is its result that counts";
            case FAILED -> "The last audit has failed";
            case IN_FLIGHT ->
                "Units were brought or taken during the last audit, and one is needed without: pause the sale";
            case NOT_SEARCHED -> "The last audit has not searched for reservations that the ledger does not know";
            case CHANGED -> "Units were brought or taken since the last audit";
        };
    }

    static Response response(Refusal refusal) {
        return problem(refusal).response();
    }

    static Problem problem(Refusal refusal) {
        return rule(refusal).problem(refusal);
    }

    static ProblemType type(Refusal refusal) {
        return rule(refusal).type();
    }

    private static Rule<?> rule(Refusal refusal) {
        Rule<?> rule = RULES.get(refusal.getClass());
        if (rule == null) {
            throw new IllegalStateException("A refusal without a problem: " + refusal);
        }
        return rule;
    }

    private static <R extends Refusal> Rule<R> rule(
            Class<R> refusal, ProblemType type, Function<R, String> detail, Function<R, Map<String, Object>> members) {
        return new Rule<>(refusal, type, detail, members);
    }

    private static Map<Class<? extends Refusal>, Rule<?>> rules(Rule<?>... rules) {
        return java.util.Arrays.stream(rules)
                .collect(java.util.stream.Collectors.toUnmodifiableMap(Rule::refusal, Function.identity()));
    }
}
