package dev.flashstock.sale;

import org.jspecify.annotations.Nullable;

/** One thing that somebody does to a SKU, in a {@link Plan}. */
sealed interface Step {
    /** Which of the pods is asked: the one that has this place when it comes to it. */
    int pod();

    /** A step that is about one reservation. */
    sealed interface About extends Step {
        String user();

        String key();
    }

    /** A step that changes stock by hand, under a key of its own. */
    sealed interface Change extends Step {
        String adjustment();

        long delta();
    }

    /**
     * Asks for units.
     *
     * @param buffered whether the caller does not wait for the outcome
     */
    record Reserve(String user, String key, int quantity, boolean buffered, int pod) implements About {}

    /**
     * Gives a reservation back, or calls it off.
     *
     * @param forced whether somebody of the shop does it
     */
    record Release(String user, String key, boolean forced, int pod) implements About {}

    /**
     * Pays.
     *
     * @param payment how; null when nothing is said
     */
    record Confirm(String user, String key, @Nullable String payment, int pod) implements About {}

    /** Keeps a hold for longer. */
    record Extend(String user, String key, int pod) implements About {}

    /** Looks at a reservation. */
    record Look(String user, String key, int pod) implements About {}

    /** Brings units in, or takes them out. */
    record Adjust(String adjustment, long delta, int pod) implements Change {}

    /**
     * Brings sold units back.
     *
     * @param delta how many
     */
    record TakeBack(String user, String key, String adjustment, long delta, int pod) implements About, Change {}

    /**
     * Reads the stock.
     *
     * @param strong whether from the shards, or from whatever remembers it
     */
    record Count(boolean strong, int pod) implements Step {}
}
