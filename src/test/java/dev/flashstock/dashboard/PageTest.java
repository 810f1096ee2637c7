package dev.flashstock.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page in a real browser, as a newcomer meets it: on a table of its own, with nothing in it. */
@QuarkusTest
@TestProfile(InTheBrowser.OwnTable.class)
@Tag("long")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PageTest extends InTheBrowser {
    private static final String CHART_FILLS_ITS_PLACE =
            "document.querySelector('#burn-down canvas').clientWidth === document.querySelector('#burn-down').clientWidth";

    // The newcomer

    @Test
    @Order(1)
    void aNewcomerPutsASampleOnSaleBuysOneAndSeesItGo() {
        // Given
        Page page = board();

        // When
        press(page, "Put a sample on sale");
        assertThat(cell(page, "Game console", 1)).hasText("700", soon());
        assertThat(page.locator("#shard-grid li")).hasCount(10);
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Game console"))
                .click();
        assertThat(page.locator("#left")).hasText("700 left");
        press(page, "Add to cart");
        assertThat(page.locator("#said")).hasText("In your cart.");
        assertThat(page.locator("#countdown")).containsText("Held for you for");
        assertThat(page.locator("#left")).hasText("699 left");
        press(page, "Pay");

        // Then
        assertThat(page.locator("#said")).hasText("Paid: yours.");
        page.navigate(base.toString());
        assertThat(cell(page, "Game console", 1)).hasText("699", soon());
        assertThat(page.locator("#burn-down")).hasAttribute("aria-label", Pattern.compile(".*now 699.*"));
        assertThat(complaints).isEmpty();
    }

    @Test
    void theSameCrowdThrottlesOneKeyAndNotTenShards() {
        // Given
        String sku = product("Rehearsed", 1, 10);
        Page page = board();

        // When
        page.fill("#rehearse-sku", sku);
        page.fill("#rehearse-shoppers", "400");
        page.fill("#rehearse-seconds", "4");
        press(page, "Rehearse");
        assertThat(page.locator("#rehearse-said")).containsText("Rehearsing one key (1 of 3)");
        assertThat(page.locator("#rehearse-button")).isDisabled();
        assertThat(page.locator("#run-table tbody tr")).hasCount(3);
        assertThat(page.locator("#rehearse-button")).isEnabled();

        // Then
        Locator runs = page.locator("#run-table tbody tr");
        Locator keys = page.locator("#run-keys .keys");
        assertThat(runs.nth(0).locator("th")).containsText("one key");
        assertThat(runs.nth(2).locator("th")).containsText("flashstock");
        assertThat(accepted(runs.nth(2))).isGreaterThan(accepted(runs.nth(0)));
        assertThat(throttles(runs.nth(2))).isLessThan(throttles(runs.nth(0)));
        assertThat(keys.nth(0).locator("li[data-state=throttled]")).hasCount(1);
        assertThat(keys.nth(1).locator("li")).hasCount(10);
        assertThat(page.locator("#accepted-chart canvas")).isVisible();
        assertThat(page.locator("#accepted-chart"))
                .hasAttribute("aria-label", Pattern.compile("Accepted a second, by run\\. .*one key.*flashstock.*"));
        page.reload();
        assertThat(page.locator("#run-table tbody tr")).hasCount(3);
        assertThat(complaints).isEmpty();
    }

    private static double accepted(Locator run) {
        return figure(run, 1);
    }

    private static double throttles(Locator run) {
        return figure(run, 5);
    }

    private static double figure(Locator run, int column) {
        return Double.parseDouble(run.locator("td").nth(column).textContent().replace(",", ""));
    }

    // The stream

    @Test
    void whenTheStreamIsLostThePageSaysSoAndFillsTheGapWhenItIsBack() throws IOException {
        // Given
        try (Relay relay = new Relay(base)) {
            Page page = open(relay.address().toString());
            assertThat(page.locator("#shard-grid li").first()).isVisible(); // of the product that was chosen

            // When
            relay.cut();
            assertThat(page.locator("#connection")).containsText("what you see is old");
            Request again = page.waitForRequest(request -> request.url().contains("/dashboard/events"), relay::mend);

            // Then
            assertThat(page.locator("#connection")).containsText("The gap is filled.");
            assertThat(again.headerValue("last-event-id")).matches("\\d+");
        }
    }

    // Signing in

    @Test
    void whoMayNotLookIsToldWhyAndSignsInAsSomebodyWhoMay() {
        // Given
        Page page = board();
        press(page, "Sign out");
        page.fill("#credential", "alice");
        press(page, "Sign in");
        assertThat(page.locator("#sign-in-error")).hasText("alice may not look: it takes the role operator or admin.");
        assertThat(page.locator("#board")).isHidden();

        // When
        page.fill("#credential", "operator");
        press(page, "Sign in");

        // Then
        assertThat(page.locator("#board")).isVisible();
        assertThat(page.locator("#user")).hasText("operator");
        assertThat(page.locator("#operations")).isHidden();
        assertThat(complaints).isEmpty();
    }

    // Operations

    @Test
    void anAdminAdjustsStockChangesTheLayoutAndTriesTheEmergencySwitch() {
        // Given
        String sku = product("Operated", 40, 4);
        Page page = board();

        // When
        page.fill("#adjust-sku", sku);
        page.fill("#adjust-delta", "-15");
        page.selectOption("#adjust-reason", "DAMAGE");
        press(page, "Adjust");
        assertThat(page.locator("#adjust-form .answer")).hasText("Done: -15 units of " + sku + ".");
        page.fill("#layout-sku", sku);
        page.fill("#layout-shards", "8");
        press(page, "Change");
        assertThat(page.locator("#layout-form .answer")).containsText("8");
        press(page, "Show what would change");

        // Then
        assertThat(page.locator("#on-demand-form .answer")).containsText("Nothing to do: it is so already.");
        assertThat(cell(page, "Operated", 1)).hasText("25", soon());
        assertThat(complaints).isEmpty();
    }

    @Test
    void whatIsRefusedIsSaidInTheForm() {
        // Given
        Page page = board();

        // When
        page.fill("#adjust-sku", "nothing-of-that-name");
        page.fill("#adjust-delta", "5");
        press(page, "Adjust");

        // Then
        assertThat(page.locator("#adjust-form .answer.error")).containsText("nothing-of-that-name");
    }

    // The shop

    @Test
    void aShopSellsOutAndHasItBackWhenSomebodyGivesItBack() {
        // Given
        String sku = product("Last one", 1, 1);
        Page page = open("/shop/" + sku);
        assertThat(page.locator("#left")).hasText("1 left");

        // When
        press(page, "Add to cart");
        assertThat(page.locator("#said")).hasText("In your cart.");
        assertThat(page.locator("#left")).hasText("Sold out");
        page.reload();
        assertThat(page.locator("#said")).hasText("In your cart.");
        press(page, "Take out of the cart");

        // Then
        assertThat(page.locator("#said")).hasText("Taken out of the cart.");
        assertThat(page.locator("#left")).hasText("1 left");
        assertThat(page.locator("#add")).isEnabled();
        assertThat(complaints).isEmpty();
    }

    @Test
    void aShopOfWhatIsNoProductSaysSo() {
        // When
        Page page = open("/shop/nothing-of-that-name");

        // Then
        assertThat(page.locator("#name")).hasText("There is no nothing-of-that-name.");
    }

    // For everybody

    @Test
    void theKeyboardIsEnough() {
        // Given
        String sku = product("Typed", 10, 2);
        Page page = board();
        assertThat(cell(page, "Typed", 1)).hasText("10", soon());

        // When
        page.keyboard().press("Tab");
        assertThat(page.locator(".skip")).isFocused();
        page.keyboard().press("Enter");
        assertThat(page.locator("#main")).isFocused();
        tabTo(page, "[aria-label=\"Show Typed\"]");
        page.keyboard().press("Enter");
        assertThat(page.locator("#shards-title .chosen")).hasText(sku);
        assertThat(page.locator("[aria-label=\"Show Typed\"]")).isFocused();
        tabTo(page, "#adjust-sku");
        page.keyboard().type(sku);
        page.keyboard().press("Tab");
        page.keyboard().type("5");
        page.keyboard().press("Tab");
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");

        // Then
        assertThat(page.locator("#adjust-form .answer")).hasText("Done: +5 units of " + sku + ".");
        assertThat(page.locator("#adjust-form button")).isFocused();
    }

    private static void tabTo(Page page, String selector) {
        for (int i = 0; i < 60; i++) {
            page.keyboard().press("Tab");
            if ((boolean) page.locator(selector).evaluate("it => it === document.activeElement")) {
                return;
            }
        }
        throw new AssertionError("Tab does not lead to " + selector);
    }

    @ParameterizedTest
    @CsvSource({"1280, LIGHT", "1280, DARK", "360, LIGHT", "360, DARK"})
    void nobodyIsShutOut(int width, ColorScheme colours) {
        // Given
        String sku = product("Seen by all", 10, 2);
        Page page = open(
                "/", new Browser.NewContextOptions().setViewportSize(width, 800).setColorScheme(colours));
        assertThat(cell(page, "Seen by all", 1)).hasText("10", soon());
        assertThat(page.locator("#burn-down canvas")).isVisible();

        // When
        List<Rule> ofTheBoard = new AxeBuilder(page).analyze().getViolations();
        boolean boardFits = fits(page);
        page.navigate(base.resolve("/shop/" + sku).toString());
        assertThat(page.locator("#left")).hasText("10 left");
        List<Rule> ofTheShop = new AxeBuilder(page).analyze().getViolations();

        // Then
        assertThat(ofTheBoard).extracting(PageTest::told).isEmpty();
        assertThat(ofTheShop).extracting(PageTest::told).isEmpty();
        assertThat(boardFits).isTrue();
        assertThat(fits(page)).isTrue();
        assertThat(complaints).isEmpty();
    }

    @Test
    void chartsAreAsWideAsTheWindowLets() {
        // Given
        Page page = board();
        assertThat(page.locator("#burn-down canvas")).isVisible();

        // When
        page.setViewportSize(360, 800);

        // Then
        await().pollInSameThread().until(() -> page.evaluate(CHART_FILLS_ITS_PLACE), Boolean.TRUE::equals);
        assertThat(fits(page)).isTrue();
        page.setViewportSize(1_280, 800);
        await().pollInSameThread().until(() -> page.evaluate(CHART_FILLS_ITS_PLACE), Boolean.TRUE::equals);
    }

    private static boolean fits(Page page) {
        return (boolean) page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth");
    }

    private static String told(Rule rule) {
        return rule.getImpact() + " " + rule.getId() + ": " + rule.getHelp() + " "
                + rule.getNodes().stream().map(node -> node.getHtml()).toList();
    }

    @Test
    void thePageIsSmallAndIsThereBeforeItsCharts() {
        // Given
        List<Request> requests = new CopyOnWriteArrayList<>();
        context = CHROMIUM.browser().newContext();
        Page page = context.newPage();
        page.onRequestFinished(requests::add);

        // When
        page.navigate(base.toString());
        assertThat(page.locator("#burn-down canvas")).isVisible();

        // Then
        int bytes = requests.stream()
                .filter(it -> !it.url().contains("/lib/"))
                .mapToInt(it -> it.sizes().responseBodySize + it.sizes().responseHeadersSize)
                .sum();
        double painted = number(page, "performance.getEntriesByName('first-contentful-paint')[0].startTime");
        double charts = number(
                page, "performance.getEntriesByType('resource').find((it) => it.name.includes('/lib/')).startTime");
        System.out.printf(
                "first paint after %.0f ms, %.1f KB without ECharts, which is asked for after %.0f ms%n",
                painted, bytes / 1_000.0, charts);
        assertThat(bytes).isLessThan(300_000);
        assertThat(painted).isLessThan(charts);
        assertThat(requests).extracting(Request::url).allMatch(url -> url.startsWith(base.toString()));
    }

    private static double number(Page page, String expression) {
        return ((Number) page.evaluate(expression)).doubleValue();
    }
}
