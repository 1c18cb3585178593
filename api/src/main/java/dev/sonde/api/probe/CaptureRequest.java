package dev.sonde.api.probe;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.InvalidInputException;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Selector;
import java.util.List;
import java.util.Optional;

/**
 * Activations of a model over a data set: one row per example at each hook point. Without another
 * word it is the main model over the main data set.
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public final class CaptureRequest {
  private final Optional<String> model;
  private final Optional<String> set;
  private final List<String> points;
  private final List<Tokens> tokens;
  private final List<String> decoders;

  /** Some tokens, and how they are reduced. */
  private record Tokens(Selector selector, String reduction) {
    static Tokens parse(String text) {
      return switch (text) {
        case "mean" -> new Tokens(Selector.all(), Read.MEAN);
        case "max" -> new Tokens(Selector.all(), Read.MAX);
        default -> new Tokens(Selector.parse(text), Read.NONE);
      };
    }
  }

  private CaptureRequest(
      Optional<String> model,
      Optional<String> set,
      List<String> points,
      List<Tokens> tokens,
      List<String> decoders) {
    this.model = model;
    this.set = set;
    this.points = List.copyOf(points);
    this.tokens = List.copyOf(tokens);
    this.decoders = List.copyOf(decoders);
  }

  /**
   * Reads some hook points of the main model over the main study.
   *
   * @param points names or patterns such as {@code blocks.*.hook_resid_post}
   * @param tokens {@code last}, {@code first}, {@code index:N}, or {@code mean} or {@code max} over
   *     all tokens
   * @throws dev.sonde.api.InvalidInputException if tokens is none of these
   */
  public static CaptureRequest of(List<String> points, String tokens) {
    return of(points, List.of(tokens));
  }

  /**
   * The same at several kinds of tokens. Rows of each stand under the hook point with its tokens,
   * see {@link HookPoint#at}; of an evaluation what is chosen is chosen among all of them, and p
   * covers that choice.
   *
   * @param tokens at least one; each is read once
   * @throws dev.sonde.api.InvalidInputException if there is none, or one is none of the above
   */
  public static CaptureRequest of(List<String> points, List<String> tokens) {
    if (tokens.isEmpty()) {
      throw new InvalidInputException("no tokens are named that are read");
    }
    return new CaptureRequest(
        Optional.empty(),
        Optional.empty(),
        points,
        tokens.stream().map(Tokens::parse).distinct().toList(),
        List.of());
  }

  /** The same of a further model of the experiment. */
  public CaptureRequest ofModel(String name) {
    return new CaptureRequest(Optional.of(name), set, points, tokens, decoders);
  }

  /** The same on a further data set of the experiment. */
  public CaptureRequest onSet(String name) {
    return new CaptureRequest(model, Optional.of(name), points, tokens, decoders);
  }

  /**
   * The same with decoders that {@link ProbeContext#evaluate} fits on every hook point, against the
   * labels and groups of the study. It names features, not rows, so that the engine can read the
   * same features elsewhere (embedding, other models) for its controls.
   *
   * @param names short names
   */
  public CaptureRequest decodedBy(List<String> names) {
    return new CaptureRequest(model, set, points, tokens, names);
  }

  /** The further model; empty for the main one. */
  public Optional<String> model() {
    return model;
  }

  /** The further data set; empty for the main one. */
  public Optional<String> set() {
    return set;
  }

  /** Names or patterns of hook points. */
  public List<String> points() {
    return points;
  }

  /** This request, or one for each kind of tokens where there are several. */
  public List<CaptureRequest> each() {
    return tokens.stream()
        .map(one -> new CaptureRequest(model, set, points, List.of(one), decoders))
        .toList();
  }

  /** What a hook point is called that one of {@link #each} reads. */
  public HookPoint named(CaptureRequest one, HookPoint point) {
    return tokens.size() == 1
        ? point
        : point.at(one.reduction().equals(Read.NONE) ? one.selector().toString() : one.reduction());
  }

  /** Which tokens; of several kinds the first, see {@link #each}. */
  public Selector selector() {
    return tokens.getFirst().selector();
  }

  /** How they are reduced; {@link Read#reduction}. Of several kinds the first, as above. */
  public String reduction() {
    return tokens.getFirst().reduction();
  }

  /** The short names of the decoders that are evaluated; none where rows are only read. */
  public List<String> decoders() {
    return decoders;
  }
}
