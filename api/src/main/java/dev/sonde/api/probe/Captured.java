package dev.sonde.api.probe;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import java.util.List;

/** Stored activations of a study. */
public interface Captured {
  /** The hook points, patterns expanded, in the order asked for. */
  List<HookPoint> points();

  /**
   * The activations at a point, {@code [examples, width]} float32 in study order.
   *
   * @throws IllegalArgumentException if the point was not asked for
   */
  Matrix at(HookPoint point);
}
