package dev.flashstock.sqs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.flashstock.stock.Quantity;
import dev.flashstock.stock.ReservationId;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.UserId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;

/**
 * What a message says: requests, and the version of the way they are written.
 *
 * @param version {@value #VERSION}
 * @param requests 1 to {@value #MAX_REQUESTS} requests
 */
@RegisterForReflection
record RequestMessage(int version, List<Request> requests) {
    static final int VERSION = 1;
    static final int MAX_REQUESTS = 1_000;

    private static final ObjectMapper MAPPER = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES); // a later writer may say more
    private static final ObjectReader READER = MAPPER.readerFor(RequestMessage.class);
    private static final ObjectWriter WRITER = MAPPER.writerFor(RequestMessage.class);

    /**
     * One request.
     *
     * @param id the reservation's id
     * @param user whom it is for
     * @param quantity units
     * @param requestedAt milliseconds since the epoch
     */
    @RegisterForReflection
    record Request(String id, String user, int quantity, long requestedAt) {}

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

    static String write(List<ReservationRequest> requests) {
        try {
            return WRITER.writeValueAsString(new RequestMessage(
                    VERSION, requests.stream().map(RequestMessage::wire).toList()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Requests are always JSON", e);
        }
    }

    private static Request wire(ReservationRequest request) {
        return new Request(
                request.id().value(),
                request.user().value(),
                request.quantity().units(),
                request.requestedAt().toEpochMilli());
    }

    /**
     * Reads a message's body.
     *
     * @throws Malformed when it is not one
     */
    static List<ReservationRequest> read(String body) {
        try {
            RequestMessage message = READER.readValue(body);
            if (message.version() != VERSION) {
                throw new Malformed("Message version " + message.version() + " is not known here");
            }
            if (message.requests() == null
                    || message.requests().isEmpty()
                    || message.requests().size() > MAX_REQUESTS) {
                throw new Malformed("A message has 1 to " + MAX_REQUESTS + " requests");
            }
            return message.requests().stream().map(RequestMessage::request).toList();
        } catch (JsonProcessingException | IllegalArgumentException | NullPointerException e) {
            throw new Malformed("Not a message of requests: " + e.getMessage(), e);
        }
    }

    private static ReservationRequest request(Request wire) {
        return new ReservationRequest(
                new ReservationId(wire.id()),
                new UserId(wire.user()),
                new Quantity(wire.quantity()),
                Instant.ofEpochMilli(wire.requestedAt()));
    }
}
