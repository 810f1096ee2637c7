package dev.flashstock.sqs;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.flashstock.stock.Quantity;
import dev.flashstock.stock.ReservationId;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.TraceParent;
import dev.flashstock.stock.UserId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a message says: requests, each with its signature, and the version of the way they are written. All of it is
 * ASCII: a character is a byte of those that SQS counts, and none is one that SQS refuses or replaces.
 *
 * @param version {@value #VERSION}
 * @param requests 1 to {@value #MAX_REQUESTS} requests, each read for itself
 */
@RegisterForReflection
record RequestMessage(int version, List<JsonNode> requests) {
    static final int VERSION = 2;
    static final int MAX_REQUESTS = 1_000;

    /** What a message has besides its requests. */
    private static final String BEGIN = "{\"version\":" + VERSION + ",\"requests\":[";

    private static final String BETWEEN = ",";
    private static final String END = "]}";

    /** The bytes of a message beyond those of its requests and of {@value #BETWEEN} between them. */
    static final int FRAME_BYTES = BEGIN.length() + END.length();

    private static final ObjectMapper MAPPER = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES); // a later writer may say more
    private static final ObjectReader READER = MAPPER.readerFor(RequestMessage.class);
    private static final ObjectReader REQUEST_READER = MAPPER.readerFor(Request.class);
    private static final ObjectWriter WRITER = MAPPER.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);

    /**
     * One request.
     *
     * @param id the reservation's id
     * @param user whom it is for
     * @param quantity units
     * @param requestedAt milliseconds since the epoch
     * @param mac its signature ({@link Signatures})
     * @param trace a {@link TraceParent}, if it is part of a recorded trace; not signed: nothing is decided by it, and who
     *     does not know it reads the rest
     */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Request(
            String id,
            String user,
            int quantity,
            long requestedAt,
            @Nullable String mac,
            @Nullable String trace) {}

    /**
     * What was read of a message.
     *
     * @param requests those that can be acted on
     * @param forged those that are not believed, as they were written
     * @param unreadable those that make no sense, as they were written
     */
    record Content(List<ReservationRequest> requests, List<String> forged, List<String> unreadable) {}

    /** A message that says nothing that can be acted on; trying again does not help. */
    static final class Malformed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Malformed(String message, Throwable cause) {
            super(message, cause);
        }

        Malformed(String message) {
            super(message);
        }
    }

    /** A message's body. */
    static String write(List<ReservationRequest> requests, Signatures signatures) {
        return join(requests.stream().map(it -> write(it, signatures)).toList());
    }

    /** One request, to be joined with others. */
    static String write(ReservationRequest request, Signatures signatures) {
        TraceParent trace = request.trace();
        return json(new Request(
                request.id().value(),
                request.user().value(),
                request.quantity().units(),
                request.requestedAt().toEpochMilli(),
                signatures.of(request),
                trace == null ? null : trace.value()));
    }

    /** The body of a message of requests that are written already. */
    static String join(List<String> requests) {
        return requests.stream().collect(Collectors.joining(BETWEEN, BEGIN, END));
    }

    private static String json(Object value) {
        try {
            return WRITER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Requests are always JSON", e);
        }
    }

    /**
     * Reads a message's body. A request that cannot be read, or is not believed, does not keep the others from being
     * read.
     *
     * @throws Malformed when there is none that can be read; its message has nothing of the body in it
     */
    static Content read(String body, Signatures signatures) {
        RequestMessage message = message(body);
        List<ReservationRequest> requests = new ArrayList<>();
        List<String> forged = new ArrayList<>();
        List<String> unreadable = new ArrayList<>();
        Malformed why = new Malformed("A message has 1 to " + MAX_REQUESTS + " requests");
        for (JsonNode written : message.requests()) {
            try {
                Request request = parsed(written);
                ReservationRequest read = request(request);
                if (signatures.believes(read, request.mac())) {
                    requests.add(read);
                } else {
                    forged.add(json(written));
                }
            } catch (Malformed e) {
                why = e;
                unreadable.add(json(written));
            }
        }
        if (requests.isEmpty() && forged.isEmpty()) {
            throw why;
        }
        return new Content(requests, forged, unreadable);
    }

    private static RequestMessage message(String body) {
        try {
            RequestMessage message = READER.readValue(body);
            if (message.version() != VERSION) {
                throw new Malformed("Message version " + message.version() + " is not known here");
            }
            if (message.requests() == null || message.requests().size() > MAX_REQUESTS) {
                throw new Malformed("A message has 1 to " + MAX_REQUESTS + " requests");
            }
            return message;
        } catch (JsonProcessingException | NullPointerException e) {
            throw new Malformed("Not a message of requests: " + e.getClass().getSimpleName(), e);
        }
    }

    private static Request parsed(JsonNode written) {
        try {
            return Objects.requireNonNull(REQUEST_READER.readValue(written, Request.class));
        } catch (IOException | NullPointerException e) {
            throw new Malformed("Not a request: " + e.getClass().getSimpleName(), e);
        }
    }

    private static ReservationRequest request(Request request) {
        try {
            return new ReservationRequest(
                    new ReservationId(request.id()),
                    new UserId(request.user()),
                    new Quantity(request.quantity()),
                    Instant.ofEpochMilli(request.requestedAt()),
                    TraceParent.read(request.trace()));
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new Malformed("Not a request: " + e.getClass().getSimpleName(), e);
        }
    }
}
