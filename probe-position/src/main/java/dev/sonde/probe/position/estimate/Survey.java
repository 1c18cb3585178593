package dev.sonde.probe.position.estimate;

import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.probe.Artifact;
import dev.sonde.statistics.Quantiles;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** All heads of a model on all texts, and the figures that they amount to. */
public final class Survey {
  /** The version of what a shard gives. */
  public static final int VERSION = SurveyedTexts.VERSION;

  private final String name;
  private final ModelInfo info;
  private final List<AttentionBlock> blocks;
  private final HeadFit[][][] fits;
  private final Offsets[] queries;
  private final Offsets[] keys;

  private Survey(String name, ModelInfo info, List<AttentionBlock> blocks, SurveyedTexts surveyed) {
    this.name = name;
    this.info = info;
    this.blocks = List.copyOf(blocks);
    this.fits = surveyed.fits();
    this.queries = surveyed.queries();
    this.keys = surveyed.keys();
  }

  /**
   * A survey of what shards gave.
   *
   * @param name of the model in metrics
   * @param shards in the order of their texts
   */
  public static Survey of(
      String name, ModelInfo info, List<AttentionBlock> blocks, List<Artifact> shards) {
    return new Survey(name, info, blocks, SurveyedTexts.joined(info, shards));
  }

  /** The model's name in metrics. */
  public String name() {
    return name;
  }

  /** Number of blocks. */
  public int layers() {
    return fits.length;
  }

  /** Number of query heads of a block. */
  public int heads() {
    return info.heads();
  }

  /** Number of texts. */
  public int texts() {
    return fits[0][0].length;
  }

  /** A block of the model. */
  public AttentionBlock block(int layer) {
    return blocks.get(layer);
  }

  /** What one head does on one text. */
  public HeadFit fit(int layer, int head, int text) {
    return fits[layer][head][text];
  }

  /** Constant parts of a block's queries. */
  public Offsets queries(int layer) {
    return queries[layer];
  }

  /** Constant parts of a block's keys. */
  public Offsets keys(int layer) {
    return keys[layer];
  }

  /** A figure of one head on each text. */
  public double[] ofHead(int layer, int head, ToDoubleFunction<HeadFit> figure) {
    double[] values = new double[texts()];
    for (int text = 0; text < values.length; text++) {
      values[text] = figure.applyAsDouble(fits[layer][head][text]);
    }
    return values;
  }

  /** A figure of all heads of some layers on each text, {@code [layers · heads, texts]}. */
  public double[][] ofLayers(int from, int to, ToDoubleFunction<HeadFit> figure) {
    double[][] values = new double[(to - from) * heads()][];
    for (int layer = from; layer < to; layer++) {
      for (int head = 0; head < heads(); head++) {
        values[(layer - from) * heads() + head] = ofHead(layer, head, figure);
      }
    }
    return values;
  }

  /** The blocks in which some head could not be measured. */
  public List<Integer> damagedBlocks() {
    return IntStream.range(0, layers())
        .filter(l -> Arrays.stream(fits[l]).flatMap(Arrays::stream).anyMatch(f -> !f.exists()))
        .boxed()
        .toList();
  }

  /** What f is made of, the mean over heads and texts of a block. */
  public double[] meanOffset(int layer) {
    double[] mean = new double[info.headWidth()];
    int counted = 0;
    for (HeadFit[] head : fits[layer]) {
      for (HeadFit fit : head) {
        counted += fit.exists() ? 1 : 0;
        for (int i = 0; i < fit.offset().length; i++) {
          mean[i] += fit.offset()[i];
        }
      }
    }
    for (int i = 0; i < mean.length; i++) {
      mean[i] /= counted;
    }
    return mean;
  }

  /** Per plane its part of {@code Σ_m E|q_m| · E|δk_m|}, over all heads and texts. */
  public double[] energyShare() {
    double[] share = new double[info.headWidth() / 2];
    double all = 0;
    for (HeadFit[][] layer : fits) {
      for (HeadFit[] head : layer) {
        for (HeadFit fit : head) {
          for (int plane = 0; plane < fit.energy().length; plane++) {
            share[plane] += fit.energy()[plane];
            all += fit.energy()[plane];
          }
        }
      }
    }
    for (int plane = 0; plane < share.length; plane++) {
      share[plane] /= all;
    }
    return share;
  }

  /** The median ρ of a plane over heads and blocks. */
  public double offsetRatio(boolean ofKeys, int plane) {
    double[][] ratios = new double[layers()][];
    for (int layer = 0; layer < ratios.length; layer++) {
      Offsets offsets = ofKeys ? keys[layer] : queries[layer];
      ratios[layer] =
          IntStream.range(0, offsets.heads()).mapToDouble(h -> offsets.ratio(h, plane)).toArray();
    }
    return Quantiles.median(HeadMedian.numbers(ratios));
  }

  /** Blocks, heads and texts that could not be measured. */
  public int missing() {
    int missing = 0;
    for (HeadFit[][] layer : fits) {
      for (HeadFit[] head : layer) {
        for (HeadFit fit : head) {
          missing += fit.exists() ? 0 : 1;
        }
      }
    }
    return missing;
  }
}
