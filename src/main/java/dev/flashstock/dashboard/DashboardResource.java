package dev.flashstock.dashboard;

import dev.flashstock.api.EventStreams;
import dev.flashstock.api.Problem;
import dev.flashstock.api.Roles;
import dev.flashstock.inventory.Pods;
import dev.flashstock.stock.Sku;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseHeader;
import org.jboss.resteasy.reactive.RestStreamElementType;
import org.jspecify.annotations.Nullable;

/** What the page at {@code /} shows. */
@Path("/dashboard")
@Produces({MediaType.APPLICATION_JSON, Problem.MEDIA_TYPE})
@Tag(name = "Dashboard", description = "What the page at / shows")
public class DashboardResource {
    /** Then a stream ends, and who reads it comes again: with a token that is still valid. */
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final Moments moments;
    private final Levels levels;
    private final Pods pods;
    private final EventStreams streams;
    private final CurrentIdentityAssociation caller;
    private final String table;

    DashboardResource(
            Moments moments,
            Levels levels,
            Pods pods,
            EventStreams streams,
            CurrentIdentityAssociation caller,
            @ConfigProperty(name = "flashstock.dynamodb.table") String table) {
        this.moments = moments;
        this.levels = levels;
        this.pods = pods;
        this.streams = streams;
        this.caller = caller;
        this.table = table;
    }

    @GET
    @Operation(operationId = "getSession", summary = "Who the caller is, and what the page has for it")
    @APIResponseSchema(value = Session.class, responseCode = "200")
    @ResponseHeader(name = "Cache-Control", value = "no-store")
    public Uni<Session> session() {
        return caller.getDeferredIdentity()
                .map(this::session)
                .onFailure(AuthenticationFailedException.class)
                .recoverWithItem(() -> session(null));
    }

    /** Who is not believed is nobody, and is asked to sign in. */
    private Session session(@Nullable SecurityIdentity caller) {
        boolean local = LaunchMode.current().isDevOrTest();
        return new Session(
                caller == null || caller.isAnonymous()
                        ? null
                        : caller.getPrincipal().getName(),
                caller == null
                        ? List.of()
                        : Stream.of(Roles.OPERATOR, Roles.ADMIN)
                                .filter(caller::hasRole)
                                .toList(),
                local ? Session.SignIn.NAME : Session.SignIn.TOKEN,
                local,
                table);
    }

    @GET
    @Path("/events")
    @RolesAllowed({Roles.OPERATOR, Roles.ADMIN})
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RestStreamElementType(MediaType.APPLICATION_JSON)
    @ResponseHeader(name = "Cache-Control", value = "no-store")
    @Operation(
            operationId = "followSale",
            summary = "What there is to see, once a second",
            description =
                    "Server-sent events named now. The first tells of the last five minutes, as far as they are known; who"
                            + " comes again with Last-Event-ID is told what it has missed. A stream ends after five minutes.")
    @APIResponse(
            responseCode = "200",
            content = @Content(mediaType = MediaType.SERVER_SENT_EVENTS, schema = @Schema(implementation = Now.class)))
    public Multi<OutboundSseEvent> follow(
            @QueryParam("sku") @Nullable Sku sku,
            @HeaderParam("Last-Event-ID") @Nullable String known,
            @Context Request request,
            @Context Sse sse) {
        AtomicReference<Instant> seen = new AtomicReference<>(moment(known));
        Multi<OutboundSseEvent> events = Multi.createBy()
                .repeating()
                .uni(() -> next(seen, sku).map(now -> event(now, sse)))
                .indefinitely()
                .select()
                .first(LONGEST);
        return streams.of(request, events, sse);
    }

    /** What somebody has seen last; what is no moment is none that is known. */
    private static Instant moment(@Nullable String known) {
        try {
            return known == null ? Instant.EPOCH : Instant.ofEpochMilli(Long.parseLong(known));
        } catch (NumberFormatException notOurs) {
            return Instant.EPOCH;
        }
    }

    private Uni<Now> next(AtomicReference<Instant> seen, @Nullable Sku sku) {
        return moments.after(Objects.requireNonNull(seen.get()))
                .invoke(unseen -> seen.set(last(unseen)))
                .chain(unseen -> levels(sku)
                        .map(its -> new Now(
                                pods.self(),
                                unseen.stream().map(it -> it.of(sku)).toList(),
                                moments.diagnosis(),
                                its.orElse(null))));
    }

    private Uni<Optional<List<Long>>> levels(@Nullable Sku sku) {
        return sku == null ? Uni.createFrom().item(Optional.empty()) : levels.of(sku);
    }

    private static Instant last(List<Moment> moments) {
        return moments.get(moments.size() - 1).at();
    }

    private static OutboundSseEvent event(Now now, Sse sse) {
        return sse.newEventBuilder()
                .id(String.valueOf(last(now.moments()).toEpochMilli()))
                .name("now")
                .reconnectDelay(EventStreams.RECONNECT)
                .mediaType(MediaType.APPLICATION_JSON_TYPE)
                .data(now)
                .build();
    }
}
