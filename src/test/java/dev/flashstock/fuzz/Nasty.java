package dev.flashstock.fuzz;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What has broken services before: strings, numbers, JSON values, and parts of URLs. */
final class Nasty {
    private static final int HUGE = 64 * 1024;
    private static final int LARGE = 15_000;

    private Nasty() {}

    /** As characters. */
    static List<String> strings() {
        return List.of(
                "",
                " ",
                "\t",
                "a b",
                "null",
                "undefined",
                "true",
                "-1",
                "0",
                "00",
                "+1",
                "1e3",
                "1.5",
                "0x10",
                "١٢",
                "NaN",
                "-0",
                "9".repeat(400),
                "2147483648",
                "9223372036854775808",
                "2026-02-30T00:00:00Z",
                "2026-11-27T09:00:00+25:00",
                "-999999999-01-01T00:00:00Z",
                "+1000000000-12-31T23:59:59.999999999Z",
                "ON_SALE ",
                "on_sale",
                "' OR '1'='1' --",
                "\"; DROP TABLE products; --",
                ":v",
                "#pk",
                "attribute_exists(PK)",
                "PRODUCT#a",
                "${jndi:ldap://127.0.0.1/a}",
                "{{7*7}}",
                "#{7*7}",
                "${7*7}",
                "%s%n%x",
                "<script>alert(1)</script>",
                "../../etc/passwd",
                "..%2f..%2fetc",
                "a/b",
                "a\\b",
                "a;b=c",
                "a,b",
                "\"a\"",
                "W/\"a\"",
                "*",
                "\"",
                ",,,",
                "wait=2147483648",
                "é",
                "e\u0301\u0301\u0301",
                "\uD83D\uDE00",
                "\u202Eabc",
                "\u200B",
                "\uFEFFa",
                "\uFFFF",
                "\u2028",
                "\u0130\u0131",
                "a".repeat(LARGE));
    }

    /** Of lengths at a bound and beyond. */
    static List<String> ofLengths(int... lengths) {
        List<String> strings = new ArrayList<>();
        for (int length : lengths) {
            if (length >= 0) {
                strings.add("a".repeat(length));
                strings.add("é".repeat(length));
            }
        }
        return strings;
    }

    /** As they stand in a header. */
    static List<String> headerValues() {
        List<String> values = new ArrayList<>(strings());
        values.add("a\tb");
        values.add("a\r\n b");
        values.add("a\u0000b");
        values.add("a\u0007b");
        values.add("a\u007Fb");
        values.add("a\rb");
        values.add("a\nb");
        values.add("a\r\nX-Injected: 1");
        values.add("a".repeat(HUGE));
        return values;
    }

    /** Whether HTTP itself forbids it, or may. */
    static boolean breaksAHeader(String value) {
        return value.length() > LARGE || value.chars().anyMatch(c -> c < ' ' && c != '\t' || c == 0x7F);
    }

    /** As they stand in a path or a query, percent-encoded or not. */
    static List<String> urlValues() {
        List<String> values =
                new ArrayList<>(strings().stream().map(Nasty::encoded).toList());
        values.addAll(List.of(
                "%00",
                "a%00b",
                "%0d%0aX-Injected:%201",
                "%ff",
                "%c0%af",
                "%ed%a0%80",
                "%f4%90%80%80",
                "%e2%82",
                "%2e%2e",
                "%2e%2e%2f%2e%2e",
                "..",
                "a%2fb",
                "a%5cb",
                "%25",
                "%2525",
                "%3b",
                "%3f",
                "%23",
                "%20",
                "+",
                "a+b",
                "%41",
                "a%26b%3dc",
                ";a=b",
                "a;a=b",
                "%7f",
                "~",
                "a".repeat(65),
                "a".repeat(129)));
        return values;
    }

    /** Of an URL, and no URL: the server may refuse them before anybody knows what is asked for. */
    static List<String> brokenUrlValues() {
        return List.of(
                "%",
                "%z",
                "%u0041",
                "%zz",
                "a%0",
                "a b",
                "a\u0000b",
                "é",
                "\uD83D\uDE00",
                "a#b",
                "<>",
                "{}",
                "a|b",
                "\"",
                "\\",
                "a".repeat(20_000),
                "a".repeat(HUGE));
    }

