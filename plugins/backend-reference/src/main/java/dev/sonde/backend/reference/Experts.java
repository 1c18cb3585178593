package dev.sonde.backend.reference;

import dev.sonde.formats.Weight;
import dev.sonde.formats.huggingface.Activation;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.DecoderWeights;
import dev.sonde.formats.huggingface.ExpertWeights;
import dev.sonde.formats.huggingface.ExpertsSpec;
import dev.sonde.formats.huggingface.ExpertsSpec.Layout;
import dev.sonde.formats.huggingface.Part;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * An MLP of experts: each token is sent to the few that its router ranks highest, and to one for
 * all where there is one.
 */
final class Experts implements Mlp {
  private final int layer;
  private final ExpertsSpec spec;
  private final NamedLinear router;
  private final Routing routing;
  private final boolean alternating;
  private final List<Expert> experts;
  private final Optional<SharedExpert> shared;
  private final Optional<float[]> scale;

  /** {@code down(f(gate x) · up x)}; gate and up are outputs of one. */
  private record Expert(Linear gateUp, Linear down) {}

  Experts(ExpertsSpec experts, DecoderSpec spec, DecoderWeights weights, int layer, Kernel kernel) {
    this.layer = layer;
    this.spec = experts;
    this.router = NamedLinear.of(weights.linear(Part.ROUTER, layer), kernel);
    this.routing = new Routing(experts.router(), weights.routerCorrection(layer).map(Floats::of));
    this.scale = weights.expertScale(layer).map(Floats::of);
    ExpertWeights stored = weights.experts(layer);
    this.alternating = stored.layout() == Layout.ALTERNATING;
    boolean inputsFirst = stored.layout() != Layout.OUT_IN;
    Weight gateUp = stored.gateAndUp();
    Weight down = stored.down();
    this.experts =
        IntStream.range(0, experts.experts())
            .mapToObj(
                e ->
                    new Expert(
                        linear(gateUp, stored.gateAndUpBias(), e, inputsFirst, kernel),
                        linear(down, stored.downBias(), e, inputsFirst, kernel)))
            .toList();
    this.shared =
        experts.shared() > 0
            ? Optional.of(new SharedExpert(experts, spec, weights, layer, kernel))
            : Optional.empty();
  }

  /**
   * One expert's map.
   *
   * @param weight of all experts, three sizes
   * @param bias of all experts, {@code [experts, out]}
   * @param inputsFirst whether the second size is that of the inputs
   */
  private static Linear linear(
      Weight weight, Optional<Weight> bias, int expert, boolean inputsFirst, Kernel kernel) {
    int first = Math.toIntExact(weight.shape().get(1));
    int second = Math.toIntExact(weight.shape().get(2));
    int out = inputsFirst ? second : first;
    float[] matrix = Floats.of(weight, (long) expert * first * second, first * second);
    Optional<float[]> own = bias.map(b -> Floats.of(b, (long) expert * out, out));
    return inputsFirst
        ? new Linear(kernel, first, second, matrix, own)
        : Linear.of(kernel, second, first, matrix, own);
  }

  @Override
  public float[] apply(float[] x, float[] residual, Observer observer) {
    return sent(x, x, observer);
  }

  /**
   * What the experts give of x.
   *
   * @param seen what the router sees in its place
   */
  float[] sent(float[] x, float[] seen, Observer observer) {
    float[] logits = router.apply(seen, observer);
    observer.see(layer, "mlp.hook_router", logits);
    float[] y = new float[x.length];
    int tokens = logits.length / spec.experts();
    int width = x.length / tokens;
    for (int t = 0; t < tokens; t++) {
      int from = t * spec.experts();
      float[] row = Arrays.copyOfRange(logits, from, from + spec.experts());
      float[] token = Arrays.copyOfRange(x, t * width, (t + 1) * width);
      for (Routing.Choice choice : routing.of(row)) {
        float weight = (float) choice.weight() * scale.map(s -> s[choice.expert()]).orElse(1f);
        boolean before = spec.router().weighsInput();
        float[] given =
            apply(experts.get(choice.expert()), before ? Floats.times(token, weight) : token);
        for (int c = 0; c < width; c++) {
          y[t * width + c] += (before ? 1 : weight) * given[c];
        }
      }
    }
    return shared.map(s -> Floats.sum(y, s.apply(x, observer))).orElse(y);
  }

  private float[] apply(Expert expert, float[] x) {
    float[] both = expert.gateUp().apply(x);
    int width = both.length / 2;
    float[] inner = new float[width];
    for (int i = 0; i < width; i++) {
      float gate = alternating ? both[2 * i] : both[i];
      float up = alternating ? both[2 * i + 1] : both[width + i];
      inner[i] =
          spec.activation() == Activation.CLAMPED_SWIGLU
              ? (float) Nonlinearity.clampedSwiglu(gate, up, spec.limit(), spec.slope())
              : up * Nonlinearity.apply(spec.activation(), new float[] {gate})[0];
    }
    return expert.down().apply(inner);
  }
}
