package dev.flashstock.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.flashstock.api.Shop;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Makes the README's pictures anew: {@code ./mvnw test -Dquick -Dtest=Screenshots} */
@QuarkusTest
@TestProfile(InTheBrowser.OwnTable.class)
class Screenshots extends InTheBrowser {
    private static final Path PICTURES = Path.of("docs/images");
    private static final int WIDTH = 1_280;

    @Test
    void ofASaleAndARehearsal() throws InterruptedException {
        // Given
        String sku = product("Game console", 900, 10);
        product("Headset", 250, 4);
        ScheduledExecutorService shoppers = Executors.newScheduledThreadPool(4);
        shoppers.scheduleAtFixedRate(() -> buy(sku), 0, 80, TimeUnit.MILLISECONDS);
        Page page = open("/", new Browser.NewContextOptions().setViewportSize(WIDTH, 3_600));
        assertThat(page.locator("#connection")).hasText("Live.");
        page.getByLabel("Show Game console").click();

        // When
        TimeUnit.SECONDS.sleep(45);
        take(page, page.locator("#board"), "board.png");
        shoppers.shutdownNow();
        page.fill("#rehearse-sku", sku);
        press(page, "Rehearse");
        assertThat(page.locator("#run-table tbody tr")).hasCount(3);
        assertThat(page.locator("#rehearse-button")).isEnabled();
        TimeUnit.SECONDS.sleep(1);
        take(page, page.locator("#rehearse"), "rehearsal.png");
        page.navigate(base.resolve("/shop/" + sku).toString());
        press(page, "Add to cart");
        assertThat(page.locator("#said")).hasText("In your cart.");
        take(page, page.locator("main"), "shop.png");

        // Then
        close();
        Page small = open(
                "/", new Browser.NewContextOptions().setViewportSize(360, 800).setColorScheme(ColorScheme.DARK));
        assertThat(small.locator("#burn-down canvas")).isVisible();
        TimeUnit.SECONDS.sleep(2);
        small.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve("board-small.png")));
    }

    private static void buy(String sku) {
        Shop.reserve(Shop.newUser(), sku, 1);
        Shop.stock(sku);
    }

    private static void take(Page page, Locator part, String name) {
        page.mouse().move(0, 0);
        part.screenshot(new Locator.ScreenshotOptions().setPath(PICTURES.resolve(name)));
    }
}
