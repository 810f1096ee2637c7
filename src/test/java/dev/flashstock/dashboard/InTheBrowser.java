package dev.flashstock.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import dev.flashstock.api.Shop;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page in a real browser, on a table of its own, as dev mode has it. */
abstract class InTheBrowser {
    private static final double PATIENCE = Duration.ofSeconds(60).toMillis();

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @TestHTTPResource("/")
    URI base;

    protected final List<String> complaints = new CopyOnWriteArrayList<>();
    protected BrowserContext context;

    /** Nothing is on sale there. */
    public static class OwnTable implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "flashstock.dynamodb.table", "flashstock-page",
                    "flashstock.sqs.queue", "flashstock-page-reservations",
                    "flashstock.sqs.dead-letter-queue", "flashstock-page-reservations-dead",
                    "flashstock.redis.key-prefix", "flashstock-page:",
                    "flashstock.reservations.shopper-confirms", "true");
        }
    }

    protected Page open(String path) {
        return open(path, new Browser.NewContextOptions().setViewportSize(1_280, 900));
    }

    protected Page open(String path, Browser.NewContextOptions options) {
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE);
        context = CHROMIUM.browser().newContext(options);
        context.setDefaultTimeout(PATIENCE);
        Page page = context.newPage();
        page.onPageError(complaints::add);
        page.onConsoleMessage(this::listen);
        page.navigate(base.resolve(path).toString());
        return page;
    }

    protected void listen(ConsoleMessage message) {
        if (message.type().equals("error")) {
            complaints.add(message.text() + " " + message.location());
        }
    }

    @AfterEach
    void close() {
        if (context != null) {
            context.close();
        }
    }

    /** The board of somebody who is known by name; dev mode takes it for admin's unless told otherwise. */
    protected Page board() {
        Page page = open("/");
        assertThat(page.locator("#connection")).hasText("Live.");
        return page;
    }

    protected static Locator cell(Page page, String product, int column) {
        return page.locator("#product-table tbody tr")
                .filter(new Locator.FilterOptions().setHasText(product))
                .locator("td")
                .nth(column);
    }

    protected static LocatorAssertions.HasTextOptions soon() {
        return new LocatorAssertions.HasTextOptions().setTimeout(PATIENCE);
    }

    protected static void press(Page page, String button) {
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName(button).setExact(true))
                .click();
    }

    protected static String product(String name, long units, int shards) {
        String sku = Shop.newSku();
        Map<String, Object> product = Shop.product();
        product.put("name", name);
        product.put("shards", shards);
        Shop.put(sku, product).then().statusCode(201);
        Shop.adjust(sku, units).then().statusCode(201);
        return sku;
    }
}
