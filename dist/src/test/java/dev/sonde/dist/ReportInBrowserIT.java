package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The report in headless Chromium, without a network: its figures are drawn and nothing complains.
 */
class ReportInBrowserIT {
  private static final List<String> BROWSERS =
      List.of("chromium", "chromium-browser", "google-chrome");

  @TempDir Path folder;

  @Test
  void theFiguresAreDrawn() throws IOException {
    Optional<Path> browser = browser();
    assumeTrue(browser.isPresent(), "no Chromium on the PATH");
    Distribution.Said run =
        new Distribution(folder)
            .run(
                "run",
                Distribution.HOME.resolve("experiments/demo.yaml"),
                "--set",
                "evaluation.permutations=99",
                "--out",
                "run",
                "--overwrite");
    assertThat(run.code()).as(run.err()).isZero();
    Path report = folder.resolve("run/report.html");
    Path errors = folder.resolve("browser-errors");
    Process process =
        new ProcessBuilder(
                browser.get().toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--host-resolver-rules=MAP * ~NOTFOUND",
                "--user-data-dir=" + folder.resolve("profile"),
                "--virtual-time-budget=10000",
                "--enable-logging=stderr",
                "--dump-dom",
                report.toUri().toString())
            .redirectError(errors.toFile())
            .start();
    String dom = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(dom.split("<svg", -1)).as("figures in the page").hasSizeGreaterThanOrEqualTo(3);
    assertThat(dom).contains("AUROC, held out").contains("cosine with the direction");
    try (Stream<String> lines = Files.lines(errors, StandardCharsets.ISO_8859_1)) {
      assertThat(lines.filter(line -> line.contains("CONSOLE"))).isEmpty();
    }
  }

  private static Optional<Path> browser() {
    return Stream.of(System.getenv("PATH").split(":"))
        .flatMap(folder -> BROWSERS.stream().map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
