package dev.flashstock.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A way to get manifests out of {@code deploy/k8s}: a kustomization, or the chart with files of values. */
record Rendering(String name, List<Path> values, String release) {
    static final Path K8S = Path.of("deploy/k8s");
    static final Path CHART = K8S.resolve("helm/flashstock");

    private static final Map<Rendering, String> DONE = new ConcurrentHashMap<>();
    private static final Path FIXTURES = Path.of("src/test/resources/helm");

    /** The first kustomize that has all that is used; kubectl has it from 1.27 on. */
    private static final int LEAST_KUSTOMIZE = 5;

    private static final Pattern KUSTOMIZE = Pattern.compile("Kustomize Version: v(\\d+)");
    private static final Optional<String> NO_KUSTOMIZE = whyNotKustomize();

    static Rendering kustomization(String directory) {
        return new Rendering(directory, List.of(), "");
    }

    /** The chart under a release's name, with values of its own and those of tests. */
    static Rendering chart(String release, String... values) {
        return new Rendering(
                "helm " + release + " " + String.join(" ", values),
                Stream.of(values)
                        .map(file -> Files.exists(CHART.resolve(file)) ? CHART.resolve(file) : FIXTURES.resolve(file))
                        .toList(),
                release);
    }

    static Stream<Rendering> kustomizations() {
        return Stream.of(kustomization("base"), kustomization("overlays/local"), kustomization("overlays/production"));
    }

    static Stream<Rendering> charts() {
        return Stream.of(
                chart("flashstock", "least.yaml"),
                chart("flashstock", "values-local.yaml"),
                chart("flashstock", "values-production.yaml"),
                chart("flashstock", "values-production.yaml", "jvm.yaml"),
                chart("shop", "everything.yaml"));
    }

    static Stream<Rendering> all() {
        return Stream.concat(kustomizations(), charts());
    }

    /** What is to be applied; the calling test is skipped where kubectl is missing. */
    Manifests manifests() throws IOException, InterruptedException {
        String yaml = DONE.get(this);
        if (yaml == null) {
            yaml = release.isEmpty() ? kustomize() : template(release, values);
            DONE.put(this, yaml);
        }
        return Manifests.parse(yaml);
    }

    /** What Helm makes of the chart for the oldest Kubernetes that it is for. */
    static String template(String release, List<Path> values) {
        TemplateCommand command = new Helm(CHART)
                .template()
                .withName(release)
                .withNamespace("flashstock")
                .withKubeVersion("v1.30.0");
        values.forEach(command::withValuesFile);
        return command.call();
    }

    private String kustomize() throws IOException, InterruptedException {
        assumeTrue(NO_KUSTOMIZE.isEmpty(), () -> NO_KUSTOMIZE.orElse(""));
        return run("kubectl", "kustomize", K8S.resolve(name).toString());
    }

    private static Optional<String> whyNotKustomize() {
        Optional<String> why;
        try {
            Matcher version = KUSTOMIZE.matcher(run("kubectl", "version", "--client"));
            why = version.find() && Integer.parseInt(version.group(1)) >= LEAST_KUSTOMIZE
                    ? Optional.empty()
                    : Optional.of("kubectl is older than 1.27");
        } catch (IOException e) {
            why = Optional.of("no kubectl on the PATH");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        why.ifPresent(it -> System.out.println("Kustomizations are not looked at: " + it));
        return why;
    }

    private static String run(String... command) throws IOException, InterruptedException {
        File errors = File.createTempFile("kubectl", ".err");
        Process process = new ProcessBuilder(command).redirectError(errors).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as("%s: %s", String.join(" ", command), Files.readString(errors.toPath()))
                .isZero();
        assertThat(errors.delete()).isTrue();
        return output;
    }

    @Override
    public String toString() {
        return name;
    }
}
