package dev.sonde.backend.reference;

import dev.sonde.formats.Weight;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.DecoderWeights;
import dev.sonde.formats.huggingface.Part;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** An MLP of experts (GPT-OSS): each token is sent to the few that its router ranks highest. */
final class Experts implements Mlp {
  private final int layer;
  private final DecoderSpec.Mlp mlp;
  private final NamedLinear router;
  private final List<Expert> experts;

  /** {@code down(swiglu(gate x, up x))}; gate and up are the even and the odd outputs of one. */
  private record Expert(Linear gateUp, Linear down) {}

  Experts(DecoderSpec spec, DecoderWeights weights, int layer, Kernel kernel) {
    this.layer = layer;
    this.mlp = spec.mlp();
    this.router = NamedLinear.of(weights.linear(Part.ROUTER, layer), kernel);
    List<Weight> stored = weights.experts(layer);
    this.experts =
        IntStream.range(0, mlp.experts())
            .mapToObj(
                e ->
                    new Expert(
                        linear(stored.get(0), stored.get(1), e, kernel),
                        linear(stored.get(2), stored.get(3), e, kernel)))
            .toList();
  }

  /**
   * One expert's map.
   *
   * @param weight of all experts, {@code [experts, in, out]}
   * @param bias of all experts, {@code [experts, out]}
   */
  private static Linear linear(Weight weight, Weight bias, int expert, Kernel kernel) {
    int in = Math.toIntExact(weight.shape().get(1));
    int out = Math.toIntExact(weight.shape().get(2));
    float[] transposed = Floats.of(weight, (long) expert * in * out, in * out);
    float[] own = Floats.of(bias, (long) expert * out, out);
    return new Linear(kernel, in, out, transposed, Optional.of(own));
  }

  @Override
  public float[] apply(float[] x, Observer observer) {
    float[] logits = router.apply(x, observer);
    observer.see(layer, "mlp.hook_router", logits);
    float[] y = new float[x.length];
    int tokens = logits.length / mlp.experts();
    int width = x.length / tokens;
    for (int t = 0; t < tokens; t++) {
      int from = t * mlp.experts();
      float[] row = Arrays.copyOfRange(logits, from, from + mlp.experts());
      float[] token = Arrays.copyOfRange(x, t * width, (t + 1) * width);
      int[] chosen = highest(row);
      double[] shares = Softmax.of(Floats.rows(row, 1, chosen));
      for (int rank = 0; rank < chosen.length; rank++) {
        float[] given = apply(experts.get(chosen[rank]), token);
        for (int c = 0; c < width; c++) {
          y[t * width + c] += (float) shares[rank] * given[c];
        }
      }
    }
    return y;
  }

  /** The experts with the highest logits, in the order of their numbers. */
  private int[] highest(float[] logits) {
    return IntStream.range(0, logits.length)
        .boxed()
        .sorted(Comparator.comparingDouble(e -> -logits[e]))
        .limit(mlp.chosen())
        .mapToInt(Integer::intValue)
        .sorted()
        .toArray();
  }

  private float[] apply(Expert expert, float[] x) {
    float[] both = expert.gateUp().apply(x);
    float[] inner = new float[both.length / 2];
    for (int i = 0; i < inner.length; i++) {
      inner[i] =
          (float)
              Nonlinearity.clampedSwiglu(both[2 * i], both[2 * i + 1], mlp.limit(), mlp.slope());
    }
    return expert.down().apply(inner);
  }
}
