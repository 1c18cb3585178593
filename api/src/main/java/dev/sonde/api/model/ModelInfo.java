package dev.sonde.api.model;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.text.TokenizerSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What is known of an open model without running it. An instance is immutable; each method that
 * adds or sets something gives another one.
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public final class ModelInfo {
  private final String architecture;
  private final String contentHash;

  // What follows is set in a new copy only, before anyone else has it.
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
  private long deviceBytes;
  private Map<String, Integer> widths = Map.of();
  private int[] endOfSequence = {};
  private Optional<TokenizerSource> tokenizer = Optional.empty();
  private List<String> notes = List.of();
  private Map<Integer, String> refusedTokens = Map.of();
  private List<Attention> attention = List.of();

  private ModelInfo(String architecture, String contentHash) {
    this.architecture = architecture;
    this.contentHash = contentHash;
  }

  /**
   * A model of which nothing else is known yet.
   *
   * @param architecture the family as the model's own files name it, for example {@code llama}
   * @param contentHash a hash of everything that decides the activations: weights and configuration
   */
  public static ModelInfo of(String architecture, String contentHash) {
    return new ModelInfo(architecture, contentHash);
  }

  private ModelInfo copy() {
    ModelInfo copy = new ModelInfo(architecture, contentHash);
    copy.layers = layers;
    copy.width = width;
    copy.heads = heads;
    copy.keyValueHeads = keyValueHeads;
    copy.headWidth = headWidth;
    copy.vocabularySize = vocabularySize;
    copy.dtype = dtype;
    copy.parameters = parameters;
    copy.blockParameters = blockParameters;
    copy.heapBytes = heapBytes;
    copy.nativeBytes = nativeBytes;
    copy.deviceBytes = deviceBytes;
    copy.widths = widths;
    copy.endOfSequence = endOfSequence;
    copy.tokenizer = tokenizer;
    copy.notes = notes;
    copy.refusedTokens = refusedTokens;
    copy.attention = attention;
    return copy;
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
   * Bytes that it takes of the memory of a device that is not the processor; 0 where it runs on the
   * processor, or the backend does not say.
   */
  public long deviceBytes() {
    return deviceBytes;
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

  /** Sets the number of blocks and the width of the residual stream. */
  public ModelInfo shape(int blocks, int residualWidth) {
    ModelInfo copy = copy();
    copy.layers = blocks;
    copy.width = residualWidth;
    return copy;
  }

  /** Sets the heads. */
  public ModelInfo heads(int queryHeads, int keyAndValueHeads, int widthOfOne) {
    ModelInfo copy = copy();
    copy.heads = queryHeads;
    copy.keyValueHeads = keyAndValueHeads;
    copy.headWidth = widthOfOne;
    return copy;
  }

  /** Sets the number of token ids. */
  public ModelInfo vocabulary(int size) {
    ModelInfo copy = copy();
    copy.vocabularySize = size;
    return copy;
  }

  /** Sets the number type of the computation. */
  public ModelInfo dtype(String name) {
    ModelInfo copy = copy();
    copy.dtype = name;
    return copy;
  }

  /** Sets the number of weights. */
  public ModelInfo parameters(long count) {
    ModelInfo copy = copy();
    copy.parameters = count;
    return copy;
  }

  /** Sets the number of weights that a token is multiplied with in one block. */
  public ModelInfo blockParameters(long count) {
    ModelInfo copy = copy();
    copy.blockParameters = count;
    return copy;
  }

  /** Sets the memory that the running model takes, in bytes. */
  public ModelInfo memory(long onHeap, long outside) {
    ModelInfo copy = copy();
    copy.heapBytes = onHeap;
    copy.nativeBytes = outside;
    return copy;
  }

  /** Sets the memory that it takes of a device that is not the processor, in bytes. */
  public ModelInfo deviceMemory(long bytes) {
    ModelInfo copy = copy();
    copy.deviceBytes = bytes;
    return copy;
  }

  /** Announces the numbers in an unreduced row of each site; 0 where rows differ. */
  public ModelInfo widths(Map<String, Integer> bySite) {
    ModelInfo copy = copy();
    copy.widths = Collections.unmodifiableMap(new TreeMap<>(bySite));
    return copy;
  }

  /** Says how each block makes attention scores. */
  public ModelInfo attention(List<Attention> perBlock) {
    ModelInfo copy = copy();
    copy.attention = List.copyOf(perBlock);
    return copy;
  }

  /** Sets the ids that end a generation. */
  public ModelInfo endOfSequence(int... ids) {
    ModelInfo copy = copy();
    copy.endOfSequence = ids.clone();
    return copy;
  }

  /** Says where the tokenizer is. */
  public ModelInfo tokenizer(TokenizerSource source) {
    ModelInfo copy = copy();
    copy.tokenizer = Optional.of(source);
    return copy;
  }

  /** Adds a remark for the user, one sentence; see {@link #notes()}. */
  public ModelInfo note(String remark) {
    ModelInfo copy = copy();
    copy.notes = Stream.concat(notes.stream(), Stream.of(remark)).toList();
    return copy;
  }

  /** Adds a token id that stands for what is not computed; see {@link #refusedTokens()}. */
  public ModelInfo refuseToken(int id, String meaning) {
    ModelInfo copy = copy();
    Map<Integer, String> more = new TreeMap<>(refusedTokens);
    more.put(id, meaning);
    copy.refusedTokens = Collections.unmodifiableMap(more);
    return copy;
  }
}
