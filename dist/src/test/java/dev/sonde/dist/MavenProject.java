package dev.sonde.dist;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Maven project outside this build. What Maven needs comes from the local repository of this
 * build, which stands for Maven Central; what is resolved goes into a local repository of its own.
 */
final class MavenProject {
  /** What tests that build with Maven share: no two of them may fill it at once. */
  static final String LOCAL_REPOSITORY = "local repository";

  private static final int MINUTES = 8;
  private static final Path LOCAL = Path.of("target", "m2").toAbsolutePath();

  private final Path folder;
  private final Path local;

  MavenProject(Path folder) {
    this(folder, LOCAL);
  }

  /**
   * A project.
   *
   * @param local its own local repository, where the shared one must not help
   */
  MavenProject(Path folder, Path local) {
    this.folder = folder;
    this.local = local;
  }

  /** A script that is Maven as this build runs it. */
  String script() throws IOException {
    Path settings = Files.writeString(folder.resolve("settings.xml"), settings());
    return """
        #!/bin/sh
        exec %s -B -Dstyle.color=never -Dmaven.repo.local=%s -s %s "$@"
        """
        .formatted(Path.of(System.getProperty("maven.home"), "bin", "mvn"), local, settings);
  }

  /** Runs Maven and gives what it printed; anything but success is an error. */
  String run(String... goals) {
    try {
      Path script = Files.writeString(folder.resolve("maven.sh"), script());
      List<String> command = new ArrayList<>(List.of("sh", script.toString(), "-q"));
      command.addAll(List.of(goals));
      Path output = folder.resolve("maven.log");
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
      process.destroyForcibly();
      String said = Files.readString(output, StandardCharsets.UTF_8);
      if (!ended || process.exitValue() != 0) {
        throw new AssertionError(command + ":\n" + said);
      }
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String settings() {
    return """
        <settings>
          <mirrors>
            <mirror>
              <id>local</id>
              <mirrorOf>central</mirrorOf>
              <url>%s</url>
            </mirror>
          </mirrors>
        </settings>
        """
        .formatted(Path.of(System.getProperty("maven.local")).toUri());
  }
}
