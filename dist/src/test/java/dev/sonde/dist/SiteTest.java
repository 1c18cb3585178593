package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documentation as a site, which a release builds. */
class SiteTest {
  @Test
  void everyPageStandsInTheNavigation() throws IOException {
    String site = Files.readString(Path.of("../scripts/release/mkdocs.yml"));
    try (Stream<Path> pages = Files.list(Path.of("../docs"))) {
      assertThat(pages.map(page -> page.getFileName().toString()).filter(p -> p.endsWith(".md")))
          .isNotEmpty()
          .allSatisfy(page -> assertThat(site).contains("- " + page + "\n"));
    }
  }
}
