package dev.flashstock.api;

/** The roles that a token's groups give. */
final class Roles {
    /** Reserves for itself. */
    static final String SHOPPER = "shopper";

    /** A storefront's backend: reserves for the user that it names, and confirms what is paid. */
    static final String SERVICE = "service";

    /** Looks after shoppers and the books: reads, and changes nothing. */
    static final String OPERATOR = "operator";

    /** Keeps the catalogue and the stock. */
    static final String ADMIN = "admin";

    private Roles() {}
}
