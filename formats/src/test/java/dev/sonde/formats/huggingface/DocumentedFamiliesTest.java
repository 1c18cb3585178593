package dev.sonde.formats.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DocumentedFamiliesTest {
  @Test
  void everyModelTypeThatIsReadStandsInTheDocumentation() throws IOException {
    String page = Files.readString(Path.of("../docs/models.md"));

    assertThat(Families.types()).isNotEmpty().allMatch(type -> page.contains("`" + type + "`"));
  }
}
