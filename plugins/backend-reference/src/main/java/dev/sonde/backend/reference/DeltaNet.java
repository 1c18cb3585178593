package dev.sonde.backend.reference;

import dev.sonde.formats.huggingface.Activation;
import dev.sonde.formats.huggingface.DecoderWeights;
import dev.sonde.formats.huggingface.DeltaNetSpec;
import dev.sonde.formats.huggingface.Part;
import java.util.Arrays;
import java.util.List;

/**
 * A gated delta net: per head a state S, {@code [d_key, d_value]}; each token lets it fade, S ← e^g
 * S, writes what its key does not find yet, S ← S + k (β (v − Sᵀk))ᵀ, and reads Sᵀq. Of a sequence
 * that goes on all tokens are run again: slow, and plainly right.
 */
final class DeltaNet implements Mixer {
  /** Under the root of the length that queries and keys are divided by. */
  private static final double LEAST = 1e-6;

  private final DeltaNetSpec net;
  private final int layer;
  private final DeltaInputs inputs;
  private final Convolution convolution;
  private final float[] speed;
  private final float[] fadeBias;
  private final Norm norm;
  private final NamedLinear output;

  DeltaNet(DeltaNetSpec net, DecoderWeights weights, int layer, Kernel kernel) {
    this.net = net;
    this.layer = layer;
    this.inputs = new DeltaInputs(net, weights, layer, kernel);
    this.convolution = Convolution.of(weights.convolution(layer));
    this.speed = Floats.of(weights.ofStates(Part.STATE_SPEED, layer));
    this.fadeBias = Floats.of(weights.ofStates(Part.STATE_FADE_BIAS, layer));
    this.norm = Norm.of(net.valueWidth(), weights.stateNorm(layer));
    this.output = NamedLinear.of(weights.linear(Part.OUTPUT, layer), kernel);
  }

  @Override
  public float[] apply(float[] x, List<Run> runs, Observer observer) {
    DeltaInputs.Given given = inputs.of(x, observer);
    float[] read = new float[given.gates().length];
    for (Run run : runs) {
      KeyValues own =
          new KeyValues(net.mixedWidth(), 2 * net.valueHeads(), given.mixed(), given.rates());
      KeyValues seen = run.seen(layer, own);
      float[] all = read(seen, run.sequenceLength());
      int width = net.valuesWidth();
      System.arraycopy(all, run.past() * width, read, run.start() * width, run.length() * width);
    }
    float[] gates = Nonlinearity.apply(Activation.SILU, given.gates());
    return output.apply(Floats.product(norm.apply(read), gates), observer);
  }

  /** What all tokens of a sequence read: {@code [tokens, value heads, d_value]}. */
  private float[] read(KeyValues seen, int tokens) {
    float[] mixed = Nonlinearity.apply(Activation.SILU, convolution.apply(seen.keys(), tokens, 0));
    int shared = net.valueHeads() / net.keyHeads();
    float[] read = new float[tokens * net.valuesWidth()];
    for (int head = 0; head < net.valueHeads(); head++) {
      double[][] state = new double[net.keyWidth()][net.valueWidth()];
      int keyHead = head / shared;
      for (int token = 0; token < tokens; token++) {
        int row = token * net.mixedWidth();
        double[] query = unit(mixed, row + keyHead * net.keyWidth());
        double[] key = unit(mixed, row + net.keysWidth() + keyHead * net.keyWidth());
        int value = row + 2 * net.keysWidth() + head * net.valueWidth();
        int rates = token * 2 * net.valueHeads() + head;
        double write = Nonlinearity.sigmoid(seen.values()[rates]);
        double fade = seen.values()[rates + net.valueHeads()] + fadeBias[head];
        double kept = Math.exp(-Math.exp(speed[head]) * Math.log1p(Math.exp(fade)));
        for (double[] line : state) {
          for (int i = 0; i < line.length; i++) {
            line[i] *= kept;
          }
        }
        double[] found = times(state, key);
        for (int k = 0; k < state.length; k++) {
          for (int i = 0; i < found.length; i++) {
            state[k][i] += key[k] * write * (mixed[value + i] - found[i]);
          }
        }
        double[] out = times(state, query);
        int to = token * net.valuesWidth() + head * net.valueWidth();
        for (int i = 0; i < out.length; i++) {
          read[to + i] = (float) (out[i] / Math.sqrt(net.keyWidth()));
        }
      }
    }
    return read;
  }

  private double[] unit(float[] x, int from) {
    double[] row = new double[net.keyWidth()];
    double squares = LEAST;
    for (int i = 0; i < row.length; i++) {
      row[i] = x[from + i];
      squares += row[i] * row[i];
    }
    double length = Math.sqrt(squares);
    return Arrays.stream(row).map(v -> v / length).toArray();
  }

  /** {@code stateᵀ · vector}. */
  private static double[] times(double[][] state, double[] vector) {
    double[] product = new double[state[0].length];
    for (int k = 0; k < state.length; k++) {
      for (int i = 0; i < product.length; i++) {
        product[i] += state[k][i] * vector[k];
      }
    }
    return product;
  }
}
