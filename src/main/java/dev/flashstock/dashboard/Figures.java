package dev.flashstock.dashboard;

/** Figures as people read them. */
final class Figures {
    private Figures() {}

    static double rounded(double figure) {
        return Math.round(figure * 1_000) / 1_000.0;
    }
}
