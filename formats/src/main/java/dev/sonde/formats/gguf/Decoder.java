package dev.sonde.formats.gguf;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** Turns blocks, which fill the first bytes, into numbers. */
@FunctionalInterface
interface Decoder {
  void decode(byte[] blocks, int count, float[] numbers);

  /** The decoder of a type, where this reader knows one. */
  static Optional<Decoder> of(GgufType type) {
    return switch (type) {
      case F32 -> Optional.of(Blocks::f32);
      case F16 -> Optional.of(Blocks::f16);
      case BF16 -> Optional.of(Blocks::bf16);
      case F64 -> Optional.of(Blocks::f64);
      case Q4_0 -> Optional.of(Blocks::q40);
      case Q4_1 -> Optional.of(Blocks::q41);
      case Q5_0 -> Optional.of(Blocks::q50);
      case Q5_1 -> Optional.of(Blocks::q51);
      case Q8_0 -> Optional.of(Blocks::q80);
      case Q4_K -> Optional.of(Blocks::q4k);
      case Q5_K -> Optional.of(Blocks::q5k);
      case Q6_K -> Optional.of(Blocks::q6k);
      case MXFP4 -> Optional.of(Blocks::mxfp4);
      default -> Optional.empty();
    };
  }

  /** The names of the types that have one. */
  static String readable() {
    return Arrays.stream(GgufType.values())
        .filter(type -> of(type).isPresent())
        .map(GgufType::name)
        .collect(Collectors.joining(", "));
  }
}
