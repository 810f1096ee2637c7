package dev.flashstock.inventory;

/** What came of one conditional write. */
public enum Attempt {
    /** It was applied. */
    DONE,
    /** It was not applied: something is no longer as the condition says. Look again. */
    CHANGED,
    /** It was not applied: another transaction was under way on an item, or, in a transaction, a partition is at its limit. Try again. */
    BUSY
}
