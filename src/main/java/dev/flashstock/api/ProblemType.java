package dev.flashstock.api;

import java.net.URI;
import java.util.Locale;

/** The kinds of problems, told apart by callers; {@code docs/problems.md} explains each. */
public enum ProblemType {
    /** A field, parameter or header breaks a rule. */
    INVALID_REQUEST(400, "The request is not valid"),
    /** The body is not JSON, or not of the expected shape. */
    MALFORMED_BODY(400, "The body cannot be read"),
    /** No valid credentials. */
    UNAUTHENTICATED(401, "Who is asking is not known"),
    /** The caller's role does not allow it. */
    FORBIDDEN(403, "This is not allowed"),
    /** The role that flashstock has in AWS does not allow it. */
    AWS_NOT_ALLOWED(403, "AWS does not allow this"),
    /** There is no such resource. */
    NOT_FOUND(404, "Not found"),
    /** No product has this SKU. */
    UNKNOWN_SKU(404, "There is no such product"),
    /** The caller has no such reservation. */
    UNKNOWN_RESERVATION(404, "There is no such reservation"),
    /** DynamoDB has no such table. */
    UNKNOWN_TABLE(404, "There is no such table"),
    /** The product was not audited, and is too large to be audited at once. */
    NOT_AUDITED(404, "There is no audit"),
    /** The resource does not do this. */
    METHOD_NOT_ALLOWED(405, "The method is not allowed here"),
    /** The response cannot be had in a form that the caller accepts. */
    NOT_ACCEPTABLE(406, "No acceptable form"),
    /** Of an upload nothing has come for too long. */
    UPLOAD_STALLED(408, "The upload has stalled"),
    /** Fewer units are left than were asked for. */
    SOLD_OUT(409, "Sold out"),
    /** The user would have more than the product allows each. */
    OVER_LIMIT(409, "Over the limit for each user"),
    /** The product's status keeps it from being sold. */
    NOT_ON_SALE(409, "Not on sale"),
    /** The sale is still to come. */
    SALE_NOT_STARTED(409, "The sale has not started"),
    /** The sale is over. */
    SALE_ENDED(409, "The sale has ended"),
    /** The request with this key was rejected when its turn came. */
    REJECTED(409, "The request was rejected"),
    /** The reservation's state does not allow it. */
    WRONG_STATE(409, "The reservation's state does not allow it"),
    /** The reservation was confirmed with another payment. */
    PAID_OTHERWISE(409, "The reservation was paid otherwise"),
    /** The hold was made longer before. */
    EXTENDED_BEFORE(409, "The hold was extended before"),
    /** More units would come back than were sold. */
    MORE_THAN_SOLD(409, "More than was sold"),
    /** An adjustment would take more than there is. */
    NOT_ENOUGH_STOCK(409, "Not enough stock"),
    /** The product's sale has not ended. */
    NOT_ENDED(409, "The sale has not ended"),
    /** The product has units that are held. */
    PRODUCT_IN_USE(409, "The product is in use"),
    /** The last audit cannot be acted upon. */
    AUDIT_NEEDED(409, "An audit is needed"),
    /** The last audit has found no difference. */
    NOTHING_TO_REPAIR(409, "There is nothing to repair"),
    /** The table is being changed. */
    TABLE_BUSY(409, "The table is being changed"),
    /** The table was changed too often. */
    TABLE_CHANGE_LIMITED(409, "No more changes for now"),
    /** The resource is not as the caller's precondition says. */
    PRECONDITION_FAILED(412, "The precondition does not hold"),
    /** The body is over the limit. */
    BODY_TOO_LARGE(413, "The body is too large"),
    /** The body is not JSON by its own word. */
    UNSUPPORTED_MEDIA_TYPE(415, "The media type is not supported"),
    /** The idempotency key was used for something else. */
    KEY_REUSED(422, "The idempotency key was used before"),
    /** DynamoDB does not take such a change. */
    TABLE_CHANGE_REFUSED(422, "The table cannot be changed so"),
    /** The backend does not have it. */
    AWS_NOT_SUPPORTED(422, "The backend does not support this"),
    /** The user, or the address that it comes from, asks too often. */
    TOO_MANY_REQUESTS(429, "Too many requests"),
    /** Something is broken here. */
    INTERNAL_ERROR(500, "Something went wrong"),
    /** A backend does not answer for the moment. */
    UNAVAILABLE(503, "Not available for the moment"),
    /** The process has too much to do, or too many wait for the same units. */
    OVERLOADED(503, "Too much to do for the moment");

    private static final String BASE = "https://flashstock.dev/problems/";

    private final int status;
    private final String title;

    ProblemType(int status, String title) {
        this.status = status;
        this.title = title;
    }

    /**
     * The HTTP status.
     *
     * @return a 4xx or 5xx status
     */
    public int status() {
        return status;
    }

    /**
     * What kind of problem it is, for people.
     *
     * @return the same words for every problem of this type
     */
    public String title() {
        return title;
    }

    /**
     * What kind of problem it is, for programs.
     *
     * @return a URI that never changes
     */
    public URI uri() {
        return URI.create(BASE + name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
}
