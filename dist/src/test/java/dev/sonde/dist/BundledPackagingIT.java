package dev.sonde.dist;

import dev.sonde.testkit.PackagingContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The plugins of the distribution are packed as those of others must be. */
@ParameterizedClass(name = "{0}")
@MethodSource("bundled")
class BundledPackagingIT extends PackagingContract {
  private static final Path PLUGINS = Distribution.HOME.resolve("plugins");

  @Parameter String id = "";

  static List<String> bundled() throws IOException {
    try (Stream<Path> folders = Files.list(PLUGINS)) {
      return folders.map(folder -> folder.getFileName().toString()).sorted().toList();
    }
  }

  @Override
  protected Path folder() {
    return PLUGINS.resolve(id);
  }
}
