package dev.sonde.backend.reference;

import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.DecoderWeights;
import dev.sonde.formats.huggingface.Part;
import java.util.List;
import java.util.Optional;

/** How the streams of alternating updates are made of the embedding, and become one again. */
final class AltUpEnds {
  /** The least mean square of a stream that is brought to the size of another. */
  private static final double LEAST = 1e-5;

  private final int width;
  private final List<Linear> in;
  private final List<Linear> out;

  AltUpEnds(DecoderSpec spec, DecoderWeights weights, Kernel kernel) {
    this.width = spec.width();
    this.in = maps(weights, Part.ALTUP_IN, kernel);
    this.out = maps(weights, Part.ALTUP_OUT, kernel);
  }

  private List<Linear> maps(DecoderWeights weights, Part part, Kernel kernel) {
    return weights.streamMaps(part).stream()
        .map(w -> Linear.of(kernel, width, width, Floats.of(w), Optional.empty()))
        .toList();
  }

  /** The streams beside the residual stream. */
  List<float[]> others(float[] embedded) {
    return in.stream().map(map -> sized(map.apply(embedded), embedded)).toList();
  }

  /** The mean of all streams, each brought to the size of the first. */
  float[] joined(Streams last) {
    float[] sum = last.residual();
    for (int i = 0; i < out.size(); i++) {
      float[] back = out.get(i).apply(last.others().get(i));
      sum = Floats.sum(sum, sized(back, last.residual()));
    }
    return Floats.times(sum, 1f / (out.size() + 1));
  }

  /** Rows with the root mean square of others. */
  private float[] sized(float[] x, float[] like) {
    float[] sized = new float[x.length];
    for (int row = 0; row < x.length; row += width) {
      double wanted = Math.sqrt(meanSquare(like, row));
      double found = Math.sqrt(Math.max(LEAST, meanSquare(x, row)));
      for (int i = row; i < row + width; i++) {
        sized[i] = (float) (x[i] * wanted / found);
      }
    }
    return sized;
  }

  private double meanSquare(float[] x, int from) {
    double sum = 0;
    for (int i = from; i < from + width; i++) {
      sum += (double) x[i] * x[i];
    }
    return sum / width;
  }
}
