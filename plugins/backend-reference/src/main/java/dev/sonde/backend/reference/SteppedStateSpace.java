package dev.sonde.backend.reference;

import dev.sonde.formats.huggingface.Activation;
import dev.sonde.formats.huggingface.DecoderWeights;
import dev.sonde.formats.huggingface.Part;
import dev.sonde.formats.huggingface.StateSpaceSpec;
import java.util.List;

/**
 * A selective state space: per head a state S, {@code [places, d_head]}; each token takes a step δ,
 * lets some fade, S ← e^(−aδ) S, writes its input x, S ← S + b (δ x)ᵀ, and reads Sᵀc + d x. Of a
 * sequence that goes on all tokens are run again: slow, and plainly right.
 */
final class SteppedStateSpace implements Mixer {
  private final StateSpaceSpec space;
  private final int layer;
  private final NamedLinear input;
  private final Convolution convolution;
  private final float[] speed;
  private final float[] stepBias;
  private final float[] skip;
  private final Norm norm;
  private final NamedLinear output;

  SteppedStateSpace(StateSpaceSpec space, DecoderWeights weights, int layer, Kernel kernel) {
    this.space = space;
    this.layer = layer;
    this.input = NamedLinear.of(weights.linear(Part.SPACE_INPUT, layer), kernel);
    this.convolution = Convolution.of(weights.convolution(layer));
    this.speed = Floats.of(weights.ofStates(Part.STATE_SPEED, layer));
    this.stepBias = Floats.of(weights.ofStates(Part.STATE_FADE_BIAS, layer));
    this.skip = Floats.of(weights.ofStates(Part.SPACE_SKIP, layer));
    this.norm = Norm.of(space.innerWidth() / space.groups(), weights.stateNorm(layer));
    this.output = NamedLinear.of(weights.linear(Part.OUTPUT, layer), kernel);
  }

  @Override
  public float[] apply(float[] x, List<Run> runs, Observer observer) {
    int inner = space.innerWidth();
    int all = space.inputWidth();
    float[] given = input.apply(x, observer);
    float[] gates = Floats.columns(given, all, 0, inner);
    float[] mixed = Floats.columns(given, all, inner, all - space.heads());
    float[] steps = Floats.columns(given, all, all - space.heads(), all);
    KeyValues own = new KeyValues(space.mixedWidth(), space.heads(), mixed, steps);
    float[] read = new float[gates.length];
    for (Run run : runs) {
      float[] ofSequence = read(run.seen(layer, own), run.sequenceLength());
      System.arraycopy(
          ofSequence, run.past() * inner, read, run.start() * inner, run.length() * inner);
    }
    float[] gated = Floats.product(read, Nonlinearity.apply(Activation.SILU, gates));
    return output.apply(norm.apply(gated), observer);
  }

  /** What all tokens of a sequence read: {@code [tokens, heads, d_head]}. */
  private float[] read(KeyValues seen, int tokens) {
    float[] convolved = convolution.apply(seen.keys(), tokens, 0);
    float[] mixed = Nonlinearity.apply(space.activation(), convolved);
    float[] read = new float[tokens * space.innerWidth()];
    for (int head = 0; head < space.heads(); head++) {
      double[][] state = new double[space.stateWidth()][space.headWidth()];
      int place = space.innerWidth() + head * space.groups() / space.heads() * space.stateWidth();
      for (int token = 0; token < tokens; token++) {
        double step = step(seen.values()[token * space.heads() + head] + stepBias[head]);
        double kept = Math.exp(-Math.exp(speed[head]) * step);
        int row = token * space.mixedWidth();
        int from = row + head * space.headWidth();
        int to = token * space.innerWidth() + head * space.headWidth();
        double[] sums = new double[space.headWidth()];
        for (int k = 0; k < state.length; k++) {
          double written = mixed[row + place + k] * step;
          double found = mixed[row + place + space.placesWidth() + k];
          for (int i = 0; i < sums.length; i++) {
            state[k][i] = kept * state[k][i] + written * mixed[from + i];
            sums[i] += state[k][i] * found;
          }
        }
        for (int i = 0; i < sums.length; i++) {
          read[to + i] = (float) (sums[i] + skip[head] * mixed[from + i]);
        }
      }
    }
    return read;
  }

  /** {@code ln(1 + e^x)}, within the bounds. */
  private double step(double x) {
    double soft = Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    return Math.clamp(soft, space.leastStep(), space.mostStep());
  }
}
