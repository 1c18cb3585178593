package dev.sonde.formats.fuzz;

import dev.sonde.formats.safetensors.SafetensorsFile;
import dev.sonde.formats.safetensors.Tensor;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Map;

/** One safetensors file: its header, and the ends of every tensor. */
public final class SafetensorsTarget {
  private static final String FILE = "model.safetensors";

  private SafetensorsTarget() {}

  /** Reads the bytes as a file. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    HostileFile.read(Map.of(FILE, bytes), SafetensorsTarget::read);
  }

  private static void read(Path folder) {
    try (Arena arena = Arena.ofConfined()) {
      SafetensorsFile file = SafetensorsFile.open(folder.resolve(FILE), arena);
      file.tensors().values().forEach(SafetensorsTarget::readEnds);
    }
  }

  private static void readEnds(Tensor tensor) {
    boolean real =
        switch (tensor.dtype()) {
          case F64, F32, F16, BF16, F8_E4M3, F8_E5M2 -> true;
          case I64, I32, I16, I8, U64, U32, U16, U8, BOOL -> false;
        };
    if (real && tensor.count() > 0) {
      tensor.floatAt(0);
      tensor.floatAt(tensor.count() - 1);
    }
  }
}
