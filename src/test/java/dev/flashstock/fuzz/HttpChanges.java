package dev.flashstock.fuzz;

import dev.flashstock.fuzz.ApiContract.Operation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What may be wrong with any request: its method, its target, its media types, its length. */
final class HttpChanges {
    private final List<Consumer<Draft>> all = new ArrayList<>();

    private HttpChanges() {}

    static List<Consumer<Draft>> of(Operation operation) {
        HttpChanges changes = new HttpChanges();
        changes.methods();
        changes.targets(operation);
        changes.forms();
        changes.credentials();
        changes.lengths();
        changes.heads();
        return changes.all;
    }

    private void methods() {
        for (String method :
                List.of("GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD", "BREW", "get", "PROPFIND")) {
            all.add(draft -> draft.method(method));
        }
        for (String method : List.of("TRACE", "CONNECT", "G ET", "", "G\u0000T", "A".repeat(5_000))) {
            all.add(draft -> draft.method(method).malformed());
        }
    }

    private void targets(Operation operation) {
        String path = operation.path().replace("{", "").replace("}", "");
        for (String target : List.of(
                "/",
                path + "/",
                "//" + path,
                path + "//",
                path + "/..",
                path + "/.",
                path + "/x",
                path + ";a=b",
                path + "?",
                path + "?&&&",
                path + "?=",
                path + "?a=b=c",
                path + "?%00=%00",
                path + "%00",
                path + "%2f..%2fq",
                "/q/../" + path,
                "/%2e%2e" + path,
                path.toUpperCase(java.util.Locale.ROOT),
                "/products/%2e%2e/q/health",
                "/nothing",
                "/q/nothing")) {
            all.add(draft -> draft.target(target));
        }
        for (String target : List.of(
                "*",
                "//",
                "http://shop" + path,
                "http://",
                "a",
                "",
                path + "#a",
                path + "?a=%zz",
                path + "%",
                "\\..\\..",
                "?",
                "/" + "a/".repeat(5_000),
                path + "?" + "a=b&".repeat(3_000),
                path + "?" + "a".repeat(70_000))) {
            all.add(draft -> draft.target(target).malformed());
        }
    }

    private void forms() {
        for (String type : List.of(
                "",
                "a",
                "/",
                "*/*",
                "application/*",
                "text/plain",
                "application/xml",
                "multipart/form-data",
                "multipart/form-data; boundary=a",
                "application/x-www-form-urlencoded",
                "application/json;",
                "application/json; charset=utf-16",
                "application/json; charset=nothing",
                "application/json; charset=",
                "application/json; charset=\"utf-8",
                "APPLICATION/JSON",
                "application/json, text/plain",
                "application/problem+json",
                "application/merge-patch+json",
                "text/csv; charset=latin-1",
                "application/x-ndjson; charset=utf-7",
                "application/json; a=" + "b".repeat(5_000),
                "\uD83D\uDE00/a",
                "application/json; charset=\u00e9")) {
            all.add(draft -> draft.header("Content-Type", type));
        }
        for (String type : List.of(
                "",
                "a",
                "/",
                "*",
                "*/*",
                "*/json",
                "text/html",
                "application/xml",
                "application/json;q=0",
                "application/json;q=2",
                "application/json;q=a",
                "application/json;q=",
                "text/csv",
                "text/event-stream",
                "application/problem+json",
                "text/html, */*;q=0.1",
                ",,,",
                "application/json;" + "a=b;".repeat(500),
                "text/html;level=1, ".repeat(300) + "a/b",
                "\uD83D\uDE00/a",
                "application/json;charset=nothing")) {
            all.add(draft -> draft.header("Accept", type));
        }
        for (String name : List.of(
                "Accept-Encoding",
                "Accept-Charset",
                "Accept-Language",
                "Content-Encoding",
                "Origin",
                "Range",
                "If-Modified-Since",
                "Forwarded",
                "X-Forwarded-For",
                "X-Forwarded-Proto",
                "X-HTTP-Method-Override",
                "Cookie",
                "Upgrade-Insecure-Requests")) {
            for (String value : List.of("", "a", "gzip", "*", "identity;q=0, *;q=0", "bytes=0-", "=;=;", "DELETE")) {
                all.add(draft -> draft.header(name, value));
            }
        }
    }

