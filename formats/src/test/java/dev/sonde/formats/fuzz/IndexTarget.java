package dev.sonde.formats.fuzz;

import dev.sonde.formats.safetensors.ShardIndex;
import dev.sonde.formats.safetensors.TensorFolder;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The index of shards, beside one shard that holds no tensors. */
public final class IndexTarget {
  private static final byte[] EMPTY_SHARD =
      "\2\0\0\0\0\0\0\0{}".getBytes(StandardCharsets.ISO_8859_1);

  private IndexTarget() {}

  /** Reads the bytes as an index and opens what it names. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    HostileFile.read(
        Map.of("model" + ShardIndex.SUFFIX, bytes, "a.safetensors", EMPTY_SHARD),
        folder -> {
          try (Arena arena = Arena.ofConfined()) {
            TensorFolder.open(folder, "model", arena);
          }
        });
  }
}
