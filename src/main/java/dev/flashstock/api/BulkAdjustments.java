package dev.flashstock.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.flashstock.inventory.ReservationIds;
import dev.flashstock.inventory.Stock;
import dev.flashstock.inventory.Unavailable;
import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.Validator;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Carries out the adjustments of one upload while it comes, up to {@value #MAX_UNDER_WAY} lines at once, and tells of each
 * in the lines' order. Lines of the same SKU wait for each other: what one brings, the next may take.
 */
final class BulkAdjustments {
    /** How many lines are begun and not told at once. */
    static final int MAX_UNDER_WAY = 16;

    private static final Problem NOTHING =
            Problem.of(ProblemType.MALFORMED_BODY, "The line says null, and no adjustment.");
    private static final Logger LOG = Logger.getLogger(BulkAdjustments.class);

    private final Stock stock;
    private final Validator validator;
    private final InstantSource clock;
    private final ReservationIds ids;
    private final Upload upload;
    private final Asked asked;

    private final LineCutter cutter = new LineCutter();
    private final Map<Sku, CompletableFuture<BulkAnswer.OfLine>> lastOf = new ConcurrentHashMap<>();
    /** The upload itself, and each line under way. */
    private final AtomicInteger unfinished = new AtomicInteger(1);

    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicBoolean logged = new AtomicBoolean();
    private long done;
    private long failed;

    /**
     * What is asked for with an upload.
     *
     * @param format how its lines are read
     * @param keys the keys of lines that have none of their own
     * @param from the line to begin with
     * @param by who asks
     * @param requestId what failures are logged under
     */
    record Asked(LineFormat format, LineKeys keys, FirstLine from, UserId by, String requestId) {}

    BulkAdjustments(
            Stock stock, Validator validator, InstantSource clock, ReservationIds ids, Upload upload, Asked asked) {
        this.stock = stock;
        this.validator = validator;
        this.clock = clock;
        this.ids = ids;
        this.upload = upload;
        this.asked = asked;
    }

    /**
     * Carries them out.
     *
     * @param loop the request's event loop
     * @param finished runs when nothing is under way any more, after the last answer or when nobody listens
     * @return an answer for each line and a summary; fails with {@link BadInput} before the first when no line can be read
     */
    Multi<BulkAnswer> answers(Executor loop, Runnable finished) {
        return upload.chunks()
                .onItem()
                .transformToMultiAndConcatenate(chunk -> Multi.createFrom().iterable(cutter.cut(chunk)))
                .onCompletion()
                .continueWith(this::lastLine)
                .select()
                .where(this::isToDo)
                .plug(InOrder.of(MAX_UNDER_WAY, line -> begin(line, finished), loop))
                .invoke(this::count)
                .onItem()
                .castTo(BulkAnswer.class)
                .onCompletion()
                .continueWith(this::summary)
                .plug(upload::whileItIsRead)
                .onTermination()
                .invoke(() -> {
                    if (ended.compareAndSet(false, true)) {
                        leave(finished);
                    }
                });
    }

    /** What was cut off may be half a line, which could say something else. */
    private List<Line> lastLine() {
        return upload.cut() == null ? cutter.rest() : List.of();
    }

    private boolean isToDo(Line line) {
        return !asked.format().isHeader(line)
                && !line.isBlank()
                && line.number() >= asked.from().number();
    }

    private CompletableFuture<BulkAnswer.OfLine> begin(Line line, Runnable finished) {
        unfinished.incrementAndGet();
        CompletableFuture<BulkAnswer.OfLine> answer;
        try {
            answer = inTurn(line.number(), adjustment(line));
        } catch (JsonProcessingException | RuntimeException e) {
            answer = CompletableFuture.completedFuture(failed(line.number(), e));
        }
        return answer.whenComplete((told, e) -> leave(finished));
    }

    private Adjustment adjustment(Line line) throws JsonProcessingException {
        if (line.fault() != null) {
            throw new BadInput(line.fault());
        }
        AdjustmentLine read = asked.format().read(line.text());
        if (read == null) {
            throw new BadInput(NOTHING);
        }
        var violations = validator.validate(read);
        if (!violations.isEmpty()) {
            throw new ConstraintViolationException(violations);
        }
        return read.adjustment(asked.keys().of(line.number()), clock.instant(), asked.by(), ids);
    }

    private CompletableFuture<BulkAnswer.OfLine> inTurn(long number, Adjustment adjustment) {
        CompletableFuture<BulkAnswer.OfLine> earlier = lastOf.get(adjustment.sku());
        CompletableFuture<BulkAnswer.OfLine> answer =
                earlier == null ? adjust(number, adjustment) : earlier.thenCompose(told -> adjust(number, adjustment));
        lastOf.put(adjustment.sku(), answer);
        return answer.whenComplete((told, e) -> lastOf.remove(adjustment.sku(), answer));
    }

    private CompletableFuture<BulkAnswer.OfLine> adjust(long number, Adjustment adjustment) {
        return Uni.createFrom()
                .deferred(() -> stock.adjust(adjustment))
                .map(outcome -> outcome.fold(
                        recorded -> BulkAnswer.done(number, recorded),
                        refusal -> BulkAnswer.failed(number, Refusals.problem(refusal))))
                .onFailure()
                .recoverWithItem(e -> failed(number, e))
                .subscribeAsCompletionStage();
    }

    private BulkAnswer.OfLine failed(long number, Throwable e) {
        Problem problem = ExceptionMappers.ofLine(e);
        if (problem.status() >= 500 && logged.compareAndSet(false, true)) {
            String what = "Line not adjusted, the first of its upload request=" + asked.requestId() + " line=" + number;
            if (e instanceof Unavailable) {
                LOG.warnf("%s error=%s", what, e.getMessage());
            } else {
                LOG.error(what, e);
            }
        }
        return BulkAnswer.failed(number, problem);
    }

    private void count(BulkAnswer.OfLine answer) {
        if (answer.isDone()) {
            done++;
        } else {
            failed++;
        }
    }

    private List<BulkAnswer> summary() {
        if (upload.cut() == null) {
            asked.format().end();
        }
        return List.of(new BulkAnswer.Summary(cutter.lines(), done, failed, upload.cut()));
    }

    private void leave(Runnable finished) {
        if (unfinished.decrementAndGet() == 0) {
            finished.run();
        }
    }
}
