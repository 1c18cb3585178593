package dev.sonde.api.probe;

import dev.sonde.api.model.Read;
import dev.sonde.api.model.Selector;
import java.util.List;

/** Activations of a study: one row per example at each hook point. */
public final class CaptureRequest {
  private final List<String> points;
  private final Selector selector;
  private final String reduction;

  private CaptureRequest(List<String> points, Selector selector, String reduction) {
    this.points = List.copyOf(points);
    this.selector = selector;
    this.reduction = reduction;
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
      case "mean" -> new CaptureRequest(points, Selector.all(), Read.MEAN);
      case "max" -> new CaptureRequest(points, Selector.all(), Read.MAX);
      default -> new CaptureRequest(points, Selector.parse(tokens), Read.NONE);
    };
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
}
