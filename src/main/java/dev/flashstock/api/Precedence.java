package dev.flashstock.api;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is given up first when there is too much to do; each has a share of the places that are taken at most. */
enum Precedence {
    /** Figures for those who run the shop, and counters. */
    ANALYTICS(0.4),
    /** What is looked up where it is stored. */
    READ(0.6),
    /** What may wait in the queue: whoever asks has not much to lose yet. */
    BUFFERED(0.8),
    /** Reservations whose outcome is waited for, and what becomes of them; changes by those who run the shop. */
    DIRECT(1),
    /** Totals, which are told from memory, and old ones when there is too much to do. */
    REMEMBERED(1);

    private static final String PRODUCTS = "products";
    private static final Set<HttpMethod> LOOKS = Set.of(HttpMethod.GET, HttpMethod.HEAD);
    /** Any wait is one. */
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private final double share;

    Precedence(double share) {
        this.share = share;
    }

    /** This kind's share of a number of places. */
    int of(int limit) {
        return (int) (share * limit);
    }

    /**
     * A request's path in pieces.
     *
     * @param pieces what is between its slashes
     */
    record Target(List<String> pieces) {
        private static final int MOST_PIECES = 6;

        static Target of(HttpServerRequest request) {
            String path = Optional.ofNullable(request.path()).orElse("");
            return new Target(List.of((path.startsWith("/") ? path.substring(1) : path).split("/", MOST_PIECES)));
        }

        private String piece(int number) {
            return number < pieces.size() ? pieces.get(number) : "";
        }

        private boolean isOfAProduct(String... what) {
            return piece(0).equals(PRODUCTS) && List.of(what).contains(piece(2));
        }

        private boolean isCounted() {
            return isOfAProduct("views", "likes", "audit");
        }

        private boolean isOfTheShop() {
            return isOfAProduct("ledger", "layout")
                    || List.of("dashboard", "diagnosis", "preflight", "advice", "users")
                            .contains(piece(0));
        }

        private boolean isTotal() {
            return (isOfAProduct("stock") && pieces.size() == 3) || piece(0).equals("stock");
        }

        /** Health and metrics are asked for whatever happens. */
        boolean isOperations() {
            return piece(0).equals("q");
        }

        /** A stream goes on for as long as it is read, and has a bound of its own. */
        boolean isStream() {
            return pieces.get(pieces.size() - 1).equals("events");
        }

        /** Of which product units are asked for, if they are. */
        Optional<String> reserves(HttpMethod method) {
            return method.equals(HttpMethod.POST) && isOfAProduct("reservations")
                    ? Optional.of(piece(1))
                    : Optional.empty();
        }
    }

    /** Which one a request has. */
    static Precedence of(HttpServerRequest request, Target target) {
        boolean looks = LOOKS.contains(request.method());
        if (target.isCounted() || (looks && target.isOfTheShop())) {
            return ANALYTICS;
        }
        if (looks) {
            return target.isTotal() && request.getParam("consistency") == null ? REMEMBERED : READ;
        }
        boolean waits = target.reserves(request.method()).isEmpty()
                || !Preference.of(request.headers().getAll("Prefer"), LONGEST)
                        .patience()
                        .isZero();
        return waits ? DIRECT : BUFFERED;
    }
}
