package dev.flashstock.api;

/** The roles that a token's groups give. */
public final class Roles {
    /** Reserves for itself. */
    public static final String SHOPPER = "shopper";

    /** A storefront's backend: reserves for the user that it names, and confirms what is paid. */
    public static final String SERVICE = "service";

    /** Looks after shoppers and the books: reads, and changes nothing. */
    public static final String OPERATOR = "operator";

    /** Keeps the catalogue and the stock. */
    public static final String ADMIN = "admin";

    private Roles() {}
}
