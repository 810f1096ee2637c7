package dev.flashstock.inventory;

/** What came of one conditional write. */
public enum Attempt {
    /** It was applied. */
    DONE,
    /** It was not applied: something is no longer as the condition says. Look again. */
    CHANGED,
    /** It was not applied: another write of the same item was under way, or its partition is at its limit. Try again. */
    BUSY
}
