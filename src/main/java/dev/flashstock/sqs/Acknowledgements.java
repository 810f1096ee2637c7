package dev.flashstock.sqs;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;

/** Tells SQS what came of messages: those done are deleted, the others are shown again after a while. */
final class Acknowledgements {
    private static final Logger LOG = Logger.getLogger(ReservationConsumer.class);

    private final Queue queue;

    Acknowledgements(Queue queue) {
        this.queue = queue;
    }

    Uni<Void> send(List<Handled> handled) {
        return Uni.join()
                .all(
                        delete(handled.stream().filter(Handled::done).toList()),
                        showAgain(handled.stream().filter(it -> !it.done()).toList()))
                .andFailFast()
                .replaceWithVoid();
    }

    private Uni<Void> delete(List<Handled> done) {
        List<DeleteMessageBatchRequestEntry> entries = IntStream.range(0, done.size())
                .mapToObj(i -> DeleteMessageBatchRequestEntry.builder()
                        .id(Integer.toString(i))
                        .receiptHandle(done.get(i).message().receiptHandle())
                        .build())
                .toList();
        return entries.isEmpty()
                ? Uni.createFrom().voidItem()
                : harmless(queue.call((sqs, url) ->
                        sqs.deleteMessageBatch(request -> request.queueUrl(url).entries(entries))));
    }

    private Uni<Void> showAgain(List<Handled> failed) {
        List<ChangeMessageVisibilityBatchRequestEntry> entries = IntStream.range(0, failed.size())
                .mapToObj(i -> ChangeMessageVisibilityBatchRequestEntry.builder()
                        .id(Integer.toString(i))
                        .receiptHandle(failed.get(i).message().receiptHandle())
                        .visibilityTimeout(failed.get(i).hiddenSeconds())
                        .build())
                .toList();
        return entries.isEmpty()
                ? Uni.createFrom().voidItem()
                : harmless(queue.call((sqs, url) -> sqs.changeMessageVisibilityBatch(
                        request -> request.queueUrl(url).entries(entries))));
    }

    /** What is not acknowledged comes again when its visibility timeout is over, and finds what became of it. */
    private static Uni<Void> harmless(Uni<?> call) {
        return call.replaceWithVoid()
                .onFailure()
                .invoke(e -> LOG.warnf("Messages not acknowledged, they come again error=%s", e.getMessage()))
                .onFailure()
                .recoverWithNull();
    }
}
