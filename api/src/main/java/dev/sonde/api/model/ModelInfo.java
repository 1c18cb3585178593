package dev.sonde.api.model;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.text.TokenizerSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What is known of an open model without running it. */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public final class ModelInfo {
  private final String architecture;
  private final int layers;
  private final int width;
  private final int heads;
  private final int keyValueHeads;
  private final int headWidth;
  private final int vocabularySize;
  private final String dtype;
  private final String contentHash;
  private final long parameters;
  private final long blockParameters;
  private final long heapBytes;
  private final long nativeBytes;
  private final Map<String, Integer> widths;
  private final int[] endOfSequence;
  private final Optional<TokenizerSource> tokenizer;
  private final List<String> notes;
  private final Map<Integer, String> refusedTokens;
  private final List<Attention> attention;

  private ModelInfo(Builder b) {
    this.architecture = b.architecture;
    this.layers = b.layers;
    this.width = b.width;
    this.heads = b.heads;
    this.keyValueHeads = b.keyValueHeads;
    this.headWidth = b.headWidth;
    this.vocabularySize = b.vocabularySize;
    this.dtype = b.dtype;
    this.contentHash = b.contentHash;
    this.parameters = b.parameters;
    this.blockParameters = b.blockParameters;
    this.heapBytes = b.heapBytes;
    this.nativeBytes = b.nativeBytes;
    this.widths = Collections.unmodifiableMap(new TreeMap<>(b.widths));
    this.endOfSequence = b.endOfSequence;
    this.tokenizer = b.tokenizer;
    this.notes = List.copyOf(b.notes);
    this.refusedTokens = Collections.unmodifiableMap(new TreeMap<>(b.refusedTokens));
    this.attention = List.copyOf(b.attention);
  }

  /**
   * A builder.
   *
   * @param architecture the family as the model's own files name it, for example {@code llama}
   * @param contentHash a hash of everything that decides the activations: weights and configuration
   */
  public static Builder builder(String architecture, String contentHash) {
    return new Builder(architecture, contentHash);
  }

  /** The family, for example {@code llama}. */
  public String architecture() {
    return architecture;
  }

  /** Number of blocks. */
  public int layers() {
    return layers;
  }

  /** Width of the residual stream, {@code d_model}. */
  public int width() {
    return width;
  }

  /** Number of query heads. */
  public int heads() {
    return heads;
  }

  /** Number of key and value heads. */
  public int keyValueHeads() {
    return keyValueHeads;
  }

  /** Width of one head, {@code d_head}. */
  public int headWidth() {
    return headWidth;
  }

  /** Number of token ids. */
  public int vocabularySize() {
    return vocabularySize;
  }

  /** Number type of the computation. */
  public String dtype() {
    return dtype;
  }

  /** A hash of weights and configuration, hexadecimal. */
  public String contentHash() {
    return contentHash;
  }

  /** Number of weights. */
  public long parameters() {
    return parameters;
  }

  /**
   * Number of weights that a token is multiplied with in one block, of which the time of a pass is
   * estimated; 0 where the backend does not say.
   */
  public long blockParameters() {
    return blockParameters;
  }

  /** Bytes of the Java heap that the running model takes; 0 where the backend does not say. */
  public long heapBytes() {
    return heapBytes;
  }

  /** Bytes that it takes outside the heap; 0 where the backend does not say. */
  public long nativeBytes() {
    return nativeBytes;
  }

  /**
   * Numbers in a row of each site ({@link HookPoint#site()}) that the backend announces; 0 where
   * rows differ, see {@link Rows#width}. Where blocks differ from each other there are further
   * entries by the points' whole names.
   */
  public Map<String, Integer> widths() {
    return widths;
  }

  /**
   * Numbers in an unreduced row at a point: as announced, else the width of the residual stream; 0
   * where rows differ.
   */
  public int width(HookPoint point) {
    Integer ofBlock = widths.get(point.name());
    return ofBlock == null ? widths.getOrDefault(point.site(), width) : ofBlock;
  }

  /**
   * A linear map of every block.
   *
   * @param name its Hugging Face module within a block, for example {@code mlp.down_proj}
   * @param in numbers it takes
   * @param out numbers it gives
   */
  public record Linear(String name, int in, int out) {}

  /** The linear maps whose input and output widths are announced, by name. */
  public List<Linear> linears() {
    List<Linear> linears = new ArrayList<>();
    widths.forEach(
        (site, in) -> {
          HookPoint input = HookPoint.parse(site);
          if (input.isLinear() && site.endsWith(".in")) {
            String name = site.substring(site.indexOf(':') + 1, site.length() - ".in".length());
            Integer out = widths.get(HookPoint.linearOut(name).site());
            if (out != null) {
              linears.add(new Linear(name, in, out));
            }
          }
        });
    return List.copyOf(linears);
  }

  /** How each block makes attention scores; empty where the backend does not say. */
  public List<Attention> attention() {
    return attention;
  }

  /** Token ids that end a generation. */
  public int[] endOfSequence() {
    return endOfSequence.clone();
  }

  /** Where its tokenizer is; empty for models fed with ids only. */
  public Optional<TokenizerSource> tokenizer() {
    return tokenizer;
  }

  /** What its user should know of how it is run here, for example which number type was chosen. */
  public List<String> notes() {
    return notes;
  }

  /**
   * Token ids that stand for what is not computed here, such as the images of a model of texts and
   * images, with what they stand for. Sequences that hold one are refused.
   */
  public Map<Integer, String> refusedTokens() {
    return refusedTokens;
  }

  /** Collects what is known. */
  public static final class Builder {
    private final String architecture;
    private final String contentHash;
    private int layers;
    private int width;
    private int heads;
    private int keyValueHeads;
    private int headWidth;
    private int vocabularySize;
    private String dtype = "float32";
    private long parameters;
    private long blockParameters;
    private long heapBytes;
    private long nativeBytes;
    private Map<String, Integer> widths = Map.of();
    private int[] endOfSequence = {};
    private Optional<TokenizerSource> tokenizer = Optional.empty();
    private final List<String> notes = new ArrayList<>();
    private final Map<Integer, String> refusedTokens = new TreeMap<>();
    private List<Attention> attention = List.of();

    private Builder(String architecture, String contentHash) {
      this.architecture = architecture;
      this.contentHash = contentHash;
    }

    /** Sets the number of blocks and the width of the residual stream. */
    public Builder shape(int blocks, int residualWidth) {
      this.layers = blocks;
      this.width = residualWidth;
      return this;
    }

    /** Sets the heads. */
    public Builder heads(int queryHeads, int keyAndValueHeads, int widthOfOne) {
      this.heads = queryHeads;
      this.keyValueHeads = keyAndValueHeads;
      this.headWidth = widthOfOne;
      return this;
    }

    /** Sets the number of token ids. */
    public Builder vocabulary(int size) {
      this.vocabularySize = size;
      return this;
    }

    /** Sets the number type of the computation. */
    public Builder dtype(String name) {
      this.dtype = name;
      return this;
    }

    /** Sets the number of weights. */
    public Builder parameters(long count) {
      this.parameters = count;
      return this;
    }

    /** Sets the number of weights that a token is multiplied with in one block. */
    public Builder blockParameters(long count) {
      this.blockParameters = count;
      return this;
    }

    /** Sets the memory that the running model takes, in bytes. */
    public Builder memory(long onHeap, long outside) {
      this.heapBytes = onHeap;
      this.nativeBytes = outside;
      return this;
    }

    /** Announces the numbers in an unreduced row of each site; 0 where rows differ. */
    public Builder widths(Map<String, Integer> bySite) {
      this.widths = Map.copyOf(bySite);
      return this;
    }

    /** Says how each block makes attention scores. */
    public Builder attention(List<Attention> perBlock) {
      this.attention = List.copyOf(perBlock);
      return this;
    }

    /** Sets the ids that end a generation. */
    public Builder endOfSequence(int... ids) {
      this.endOfSequence = ids.clone();
      return this;
    }

    /** Says where the tokenizer is. */
    public Builder tokenizer(TokenizerSource source) {
      this.tokenizer = Optional.of(source);
      return this;
    }

    /** Adds a remark for the user, one sentence; see {@link ModelInfo#notes}. */
    public Builder note(String remark) {
      this.notes.add(remark);
      return this;
    }

    /**
     * Adds a token id that stands for what is not computed; see {@link ModelInfo#refusedTokens}.
     */
    public Builder refuseToken(int id, String meaning) {
      this.refusedTokens.put(id, meaning);
      return this;
    }

    /** The finished description. */
    public ModelInfo build() {
      return new ModelInfo(this);
    }
  }
}
