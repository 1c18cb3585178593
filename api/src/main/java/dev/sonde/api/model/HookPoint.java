package dev.sonde.api.model;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.InvalidInputException;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A named place in a model at which activations are read, in TransformerLens's spelling, for
 * example {@code blocks.3.hook_resid_post}. Synonyms are canonicalised: {@code
 * blocks.4.hook_resid_pre} is {@code blocks.3.hook_resid_post}, and so are the names of the
 * TransformerLens bridge, nnterp and pyvene.
 */
@ApiStatus(value = ApiStatus.Level.STABLE, since = "0.1")
public final class HookPoint {
  private static final String LINEAR = "linear:";
  private static final String IN = ".in";
  private static final String OUT = ".out";
  private static final String AT = "@";
  private static final Pattern LINEAR_IN_BLOCK =
      Pattern.compile(LINEAR + "[^\\d*]*\\.(\\d+)\\.(.+(?:\\.in|\\.out))");
  private static final Pattern BLOCK = Pattern.compile("blocks\\.(\\d+)\\.(.+)");
  private static final Pattern INDEXED = Pattern.compile("(\\w+)\\[(\\d+)]");
  private static final Pattern ANY_BLOCK = Pattern.compile("blocks\\.\\*\\.(.+)");

  /** The output of the token embedding, {@code [tokens, d_model]}. */
  public static final HookPoint EMBED = new HookPoint("hook_embed");

  /** Log-probabilities in nats of the targets of each sequence, {@code [targets, 1]}. */
  public static final HookPoint LOG_PROB = new HookPoint("log_prob");

  /** Logits of the next token, {@code [tokens, vocabulary]}. */
  public static final HookPoint LOGITS = new HookPoint("logits");

  /** The learned positions as they are added to the embedding, {@code [tokens, d_model]}. */
  public static final HookPoint POSITION_EMBED = new HookPoint("hook_pos_embed");

  /** Site of attention scores, after scale, soft cap and mask; masked ones are −∞. */
  public static final String SCORES = "attn.hook_attn_scores";

  /** Site of attention patterns: the softmax of the scores. */
  public static final String PATTERN = "attn.hook_pattern";

  /** Site of the residual stream after a block. */
  public static final String RESID_POST = "hook_resid_post";

  private static final String RESID_PRE = "hook_resid_pre";

  private static final Map<String, String> SITE_ALIASES =
      Map.of(
          "hook_in", RESID_PRE,
          "hook_out", RESID_POST,
          "attn.hook_out", "hook_attn_out",
          "mlp.hook_out", "hook_mlp_out",
          "attn.q.hook_out", "attn.hook_q",
          "attn.k.hook_out", "attn.hook_k",
          "attn.v.hook_out", "attn.hook_v");
  private static final Map<String, String> INDEXED_ALIASES =
      Map.of(
          "layers_input", RESID_PRE,
          "layers_output", RESID_POST,
          "attentions_output", "hook_attn_out",
          "mlps_output", "hook_mlp_out",
          "block_input", RESID_PRE,
          "block_output", RESID_POST,
          "attention_output", "hook_attn_out",
          "mlp_output", "hook_mlp_out",
          "mlp_activation", "mlp.hook_post");

  private final String name;
  private final OptionalInt layer;
  private final String site;

  private HookPoint(String name) {
    this.name = name;
    Matcher block = BLOCK.matcher(name);
    Matcher linear = LINEAR_IN_BLOCK.matcher(name);
    if (block.matches()) {
      this.layer = OptionalInt.of(Integer.parseInt(block.group(1)));
      this.site = block.group(2);
    } else if (linear.matches()) {
      this.layer = OptionalInt.of(Integer.parseInt(linear.group(1)));
      this.site = LINEAR + linear.group(2);
    } else {
      this.layer = OptionalInt.empty();
      this.site = name;
    }
  }

  /** The point of a block, for example {@code of(3, "hook_resid_post")}. */
  public static HookPoint of(int layer, String site) {
    return parse("blocks." + layer + "." + site);
  }

