package dev.sonde.formats.gguf;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** Turns blocks, which fill the first bytes, into numbers. */
@FunctionalInterface
interface BlockDecoder {
  void decode(byte[] blocks, int count, float[] numbers);

  /** The decoder of a type, where this reader knows one. */
  static Optional<BlockDecoder> of(GgufType type) {
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
      case Q2_K -> Optional.of(Blocks::q2k);
      case Q3_K -> Optional.of(Blocks::q3k);
      case Q4_K -> Optional.of(Blocks::q4k);
      case Q5_K -> Optional.of(Blocks::q5k);
      case Q6_K -> Optional.of(Blocks::q6k);
      case IQ4_NL -> Optional.of(Blocks::iq4nl);
      case IQ4_XS -> Optional.of(Blocks::iq4xs);
      case IQ3_XXS -> Optional.of(GridBlocks::iq3xxs);
      case IQ3_S -> Optional.of(GridBlocks::iq3s);
      case IQ2_XXS -> Optional.of(GridBlocks::iq2xxs);
      case IQ2_XS -> Optional.of(GridBlocks::iq2xs);
      case IQ2_S -> Optional.of(GridBlocks::iq2s);
      case IQ1_S -> Optional.of(GridBlocks::iq1s);
      case IQ1_M -> Optional.of(GridBlocks::iq1m);
      case TQ1_0 -> Optional.of(Blocks::tq10);
      case TQ2_0 -> Optional.of(Blocks::tq20);
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
