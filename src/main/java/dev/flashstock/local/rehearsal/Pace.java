package dev.flashstock.local.rehearsal;

import java.util.concurrent.locks.LockSupport;

/** Time as a run sees it. */
interface Pace {
    /** Nanoseconds since an arbitrary moment, as of {@link System#nanoTime}. */
    long nanoTime();

    /**
     * Sleeps until {@link #nanoTime} is {@code time} or later; not at all if it is.
     *
     * @throws InterruptedException if the thread is interrupted, whether or not it has to sleep
     */
    void sleepUntil(long time) throws InterruptedException;

    /** Of the JVM, which wakes a thread within some 0.1 ms on Linux, 1 ms elsewhere. */
    Pace REAL = new Pace() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public void sleepUntil(long time) throws InterruptedException {
            while (true) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                long left = time - System.nanoTime();
                if (left <= 0) {
                    return;
                }
                LockSupport.parkNanos(this, left);
            }
        }
    };
}
