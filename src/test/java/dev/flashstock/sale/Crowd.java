package dev.flashstock.sale;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Many callers of the API at once.
 *
 * @param base the API's address
 * @param authorize the headers that name a user: names and values in turn
 */
record Crowd(URI base, Function<String, String[]> authorize) {
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(20))
            .build();
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * An answer.
     *
     * @param status the HTTP status
     * @param location the header, or an empty string
     * @param body the document
     */
    record Answer(int status, String location, JsonNode body) {
        String text(String field) {
            return body.path(field).asText();
        }
    }

    Answer put(String path, String user, String body) {
        return send(request(path, user).PUT(HttpRequest.BodyPublishers.ofString(body)))
                .join();
    }

    Answer post(String path, String user, String key, String body) {
        return postLater(path, user, key, body).join();
    }

    CompletableFuture<Answer> postLater(String path, String user, String key, String body, String... headers) {
        HttpRequest.Builder request =
                request(path, user).header("Idempotency-Key", key).POST(HttpRequest.BodyPublishers.ofString(body));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    CompletableFuture<Answer> getLater(String path, String user) {
        return send(request(path, user).GET());
    }

    Answer get(String path, String user) {
        return getLater(path, user).join();
    }

    /** Everybody asks at once: user 0, user 1 and so on. */
    List<Answer> everybody(int users, BiFunction<Crowd, String, CompletableFuture<Answer>> ask) {
        List<CompletableFuture<Answer>> asked = IntStream.range(0, users)
                .mapToObj(i -> ask.apply(this, "user-" + i))
                .toList();
        return asked.stream().map(CompletableFuture::join).toList();
    }

    /** How often each status stands at the users' locations, in the order of the users. */
    Map<String, Long> statuses(List<String> locations) {
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < locations.size(); i++) {
            answers.add(getLater(locations.get(i), "user-" + i));
        }
        return answers.stream()
                .map(answer -> answer.join().text("status"))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    private HttpRequest.Builder request(String path, String user) {
        return HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .headers(authorize.apply(user));
    }

    private static CompletableFuture<Answer> send(HttpRequest.Builder request) {
        return CLIENT.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
                .thenApply(response -> new Answer(
                        response.statusCode(),
                        response.headers().firstValue("Location").orElse(""),
                        json(response.body())));
    }

    private static JsonNode json(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Not JSON: " + body, e);
        }
    }
}
