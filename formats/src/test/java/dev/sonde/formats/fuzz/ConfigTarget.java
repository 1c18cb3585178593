package dev.sonde.formats.fuzz;

import dev.sonde.formats.huggingface.AttentionSpec;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.DecoderWeights;
import dev.sonde.formats.huggingface.ModelFolder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;

/** A config.json beside a file without weights, as far as the decoder it describes. */
public final class ConfigTarget {
  private static final byte[] NO_WEIGHTS =
      "\2\0\0\0\0\0\0\0{}".getBytes(StandardCharsets.ISO_8859_1);

  /** A length within and one beyond the context of any seed. */
  private static final int[] LENGTHS = {5, 1_000_000};

  private ConfigTarget() {}

  /** Reads the bytes as a configuration. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    HostileFile.read(
        Map.of("config.json", bytes, "model.safetensors", NO_WEIGHTS), ConfigTarget::use);
  }

  /** Opens a model and asks for all that needs no weights. */
  static void use(Path path) {
    ModelFolder model = ModelFolder.open(path);
    DecoderSpec spec = model.spec();
    DecoderWeights weights = model.weights();
    for (int layer = 0; layer < spec.layers(); layer++) {
      int block = layer;
      weights
          .linears(layer)
          .forEach(
              part ->
                  Math.multiplyExact(
                      weights.outWidth(part, block), 1L * weights.inWidth(part, block)));
    }
    IntStream.range(0, spec.layers())
        .mapToObj(spec::attention)
        .flatMap(attention -> attention.flatMap(AttentionSpec::rotary).stream())
        .distinct()
        .forEach(
            rotary -> {
              for (int length : LENGTHS) {
                rotary.frequencies(length);
                rotary.variant(length);
              }
            });
    weights.hookSites();
  }
}
