package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.testkit.PackagingContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The plugins of the distribution are packed as those of others must be. */
class BundledPackagingIT {
  private static final Path PLUGINS = Distribution.HOME.resolve("plugins");

  abstract static class Bundled extends PackagingContract {
    abstract String id();

    @Override
    protected Path folder() {
      return PLUGINS.resolve(id());
    }
  }

  @Test
  void everyBundledPluginIsLookedAt() throws IOException {
    try (Stream<Path> folders = Files.list(PLUGINS)) {
      List<String> bundled =
          folders.map(f -> f.getFileName().toString().replace("-", "")).sorted().toList();
      assertThat(Arrays.stream(BundledPackagingIT.class.getDeclaredClasses()))
          .filteredOn(each -> each != Bundled.class)
          .map(each -> each.getSimpleName().toLowerCase(Locale.ROOT))
          .containsExactlyInAnyOrderElementsOf(bundled);
    }
  }

  @Nested
  class BackendPytorch extends Bundled {
    @Override
    String id() {
      return "backend-pytorch";
    }
  }

  @Nested
  class BackendReference extends Bundled {
    @Override
    String id() {
      return "backend-reference";
    }
  }

  @Nested
  class BackendReplay extends Bundled {
    @Override
    String id() {
      return "backend-replay";
    }
  }

  @Nested
  class DecoderSmile extends Bundled {
    @Override
    String id() {
      return "decoder-smile";
    }
  }

  @Nested
  class ProbeLinear extends Bundled {
    @Override
    String id() {
      return "probe-linear";
    }
  }

  @Nested
  class TokenizerHuggingface extends Bundled {
    @Override
    String id() {
      return "tokenizer-huggingface";
    }
  }

  @Nested
  class VectorFiles extends Bundled {
    @Override
    String id() {
      return "vector-files";
    }
  }
}