  /**
   * Reads a name or one of its synonyms. Whether a model has such a point is the backend's to say
   * ({@link Capabilities#supports}).
   *
   * @throws InvalidInputException if the text is a pattern or empty
   */
  public static HookPoint parse(String text) {
    if (text.isBlank() || text.contains("*")) {
      throw new InvalidInputException("'%s' is not the name of one hook point".formatted(text));
    }
    if (text.equals("embed.hook_out")) {
      return EMBED;
    }
    if (text.equals("unembed.hook_out")) {
      return LOGITS;
    }
    Matcher indexed = INDEXED.matcher(text);
    if (indexed.matches() && INDEXED_ALIASES.containsKey(indexed.group(1))) {
      return inBlock(Integer.parseInt(indexed.group(2)), INDEXED_ALIASES.get(indexed.group(1)));
    }
    Matcher block = BLOCK.matcher(text);
    if (block.matches()) {
      String site = SITE_ALIASES.getOrDefault(block.group(2), block.group(2));
      return inBlock(Integer.parseInt(block.group(1)), site);
    }
    return new HookPoint(text);
  }

  private static HookPoint inBlock(int layer, String site) {
    return site.equals(RESID_PRE) && layer > 0
        ? new HookPoint("blocks." + (layer - 1) + "." + RESID_POST)
        : new HookPoint("blocks." + layer + "." + site);
  }

  /**
   * All points that a pattern names: {@code blocks.*.SITE} stands for every block, and so does the
   * {@code *} of {@code linear:model.layers.*.mlp.down_proj.in}; anything else is one point.
   *
   * @param layers the number of blocks of the model
   */
  public static List<HookPoint> expand(String pattern, int layers) {
    Matcher any = ANY_BLOCK.matcher(pattern);
    if (any.matches()) {
      return IntStream.range(0, layers).mapToObj(l -> of(l, any.group(1))).distinct().toList();
    }
    if (pattern.startsWith(LINEAR) && pattern.contains(".*.")) {
      return IntStream.range(0, layers)
          .mapToObj(l -> parse(pattern.replaceFirst("\\*", String.valueOf(l))))
          .toList();
    }
    return List.of(parse(pattern));
  }

  /**
   * What a linear takes, {@code [tokens, in]}.
   *
   * @param module its Hugging Face name, for example {@code model.layers.3.mlp.down_proj}
   */
  public static HookPoint linearIn(String module) {
    return new HookPoint(LINEAR + module + IN);
  }

  /** What a linear gives, {@code [tokens, out]}, its bias included. */
  public static HookPoint linearOut(String module) {
    return new HookPoint(LINEAR + module + OUT);
  }

  /**
   * The same place, read at some tokens, for example {@code blocks.3.hook_resid_post@first}: how a
   * request of several kinds of tokens tells its rows apart. No model has a point of such a name.
   *
   * @param tokens as {@link dev.sonde.api.probe.CaptureRequest#of} takes them
   */
  public HookPoint at(String tokens) {
    return new HookPoint(name + AT + tokens);
  }

  /** The place itself, whichever tokens are read there. */
  public HookPoint place() {
    int at = name.indexOf(AT);
    return at < 0 ? this : new HookPoint(name.substring(0, at));
  }

  /** Whether it is the input or output of a linear. */
  public boolean isLinear() {
    return name.startsWith(LINEAR);
  }

  /** Whether its rows are attention edges: {@code [heads, keys]} a query, see {@link Rows}. */
  public boolean isEdge() {
    return site.equals(SCORES) || site.equals(PATTERN);
  }

  /** Whether it is passed before the first block. */
  public boolean isBeforeBlocks() {
    return equals(EMBED) || equals(POSITION_EMBED) || name.equals("blocks.0." + RESID_PRE);
  }

  /** The canonical name. */
  public String name() {
    return name;
  }

  /** The 0-based block, where the point is in one. */
  public OptionalInt layer() {
    return layer;
  }

  /** The name without its block, for example {@code hook_resid_post} or {@code attn.hook_q}. */
  public String site() {
    return site;
  }

  /** The site as reports show it: without {@code hook_}, for example {@code resid_post}. */
  public String shortSite() {
    return site.replace("hook_", "");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HookPoint that && name.equals(that.name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return name;
  }
}
