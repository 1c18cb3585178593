package dev.sonde.backend.pytorch;

import dev.sonde.formats.huggingface.AttentionSpec;
import dev.sonde.formats.huggingface.ConvolutionSpec;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.DeltaNetSpec;
import dev.sonde.formats.huggingface.StateSpaceSpec;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * What the mixer of one block keeps of the tokens before: of attention keys and values, a row a
 * token; of a convolution its last inputs; of a delta net or a state space those and its state.
 *
 * @param perToken whether there is a row a token
 * @param first sizes of the first tensor, those of a token where there is a row a token
 * @param second sizes of the second one
 */
record MemoryShape(boolean perToken, long[] first, long[] second) {
  static List<MemoryShape> of(DecoderSpec spec) {
    return IntStream.range(0, spec.layers()).mapToObj(layer -> of(spec, layer)).toList();
  }

  private static MemoryShape of(DecoderSpec spec, int layer) {
    return switch (spec.block(layer).mixer()) {
      case AttentionSpec attention when attention.keysOf().isPresent() ->
          new MemoryShape(true, new long[] {0}, new long[] {0});
      case AttentionSpec attention ->
          new MemoryShape(
              true,
              new long[] {attention.keyValueHeads(), attention.headWidth()},
              new long[] {attention.keyValueHeads(), attention.valueWidth()});
      case ConvolutionSpec convolution ->
          new MemoryShape(
              false, new long[] {convolution.length() - 1, spec.width()}, new long[] {0});
      case DeltaNetSpec net ->
          new MemoryShape(
              false,
              new long[] {net.length() - 1, net.mixedWidth()},
              new long[] {net.valueHeads(), net.keyWidth(), net.valueWidth()});
      case StateSpaceSpec space ->
          new MemoryShape(
              false,
              new long[] {space.length() - 1, space.mixedWidth()},
              new long[] {space.heads(), space.stateWidth(), space.headWidth()});
    };
  }

  private static long product(long[] sizes) {
    return LongStream.of(sizes).reduce(1, Math::multiplyExact);
  }

  /** Numbers that a token adds. */
  long numbersPerToken() {
    return perToken ? product(first) + product(second) : 0;
  }
}
