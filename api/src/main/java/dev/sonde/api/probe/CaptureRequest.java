package dev.sonde.api.probe;

import dev.sonde.api.ApiStatus;
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
  private final Selector selector;
  private final String reduction;
  private final List<String> decoders;

  private CaptureRequest(
      Optional<String> model,
      Optional<String> set,
      List<String> points,
      Selector selector,
      String reduction,
      List<String> decoders) {
    this.model = model;
    this.set = set;
    this.points = List.copyOf(points);
    this.selector = selector;
    this.reduction = reduction;
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
    return switch (tokens) {
      case "mean" -> request(points, Selector.all(), Read.MEAN);
      case "max" -> request(points, Selector.all(), Read.MAX);
      default -> request(points, Selector.parse(tokens), Read.NONE);
    };
  }

  private static CaptureRequest request(List<String> points, Selector selector, String reduction) {
    return new CaptureRequest(
        Optional.empty(), Optional.empty(), points, selector, reduction, List.of());
  }

  /** The same of a further model of the experiment. */
  public CaptureRequest ofModel(String name) {
    return new CaptureRequest(Optional.of(name), set, points, selector, reduction, decoders);
  }

  /** The same on a further data set of the experiment. */
  public CaptureRequest onSet(String name) {
    return new CaptureRequest(model, Optional.of(name), points, selector, reduction, decoders);
  }

  /**
   * The same with decoders that {@link ProbeContext#evaluate} fits on every hook point, against the
   * labels and groups of the study. It names features, not rows, so that the engine can read the
   * same features elsewhere (embedding, other models) for its controls.
   *
   * @param names short names
   */
  public CaptureRequest decodedBy(List<String> names) {
    return new CaptureRequest(model, set, points, selector, reduction, names);
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

  /** Which tokens. */
  public Selector selector() {
    return selector;
  }

  /** How they are reduced; {@link Read#reduction}. */
  public String reduction() {
    return reduction;
  }

  /** The short names of the decoders that are evaluated; none where rows are only read. */
  public List<String> decoders() {
    return decoders;
  }
}
