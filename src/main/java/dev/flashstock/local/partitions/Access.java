package dev.flashstock.local.partitions;

/** What a unit is spent on. */
enum Access {
    READ("Read"),
    WRITE("Write");

    private final String word;

    Access(String word) {
        this.word = word;
    }

    /** As it stands in a throttling reason. */
    String word() {
        return word;
    }
}
