package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.engine.evaluate.fit.CrossValidation;
import dev.sonde.engine.evaluate.fit.Folds;
import dev.sonde.engine.evaluate.fit.Split;
import dev.sonde.engine.experiment.Seeds;
import dev.sonde.statistics.LogisticCurve;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The length of the labels in an online code (Voita and Titov 2020): blocks of whole groups, each
 * as large as all before it, are sent one after the other, each coded by a decoder that was fitted
 * on those before. The first block costs one bit a label. Few bits mean that labels are easy to
 * extract, from little data.
 */
final class OnlineCode {
  /** Share of the groups in the first block. */
  private static final double FIRST = 1.0 / 16;

  /** Groups in the first block at least: two of each class for the folds of the calibration. */
  private static final int FEWEST = 4;

  /** Folds on which scores are turned into probabilities. */
  private static final int FOLDS = 4;

  private final Targets targets;
  private final Seeds seeds;
  private final LinearAlgebra algebra;
  private final List<String> groups;
  private final List<int[]> blocks;

  private OnlineCode(
      Targets targets,
      List<String> groups,
      List<int[]> blocks,
      Seeds seeds,
      LinearAlgebra algebra) {
    this.targets = targets;
    this.groups = groups;
    this.blocks = blocks;
    this.seeds = seeds;
    this.algebra = algebra;
  }

  /** The blocks of a data set of two classes; empty where its groups are too few for three. */
  static Optional<OnlineCode> of(
      Targets targets, List<String> groups, Seeds seeds, LinearAlgebra algebra) {
    List<int[]> order = Folds.balancedOrder(groups, targets, seeds.random("online code"));
    List<int[]> blocks = new ArrayList<>();
    int from = 0;
    int to = Math.max(FEWEST, (int) Math.ceil(order.size() * FIRST));
    while (from < order.size()) {
      int end = Math.min(to, order.size());
      blocks.add(rows(order.subList(from, end)));
      from = end;
      to = 2 * end;
    }
    return blocks.size() < 3
        ? Optional.empty()
        : Optional.of(new OnlineCode(targets, groups, blocks, seeds, algebra));
  }

  private static int[] rows(List<int[]> groups) {
    return groups.stream().flatMapToInt(Arrays::stream).sorted().toArray();
  }

  /** Number of blocks. */
  int blocks() {
    return blocks.size();
  }

  /** The bits that each row's label costs. */
  double[] bits(Matrix features, Decoder decoder) {
    double[] bits = new double[targets.size()];
    int[] known = new int[0];
    for (int[] block : blocks) {
      double[] probabilities = probabilities(features, decoder, known, block);
      for (int i = 0; i < block.length; i++) {
        double p = targets.positive(block[i]) ? probabilities[i] : 1 - probabilities[i];
        bits[block[i]] = -Math.log(p) / Math.log(2);
      }
      int[] more = Arrays.copyOf(known, known.length + block.length);
      System.arraycopy(block, 0, more, known.length, block.length);
      known = Arrays.stream(more).sorted().toArray();
    }
    return bits;
  }

  /** The probability of the positive class for rows of a block; a half where nothing is known. */
  private double[] probabilities(Matrix features, Decoder decoder, int[] known, int[] block) {
    double[] half = new double[block.length];
    Arrays.fill(half, 0.5);
    if (known.length == 0 || !targets.select(known).vary()) {
      return half;
    }
    List<String> within = Arrays.stream(known).mapToObj(groups::get).toList();
    int[] folds = Folds.balanced(within, targets.select(known), FOLDS, seeds.random("calibration"));
    List<Split> inner = Folds.within(known, Folds.splits(folds));
    double[] heldOut =
        new CrossValidation(inner, algebra).scores(split -> features, decoder, targets);
    LogisticCurve calibration = LogisticCurve.of(heldOut, known, targets::positive);
    double[] scores =
        new CrossValidation(List.of(new Split(known, block)), algebra)
            .scores(split -> features, decoder, targets);
    return Arrays.stream(block).mapToDouble(row -> calibration.probability(scores[row])).toArray();
  }
}
