package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DependenciesIT {
  @Test
  void everyLibraryOfTheDistributionHasItsLine() throws IOException {
    everyLibraryIsOn("docs/dependencies.md");
  }

  @Test
  void everyLibraryOfTheDistributionHasItsLicence() throws IOException {
    everyLibraryIsOn("THIRD-PARTY.md");
  }

  @Test
  void everyLicenceTextThatIsNamedIsThereAndEveryTextIsNamed() throws IOException {
    String page = Files.readString(Distribution.HOME.resolve("THIRD-PARTY.md"));
    List<String> named =
        Pattern.compile("licenses/[\\w./-]*\\w")
            .matcher(page)
            .results()
            .map(MatchResult::group)
            .filter(name -> !name.equals("licenses"))
            .toList();
    assertThat(named)
        .isNotEmpty()
        .allSatisfy(n -> assertThat(Distribution.HOME.resolve(n)).exists());
    try (Stream<Path> texts = Files.walk(Distribution.HOME.resolve("licenses"))) {
      assertThat(texts.filter(Files::isRegularFile).map(Distribution.HOME::relativize))
          .allSatisfy(text -> assertThat(named).contains(text.toString()));
    }
  }

  private static void everyLibraryIsOn(String name) throws IOException {
    String page = Files.readString(Path.of("..").resolve(name));
    try (Stream<Path> files = Files.walk(Distribution.HOME)) {
      for (Path jar : files.filter(f -> f.toString().endsWith(".jar")).toList()) {
        String artifact = jar.getFileName().toString().replaceFirst("-\\d.*", "");
        boolean ours =
            artifact.startsWith("sonde-")
                || jar.getParent().getFileName().toString().equals(artifact);
        assertThat(ours || page.contains(artifact)).as("%s in %s", artifact, name).isTrue();
      }
    }
  }
}
