package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * The api, the testkit and formats as {@code scripts/release.sh} stages them for a public
 * repository, without the Javadoc, which takes long.
 */
@ResourceLock(MavenProject.LOCAL_REPOSITORY)
class StagedRepositoryIT {
  private static final String VERSION = "0.2.0";

  @TempDir static Path shared;
  private static Path staged;

  @BeforeAll
  static void stage() throws IOException {
    staged = shared.resolve("staged");
    Path checkout = Path.of("..").toAbsolutePath().normalize();
    new MavenProject(Files.createDirectories(shared.resolve("deploy")))
        .run(
            "-f",
            checkout.resolve("pom.xml").toString(),
            "-Dquick",
            "-Drelease",
            "-Dmaven.javadoc.skip=true",
            "-pl",
            ".,api,formats,plugins/testkit",
            "deploy",
            "-DaltDeploymentRepository=staged::" + staged.toUri());
  }

  @Test
  void aNewPluginIsBuiltAndTestedWithNothingElse(@TempDir Path folder) throws IOException {
    Distribution.Said written =
        new Distribution(folder).run("new-plugin", "word-order", "--kind", "decoder");
    assertThat(written.code()).as(written.err()).isZero();
    Path project = folder.resolve(written.lastLine());
    Path pom = project.resolve("pom.xml");
    String original = Files.readString(pom);
    String changed =
        original
            .replaceFirst("<id>sonde-[^<]*</id>", "<id>only-staged</id>")
            .replaceFirst("<url>file:[^<]*</url>", "<url>" + staged.toUri() + "</url>")
            // A bare repository has no checksums of what is not in it; those it has must be right.
            .replace(
                "<checksumPolicy>ignore</checksumPolicy>", "<checksumPolicy>fail</checksumPolicy>");
    assertThat(changed).contains(staged.toUri().toString()).contains("only-staged");
    Files.writeString(pom, changed);

    Path local = folder.resolve("local");
    new MavenProject(project, local).run("verify");
    assertThat(project.resolve("target/plugins/word-order/word-order-0.2.0.jar")).exists();
    for (String artifact : List.of("sonde-api", "sonde-testkit", "sonde-formats", "sonde-parent")) {
      Path came =
          local.resolve("dev/sonde/%s/%s/_remote.repositories".formatted(artifact, VERSION));
      assertThat(came).content().contains(">only-staged=");
    }
  }

  @Test
  void everyArtifactHasWhatAPublicRepositoryDemands() throws IOException {
    String parent = pom("sonde-parent");
    assertThat(parent)
        .contains("<name>", "<description>", "<url>https://", "<license>", "<developer>", "<scm>");
    for (String artifact : List.of("sonde-api", "sonde-testkit", "sonde-formats")) {
      assertThat(pom(artifact)).contains("<name>", "<description>", "<artifactId>sonde-parent</");
      assertThat(files(artifact))
          .contains(
              "%s-%s.jar".formatted(artifact, VERSION),
              "%s-%s.jar.sha1".formatted(artifact, VERSION),
              "%s-%s-sources.jar".formatted(artifact, VERSION))
          .noneMatch(name -> name.contains("SNAPSHOT") || name.contains("-tests"));
    }
  }

  private static Path folder(String artifact) {
    return staged.resolve("dev/sonde").resolve(artifact).resolve(VERSION);
  }

  private static String pom(String artifact) throws IOException {
    return Files.readString(folder(artifact).resolve("%s-%s.pom".formatted(artifact, VERSION)));
  }

  private static List<String> files(String artifact) throws IOException {
    try (Stream<Path> files = Files.list(folder(artifact))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
