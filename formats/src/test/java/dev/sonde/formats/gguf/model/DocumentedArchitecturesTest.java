package dev.sonde.formats.gguf.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DocumentedArchitecturesTest {
  @Test
  void thePageOfModelsNamesEveryArchitectureThatIsRead() throws IOException {
    String page = Files.readString(Path.of("../docs/models.md"));
    String gguf = page.substring(page.indexOf("GGUF files are read of the architectures"));
    assertThat(GgufFamilies.architectures())
        .isNotEmpty()
        .allMatch(name -> gguf.contains("`" + name + "`"));
  }
}
