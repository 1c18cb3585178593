package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DependenciesIT {
  @Test
  void everyLibraryOfTheDistributionHasItsLine() throws IOException {
    String page = Files.readString(Path.of("../docs/dependencies.md"));
    try (Stream<Path> files = Files.walk(Distribution.HOME)) {
      for (Path jar : files.filter(f -> f.toString().endsWith(".jar")).toList()) {
        String artifact = jar.getFileName().toString().replaceFirst("-\\d.*", "");
        boolean ours =
            artifact.startsWith("sonde-")
                || jar.getParent().getFileName().toString().equals(artifact);
        assertThat(ours || page.contains(artifact))
            .as("%s in docs/dependencies.md", artifact)
            .isTrue();
      }
    }
  }
}