    static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** JSON values, as they are written. */
    static List<String> json() {
        List<String> values =
                new ArrayList<>(strings().stream().map(Nasty::quoted).toList());
        values.addAll(List.of(
                "null",
                "true",
                "false",
                "0",
                "-0",
                "1",
                "-1",
                "1.0",
                "1.5",
                "1e0",
                "1e2",
                "1e400",
                "-1e400",
                "1e-400",
                "1E+2147483647",
                "9".repeat(400),
                "-" + "9".repeat(400),
                "0." + "9".repeat(400),
                "2147483647",
                "2147483648",
                "-2147483649",
                "9223372036854775807",
                "9223372036854775808",
                "01",
                "+1",
                "0x1",
                ".5",
                "5.",
                "NaN",
                "Infinity",
                "[]",
                "[1]",
                "{}",
                "{\"a\":1}",
                "[[]]",
                "\"\\u0000\"",
                "\"\\ud800\"",
                "\"\\udc00\\ud800\"",
                "\"\\uZZZZ\"",
                "\"\\x\"",
                "\"unclosed",
                "'a'",
                "undefined",
                "\"a\u0001b\"",
                "/* */ 1",
                "",
                " ",
                ","));
        values.add(nested("[", "]", 10_000 / 2));
        values.add(nested("{\"a\":", "}", 2_000));
        return values;
    }

    static String nested(String open, String close, int levels) {
        return open.repeat(levels) + (open.equals("[") ? "" : "1") + close.repeat(levels);
    }

    static String quoted(String value) {
        StringBuilder json = new StringBuilder("\"");
        for (char c : value.toCharArray()) {
            json.append(c < ' ' || c == '"' || c == '\\' ? "\\u%04x".formatted((int) c) : String.valueOf(c));
        }
        return json.append('"').toString();
    }

    /** Whole bodies that are nobody's. */
    static List<byte[]> bodies(String sound) {
        List<byte[]> bodies = new ArrayList<>();
        for (String text : List.of(
                "",
                " ",
                "null",
                "true",
                "1",
                "\"a\"",
                "[]",
                "[" + sound + "]",
                sound + sound,
                sound + "x",
                "{",
                "}",
                "{\"",
                "{}",
                "\u0000",
                "\uFEFF" + sound,
                "// a\n" + sound,
                "{\"a\"}",
                "{\"a\":1,}",
                "{a:1}",
                nested("[", "]", 8_000),
                nested("{\"a\":", "}", 2_500),
                nested("[", "]", 10_000),
                "[".repeat(10_000),
                manyFields(1_000),
                manyFields(5_000),
                "<a/>",
                "a=b&c=d",
                "sku,delta,reason\n",
                "\n\n\n",
                "\r\r",
                " ".repeat(16_385),
                "a".repeat(HUGE),
                "{\"" + "a".repeat(LARGE) + "\":1}")) {
            bodies.add(text.getBytes(StandardCharsets.UTF_8));
        }
        bodies.add(sound.getBytes(StandardCharsets.UTF_16));
        bodies.add(sound.getBytes(StandardCharsets.UTF_16LE));
        bodies.add(new byte[] {(byte) 0xFF, (byte) 0xFE, 0, 0});
        bodies.add(new byte[] {'"', (byte) 0xC0, (byte) 0xAF, '"'});
        bodies.add(new byte[] {'{', '"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"', ':', '1', '}'});
        bodies.add(new byte[] {0x1F, (byte) 0x8B, 8, 0, 0, 0, 0, 0});
        return bodies;
    }

    private static String manyFields(int fields) {
        StringBuilder json = new StringBuilder("{");
        for (int i = 0; i < fields; i++) {
            json.append(i == 0 ? "" : ",").append("\"f").append(i).append("\":1");
        }
        return json.append('}').toString();
    }
}
