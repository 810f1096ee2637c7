package dev.flashstock.local.rehearsal;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Offers requests as a crowd does: each at its time, whatever has become of the earlier ones.
 *
 * <p>A generator that waits for answers slows down with the service, and leaves out just the requests that would have
 * had to wait (Gil Tene's <em>coordinated omission</em>). Here arrivals are drawn beforehand, and a latency counts from
 * the arrival that was intended, however late the request was sent.
 */
public final class OpenLoop {
    /** From one report of progress to the next. */
    static final Duration REPORT_EVERY = Duration.ofMillis(500);

    /** How often it is looked whether the last answer is there. */
    private static final Duration DRAIN_STEP = Duration.ofMillis(2);

    private final Pace pace;
    private final Executor senders;

    /** @param senders what {@code send} runs on: any number of threads, and no bound below that of a {@link Plan} */
    public OpenLoop(Executor senders) {
        this(Pace.REAL, senders);
    }

    OpenLoop(Pace pace, Executor senders) {
        this.pace = pace;
        this.senders = senders;
    }

    /**
     * Starts a run, on a thread of its own that ends with it, and returns at once.
     *
     * <p>Cancelling the future ends the run: nothing more is sent, and what was sent is left to itself. So are requests
     * that are unanswered at the end.
     *
     * @param send sends the request of a number from 0. If it throws, returns nothing or its stage fails, the request
     *     failed with an error named after the exception's class.
     * @param progress is given the figures about every 500 ms, not those of the end. It is called by the thread that
     *     paces the requests: what it takes delays the next ones. If it throws, the run fails.
     * @return the figures of the end
     */
    public CompletableFuture<Figures> run(
            Plan plan, IntFunction<? extends CompletionStage<Answer>> send, Consumer<Figures> progress) {
        CompletableFuture<Figures> result = new CompletableFuture<>();
        Run run = new Run(plan, send, progress, result);
        Thread thread = new Thread(run, "open-loop");
        thread.setDaemon(true);
        interruptOnCancel(thread, result);
        thread.start();
        return result;
    }

    private static void interruptOnCancel(Thread thread, CompletionStage<Figures> result) {
        result.whenComplete((figures, failure) -> {
            if (failure instanceof CancellationException) {
                thread.interrupt();
            }
        });
    }

    /** One run. Its times are nanoseconds after its start. */
    private final class Run implements Runnable {
        private final Plan plan;
        private final IntFunction<? extends CompletionStage<Answer>> send;
        private final Consumer<Figures> progress;
        private final CompletableFuture<Figures> result;
        private final Tally tally;
        private final long start = pace.nanoTime();
        private long nextReport = REPORT_EVERY.toNanos();

        Run(
                Plan plan,
                IntFunction<? extends CompletionStage<Answer>> send,
                Consumer<Figures> progress,
                CompletableFuture<Figures> result) {
            this.plan = plan;
            this.tally = new Tally(plan.over().toNanos());
            this.send = send;
            this.progress = progress;
            this.result = result;
        }

        @Override
        public void run() {
            try {
                offer();
                drain();
                result.complete(tally.close());
            } catch (InterruptedException e) {
                result.cancel(false);
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        }

        private void offer() throws InterruptedException {
            long[] arrivals = plan.arrivals();
            for (int number = 0; number < arrivals.length; number++) {
                long arrival = arrivals[number];
                sleepUntil(arrival);
                tally.arrived();
                answer(number).thenAccept(answer -> tally.answered(answer, arrival, now()));
            }
            sleepUntil(plan.over().toNanos());
        }

        private void drain() throws InterruptedException {
            long end = plan.over().plus(plan.drain()).toNanos();
            while (tally.pending() > 0 && now() < end) {
                sleepUntil(Math.min(end, now() + DRAIN_STEP.toNanos()));
            }
        }

        /** Reports progress in the meantime. */
        private void sleepUntil(long time) throws InterruptedException {
            while (nextReport <= Math.max(time, now())) {
                pace.sleepUntil(start + nextReport);
                progress.accept(tally.at(now()));
                nextReport = now() + REPORT_EVERY.toNanos();
            }
            pace.sleepUntil(start + time);
        }

        private CompletionStage<Answer> answer(int number) {
            try {
                return CompletableFuture.supplyAsync(() -> send.apply(number), senders)
                        .thenCompose(Function.identity())
                        .thenApply(Objects::requireNonNull)
                        .exceptionally(Answer.Failed::of);
            } catch (RejectedExecutionException e) {
                return CompletableFuture.completedStage(Answer.Failed.of(e));
            }
        }

        private long now() {
            return pace.nanoTime() - start;
        }
    }
}
