package dev.sonde.backend.reference;

import dev.sonde.api.model.HookPoint;
import java.util.List;

/** What looks on while a decoder runs. It copies what it wants to keep. */
interface Observer {
  /** Nobody looks. */
  Observer NONE =
      new Observer() {
        @Override
        public boolean wants(HookPoint point) {
          return false;
        }

        @Override
        public void see(HookPoint point, float[] activations) {}

        @Override
        public void seeEdges(HookPoint point, List<float[]> edges) {}
      };

  /** Whether anybody looks at a point; only there need be shown what is not computed anyway. */
  boolean wants(HookPoint point);

  /**
   * Is shown a point that is passed.
   *
   * @param activations {@code [tokens, width]}
   */
  void see(HookPoint point, float[] activations);

  /** Is shown a point of a block; see {@link #see(HookPoint, float[])}. */
  default void see(int layer, String site, float[] activations) {
    see(HookPoint.of(layer, site), activations);
  }

  /**
   * Is shown scores or patterns of attention.
   *
   * @param edges per token {@code [heads, keys up to and including its own]}
   */
  void seeEdges(HookPoint point, List<float[]> edges);
}
