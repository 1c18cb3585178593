package dev.sonde.formats.fuzz;

import dev.sonde.formats.Weight;
import dev.sonde.formats.gguf.GgufFile;
import dev.sonde.formats.gguf.GgufTensor;
import dev.sonde.formats.gguf.model.GgufModel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;

/** One GGUF file: its header, the ends of every tensor, and the model folder that it stands for. */
public final class GgufTarget {
  private static final String FILE = "model.gguf";

  private GgufTarget() {}

  /** Reads the bytes as a file. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    HostileFile.read(Map.of(FILE, bytes), GgufTarget::read);
  }

  private static void read(Path folder) {
    Path path = folder.resolve(FILE);
    try (Arena arena = Arena.ofConfined()) {
      GgufFile file = GgufFile.open(path, arena);
      file.tensors().values().stream()
          .filter(tensor -> !tensor.type().integer())
          .filter(GgufTarget::isDecoded)
          .forEach(GgufTarget::readEnds);
      GgufModel model = GgufModel.open(path, arena);
      model.weights().values().forEach(GgufTarget::readEnds);
      ConfigTarget.use(path);
      model.tokenizerConfig();
      model.tokenizer();
    }
  }

  /**
   * A file may hold tensors of types that are not read as long as nobody asks for their numbers.
   */
  private static boolean isDecoded(GgufTensor tensor) {
    return switch (tensor.type()) {
      case F32, F16, BF16, F64, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q4_K, Q5_K, Q6_K, MXFP4 -> true;
      default -> false;
    };
  }

  private static void readEnds(Weight weight) {
    MemorySegment one = MemorySegment.ofArray(new float[1]);
    weight.copyFloats(0, one, 1);
    weight.copyFloats(weight.count() - 1, one, 1);
  }
}