    private void credentials() {
        for (String value : List.of(
                "",
                "Bearer",
                "Bearer ",
                "Bearer a",
                "Bearer a.b.c",
                "Bearer ..",
                "Basic YTph",
                "Basic %%",
                "Digest a",
                "bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIiwiZ3JvdXBzIjpbImFkbWluIl19.",
                "Bearer " + "a".repeat(8_000),
                "Bearer \u00e9",
                "\uD83D\uDE00")) {
            all.add(draft -> draft.header("Authorization", value));
        }
        all.add(draft -> draft.withoutHeader("Authorization"));
    }

    private void lengths() {
        byte[] body = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
        for (String length : List.of(
                "-1",
                "a",
                "",
                "+7",
                "7, 7",
                "0x7",
                "99999999999999999999",
                "1e3",
                "67108865",
                "2147483648",
                "7\t",
                "٧")) {
            all.add(draft -> draft.bodyOfUntoldLength(body)
                    .header("Content-Length", length)
                    .header("Connection", "close")
                    .malformed());
        }
        all.add(draft -> draft.body(body).anotherHeader("Content-Length", "1").malformed());
        for (String chunks : List.of(
                "7\r\n{\"a\":1}\r\n0\r\n\r\n",
                "0\r\n\r\n",
                "zz\r\n\r\n",
                "-1\r\n\r\n",
                "ffffffffff\r\n\r\n",
                "7;a=b\r\n{\"a\":1}\r\n0\r\nX-Trailer: a\r\n\r\n",
                "7\n{\"a\":1}\n0\n\n")) {
            all.add(draft -> chunked(draft, chunks, "chunked"));
        }
        all.add(draft -> chunked(draft, "0\r\n\r\n", "gzip, chunked"));
        all.add(draft -> chunked(draft, "0\r\n\r\n", "chunked, chunked"));
        all.add(draft -> chunked(draft.header("Content-Length", "5"), "0\r\n\r\n", "chunked"));
        all.add(draft -> draft.header("Expect", "100-continue"));
        all.add(draft -> draft.header("Expect", "a").malformed());
    }

    private static void chunked(Draft draft, String chunks, String coding) {
        draft.bodyOfUntoldLength(chunks.getBytes(StandardCharsets.UTF_8))
                .header("Transfer-Encoding", coding)
                .header("Connection", "close")
                .malformed();
    }

    private void heads() {
        for (String version :
                List.of("HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/9.9", "HTTPS/1.1", "http/1.1", "", "HTTP/1.1 a")) {
            all.add(draft -> draft.version(version).header("Connection", "close"));
        }
        all.add(draft -> draft.withoutHeader("Host").malformed());
        all.add(draft -> draft.anotherHeader("Host", "another").malformed());
        all.add(draft -> draft.header("Host", "").malformed());
        all.add(draft -> draft.header("Host", "a b:99999999").malformed());
        all.add(draft -> draft.header("Upgrade", "h2c")
                .header("Connection", "Upgrade, HTTP2-Settings")
                .header("HTTP2-Settings", "a"));
        all.add(draft -> draft.header("Upgrade", "websocket")
                .header("Connection", "Upgrade")
                .malformed());
        all.add(HttpChanges::manyHeaders);
        all.add(draft -> draft.anotherHeader("X-Large", "a".repeat(15_000)).malformed());
        all.add(draft -> draft.anotherHeader("X Name", "a").malformed());
        all.add(draft -> draft.anotherHeader("", "a").malformed());
        all.add(draft -> draft.anotherHeader("\u0000", "a").malformed());
        all.add(draft -> draft.anotherHeader("X-\u00e9", "a").malformed());
    }

    private static void manyHeaders(Draft draft) {
        for (int i = 0; i < 700; i++) {
            draft.anotherHeader("X-" + i, "a");
        }
        draft.malformed();
    }
}
