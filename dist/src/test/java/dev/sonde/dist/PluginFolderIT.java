package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plugins are folders: copied in they are found, removed they are gone, broken they harm nobody.
 */
class PluginFolderIT {
  private static final Path BUNDLED = Distribution.HOME.resolve("plugins");

  @TempDir Path folder;

  @Test
  void aFolderCopiedInIsFoundAndRemovedIsGone() throws IOException {
    Path home = distributionWithout("probe-linear");
    Distribution sonde = new Distribution(folder).with("SONDE_HOME", home);
    assertThat(sonde.run("plugins").out()).doesNotContain("probe-linear");

    Path copied = copy(BUNDLED.resolve("probe-linear"), folder.resolve("plugins/probe-linear"));

    assertThat(sonde.run("plugins").out()).contains("probe-linear").contains("user");
    Distribution.Said run =
        sonde.run(
            "run",
            Distribution.HOME.resolve("experiments/reasoning-direction.yaml"),
            "--set",
            "data.limit=60",
            "--backend",
            "reference",
            "--out",
            "with-user-plugin");
    assertThat(run.code()).as(run.err()).isZero();

    delete(copied);
    assertThat(sonde.run("plugins").out()).doesNotContain("probe-linear");
  }

  @Test
  void aBrokenPluginIsListedWithItsHintAndARunGoesOn() throws IOException {
    Files.createDirectories(folder.resolve("plugins/empty"));
    copy(BUNDLED.resolve("probe-linear"), folder.resolve("plugins/probe-linear"));
    Distribution sonde = new Distribution(folder);
    Distribution.Said listed = sonde.run("plugins");
    assertThat(listed.code()).isZero();
    assertThat(listed.out())
        .contains("plugin 'empty' failed at SCAN")
        .contains(
            "plugin 'probe-linear' failed at REGISTER: the id 'probe-linear' is already taken");
    Distribution.Said dry =
        sonde.run(
            "run",
            Distribution.HOME.resolve("experiments/reasoning-direction.yaml"),
            "--backend",
            "reference",
            "--dry-run");
    assertThat(dry.code()).as(dry.err()).isZero();
    assertThat(dry.err()).contains("warning: plugin 'empty' failed");
  }

  @Test
  void aRunThatNeedsAPluginThatFailedEndsWithItsStage() throws IOException {
    Path home = distributionWithout("probe-linear");
    Path broken = Files.createDirectories(folder.resolve("plugins/probe-linear"));
    Files.writeString(broken.resolve("probe-linear.jar"), "not a jar");
    Distribution.Said said =
        new Distribution(folder)
            .with("SONDE_HOME", home)
            .run("run", Distribution.HOME.resolve("experiments/reasoning-direction.yaml"));
    assertThat(said.code()).isEqualTo(3);
    assertThat(said.err())
        .contains("the run needs the probe 'linear'")
        .contains("failed at SCAN")
        .contains("probe-linear.jar is not a readable jar");
  }

  @Test
  void listingIsJsonOnRequest() throws IOException {
    Distribution.Said listed = new Distribution(folder).run("plugins", "--json");
    Path file = Files.writeString(folder.resolve("plugins.json"), listed.out());
    assertThat(Report.json(file)).containsKey("plugins");
    assertThat(listed.out()).contains("\"nativeGroup\" : \"pytorch\"");
  }

  /** A distribution whose parts are links to the assembled one, but for one plugin. */
  private Path distributionWithout(String plugin) throws IOException {
    Path home = Files.createDirectories(folder.resolve("home"));
    for (String part : new String[] {"bin", "conf", "lib", "models", "experiments"}) {
      Files.createSymbolicLink(home.resolve(part), Distribution.HOME.resolve(part));
    }
    Path plugins = Files.createDirectories(home.resolve("plugins"));
    try (Stream<Path> all = Files.list(BUNDLED)) {
      for (Path each : all.filter(p -> !p.endsWith(plugin)).toList()) {
        Files.createSymbolicLink(plugins.resolve(each.getFileName()), each);
      }
    }
    return home;
  }

  private static Path copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
    return to;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
