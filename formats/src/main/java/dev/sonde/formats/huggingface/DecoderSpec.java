package dev.sonde.formats.huggingface;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A decoder-only transformer as data: all that decides its numbers but the weights. Families differ
 * in these values only. A part that is not among {@link #names} does not exist.
 *
 * @param architecture the family as config.json names it ({@code model_type})
 * @param layers number of blocks
 * @param width width of the residual stream
 * @param vocabulary number of token ids
 * @param longestContext most positions it was made for
 * @param embeddingScale factor on token embeddings
 * @param norm kind of norm
 * @param attention attention
 * @param mlp what follows attention in a block
 * @param parallel whether attention and MLP both read the residual stream before the block
 * @param logitScale factor on logits
 * @param logitCap soft cap {@code c · tanh(x / c)} on logits; 0 is none
 * @param tiedHead whether the unembedding is the embedding
 * @param transposed whether the linears of blocks are stored {@code [in, out]}
 * @param names the Hugging Face module of each part; {@code %d} stands for the block
 */
public record DecoderSpec(
    String architecture,
    int layers,
    int width,
    int vocabulary,
    int longestContext,
    double embeddingScale,
    Norm norm,
    Attention attention,
    Mlp mlp,
    boolean parallel,
    double logitScale,
    double logitCap,
    boolean tiedHead,
    boolean transposed,
    Map<Part, String> names) {
  /** A spec with its names copied. */
  public DecoderSpec {
    names = Map.copyOf(names);
  }

  /**
   * A norm over the last dimension.
   *
   * @param centred whether the mean is taken away first (LayerNorm); else RMSNorm
   * @param epsilon added to the mean square
   * @param gainOffset added to the stored gain
   */
  public record Norm(boolean centred, double epsilon, double gainOffset) {}

  /**
   * Attention.
   *
   * @param heads query heads
   * @param keyValueHeads key and value heads; each serves {@code heads / keyValueHeads} query heads
   * @param headWidth width of one head
   * @param usualScale factor on the products of queries and keys
   * @param scaledByDepth whether block L (from 0) divides the factor by L + 1
   * @param cap soft cap {@code c · tanh(x / c)} on scores; 0 is none
   * @param fusion how queries, keys and values stand in one linear
   * @param queryKeyNorm over what queries and keys are normed, where they are
   * @param windows per block, how many keys a query sees, its own included; 0 is all
   * @param rotary per block; empty where it has none
   */
  public record Attention(
      int heads,
      int keyValueHeads,
      int headWidth,
      double usualScale,
      boolean scaledByDepth,
      double cap,
      Fusion fusion,
      QueryKeyNorm queryKeyNorm,
      List<Integer> windows,
      List<Optional<Rotary>> rotary) {
    /** Attention with its lists copied. */
    public Attention {
      windows = List.copyOf(windows);
      rotary = List.copyOf(rotary);
    }

    /** Factor on the products of queries and keys in a block. */
    public double scale(int layer) {
      return scaledByDepth ? usualScale / (layer + 1) : usualScale;
    }

    /** Width of all queries of a token. */
    public int queryWidth() {
      return heads * headWidth;
    }

    /** Width of all keys, or all values, of a token. */
    public int keyWidth() {
      return keyValueHeads * headWidth;
    }
  }

  /** How the rows of {@link Part#QUERY_KEY_VALUE} are ordered. */
  public enum Fusion {
    /** All queries, then all keys, then all values. */
    STACKED,
    /** Head by head: its query, its key, its value. */
    BY_HEAD
  }

  /** Over what queries and keys are normed. */
  public enum QueryKeyNorm {
    /** They are not. */
    NONE,
    /** Each head, with one gain of a head's width for all or one for each head. */
    PER_HEAD,
    /** All heads of a token together. */
    WHOLE
  }

  /**
   * The MLP.
   *
   * @param activation the non-linearity
   * @param width its inner width; of one expert where there are experts
   * @param experts number of experts; 0 is a dense MLP
   * @param chosen how many experts a token is sent to
   * @param limit bound of {@link Activation#CLAMPED_SWIGLU}
   * @param slope factor in its sigmoid
   */
  public record Mlp(
      Activation activation, int width, int experts, int chosen, double limit, double slope) {}

  /** Non-linearities. */
  public enum Activation {
    /** {@code x · σ(x)}. */
    SILU,
    /** {@code x · Φ(x)}. */
    GELU,
    /** The tanh approximation of GELU. */
    GELU_TANH,
    /** {@code max(x, 0)}. */
    RELU,
    /** {@code (up + 1) · gate · σ(slope · gate)}, gate cut at limit, up at ±limit (GPT-OSS). */
    CLAMPED_SWIGLU
  }

  /** Whether it has that part. */
  public boolean has(Part part) {
    return names.containsKey(part);
  }

  /**
   * The Hugging Face name of a part of a block.
   *
   * @throws IllegalArgumentException if it has no such part
   */
  public String name(Part part, int layer) {
    String pattern = names.get(part);
    if (pattern == null) {
      throw new IllegalArgumentException(architecture + " has no " + part);
    }
    return pattern.formatted(layer);
  }

  /** The Hugging Face name of a part outside the blocks. */
  public String name(Part part) {
    return name(part, 0);
  }
}
