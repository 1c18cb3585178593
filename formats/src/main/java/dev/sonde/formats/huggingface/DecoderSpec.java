package dev.sonde.formats.huggingface;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A decoder-only transformer as data: all that decides its numbers but the weights. Families differ
 * in these values only. A part that has no name does not exist.
 *
 * @param architecture the family as config.json names it ({@code model_type})
 * @param width width of the residual stream
 * @param vocabulary number of token ids
 * @param longestContext most positions it was made for
 * @param embedding what happens to token embeddings
 * @param blocks its blocks, first to last
 * @param perLayer the inputs that blocks have of their own, where they have any
 * @param altUp the streams it carries, where it carries several
 * @param finalNorm kind of the norm before the unembedding
 * @param head the unembedding
 * @param names modules of the parts outside the blocks
 */
public record DecoderSpec(
    String architecture,
    int width,
    int vocabulary,
    int longestContext,
    EmbeddingSpec embedding,
    List<BlockSpec> blocks,
    Optional<PerLayerSpec> perLayer,
    Optional<AltUpSpec> altUp,
    NormSpec finalNorm,
    HeadSpec head,
    Map<Part, ModuleNames> names) {
  /** A spec with its lists copied. */
  public DecoderSpec {
    blocks = List.copyOf(blocks);
    names = Map.copyOf(names);
  }

  /** Whether blocks hand on the residual stream alone, so that a pass can begin at any of them. */
  public boolean isOneStream() {
    return perLayer.isEmpty() && altUp.isEmpty();
  }

  /**
   * Token embeddings.
   *
   * @param scale factor on them
   * @param firstPosition row of the learned positions that the first token takes
   */
  public record EmbeddingSpec(double scale, int firstPosition) {}

  /**
   * The unembedding.
   *
   * @param tied whether it is the embedding where the weights have none of its own
   * @param scale factor on logits
   * @param cap soft cap {@code c · tanh(x / c)} on logits; 0 is none
   */
  public record HeadSpec(boolean tied, double scale, double cap) {}

  /** Number of blocks. */
  public int layers() {
    return blocks.size();
  }

  /** A block. */
  public BlockSpec block(int layer) {
    return blocks.get(layer);
  }

  /** The attention of a block, where it has any. */
  public Optional<AttentionSpec> attention(int layer) {
    return blocks.get(layer).mixer() instanceof AttentionSpec attention
        ? Optional.of(attention)
        : Optional.empty();
  }

  /** The attention of the first block that has any. */
  public Optional<AttentionSpec> anyAttention() {
    return IntStream.range(0, layers())
        .mapToObj(this::attention)
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** Whether every block's mixer keeps nothing of earlier tokens but keys and values. */
  public boolean isPrefixable() {
    return blocks.stream().map(BlockSpec::mixer).allMatch(MixerSpec::isPrefixable);
  }

  /** Whether other blocks take the keys and values of a block. */
  public boolean lendsKeys(int layer) {
    return IntStream.range(0, layers())
        .mapToObj(this::attention)
        .anyMatch(a -> a.flatMap(AttentionSpec::keysOf).filter(of -> of == layer).isPresent());
  }

  /** Whether any block takes the keys and values of another one. */
  public boolean sharesKeys() {
    return IntStream.range(0, layers()).anyMatch(this::lendsKeys);
  }

  /** Whether no token sees a later one. */
  public boolean isCausal() {
    return IntStream.range(0, layers())
        .mapToObj(this::attention)
        .flatMap(Optional::stream)
        .noneMatch(attention -> attention.sight().symmetric());
  }

  /** Whether it has that part, outside the blocks or in any of them. */
  public boolean has(Part part) {
    return names.containsKey(part) || blocks.stream().anyMatch(block -> block.has(part));
  }

  /** Whether a block has that part. */
  public boolean has(Part part, int layer) {
    return blocks.get(layer).has(part);
  }

  /**
   * The modules of a part outside the blocks.
   *
   * @throws IllegalArgumentException if it has no such part
   */
  public ModuleNames name(Part part) {
    ModuleNames found = names.get(part);
    if (found == null) {
      throw new IllegalArgumentException(architecture + " has no " + part);
    }
    return found;
  }

  /**
   * The modules of a part of a block.
   *
   * @throws IllegalArgumentException if it has no such part
   */
  public ModuleNames name(Part part, int layer) {
    ModuleNames found = blocks.get(layer).names().get(part);
    if (found == null) {
      throw new IllegalArgumentException(
          "block %d of %s has no %s".formatted(layer, architecture, part));
    }
    return found.inBlock(layer);
  }
}
