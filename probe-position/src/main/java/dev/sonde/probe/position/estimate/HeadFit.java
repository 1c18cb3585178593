package dev.sonde.probe.position.estimate;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.probe.position.read.PlaneRows;
import java.util.EnumMap;
import java.util.Map;

/**
 * What one head does on one text.
 *
 * @param scores per estimator; those that do not exist for the block are not there
 * @param gainOfKeys R² of distance and key less R² of distance alone, row-centred logits
 * @param ofPosition R² of f alone (E3), row-centred logits
 * @param gainOfContent R² of f + g (E3) less that of f alone, row-centred logits: what content adds
 *     that depends on the query
 * @param spread standard deviation of the row-centred logits, in nats: what the R² are shares of
 * @param gainOfDistance R² of distance and key less R² of key alone
 * @param tightness mean residual of E4 over its mean bound
 * @param bound mean bound over the standard deviation of the logits
 * @param withoutMean the same head with the mean key taken from its keys
 * @param energy per plane, {@code E|q_m| · E|δk_m|}; empty where nothing could be measured
 * @param offset mean over queries of {@code q_m κ̄_m}: what f is made of, real then imaginary parts
 */
public record HeadFit(
    Map<Estimator, EstimatorFit> scores,
    double gainOfKeys,
    double ofPosition,
    double gainOfContent,
    double spread,
    double gainOfDistance,
    double tightness,
    double bound,
    Control withoutMean,
    double[] energy,
    double[] offset) {

  /** The figures of a control. */
  public record Control(double e1, double e2, double gainOfKeys) {
    /** Where nothing could be measured. */
    static final Control NONE = new Control(Double.NaN, Double.NaN, Double.NaN);
  }

  /** Queries or keys that are no numbers. */
  static final HeadFit NONE =
      new HeadFit(
          Map.of(),
          Double.NaN,
          Double.NaN,
          Double.NaN,
          Double.NaN,
          Double.NaN,
          Double.NaN,
          Double.NaN,
          Control.NONE,
          new double[0],
          new double[0]);

  /** An estimator's figures. */
  public EstimatorFit score(Estimator estimator) {
    return scores.getOrDefault(estimator, EstimatorFit.NONE);
  }

  /** R² that neither position nor content explains: {@code 1 − R²} of f + g, row-centred logits. */
  public double rest() {
    return 1 - ofPosition - gainOfContent;
  }

  /** Whether the head could be measured. */
  boolean exists() {
    return !Double.isNaN(score(Estimator.E1).r());
  }

  /**
   * Fits a head.
   *
   * @param fit least squares on the block's pairs
   */
  static HeadFit of(
      LinearAlgebra algebra, AttentionBlock block, AxisFit fit, PlaneRows q, PlaneRows k) {
    if (!q.isFinite() || !k.isFinite()) {
      return NONE;
    }
    double[] w = block.logits(algebra, q, k);
    AxisFit.Centred centred = fit.centred(w);
    Shares shares = Shares.of(block.pairs(), w, block.cap());
    Map<Estimator, EstimatorFit> scores = new EnumMap<>(Estimator.class);
    scores.put(Estimator.E1, EstimatorFit.of(w, shares, fit.three(w, centred).fitted()));
    scores.put(Estimator.E2, EstimatorFit.of(centred.cells(), shares, fit.two(centred).fitted()));
    double tightness = Double.NaN;
    double bound = Double.NaN;
    double ofPosition = Double.NaN;
    double content = Double.NaN;
    if (block.turning()) {
      double[] dummy = block.additive(algebra, block.dummy(), q, k, block.inOrder());
      double[] features = block.additive(algebra, block.features(), q, k, block.inOrder());
      scores.put(Estimator.E3, EstimatorFit.of(w, shares, dummy));
      Additive weighted =
          Additive.dummyDistance(block.planes(), block.rotations(), shares.ofDistances());
      scores.put(
          Estimator.E3W,
          EstimatorFit.of(w, shares, block.additive(algebra, weighted, q, k, block.inOrder())));
      scores.put(Estimator.E4, EstimatorFit.of(w, shares, features));
      double[] position =
          block.additive(algebra, block.dummy().positionAlone(), q, k, block.inOrder());
      ofPosition = explained(centred, block, position);
      content = explained(centred, block, dummy) - ofPosition;
      double mean =
          Moments.mean(Bound.all(algebra, block.pairs(), block.scale(), q, k, block.slow()));
      tightness = meanDistance(w, features) / mean;
      bound = mean / Moments.deviation(w);
    }
    double both = fit.explainedByTwo(centred);
    return new HeadFit(
        scores,
        both - fit.explainedByDistance(centred),
        ofPosition,
        content,
        Math.sqrt(centred.squares() / w.length),
        both - fit.explainedByKey(centred),
        tightness,
        bound,
        control(algebra, block, fit, q, k.less(k.mean())),
        energy(q, k),
        offset(block, q, k));
  }

  /** E1 and E2 hold constants, so that their r is the root of their R². */
  private static Control control(
      LinearAlgebra algebra, AttentionBlock block, AxisFit fit, PlaneRows q, PlaneRows k) {
    double[] w = block.logits(algebra, q, k);
    AxisFit.Centred centred = fit.centred(w);
    double two = fit.explainedByTwo(centred);
    return new Control(
        Math.sqrt(Math.max(0, fit.explainedByThree(w, centred))),
        Math.sqrt(Math.max(0, two)),
        two - fit.explainedByDistance(centred));
  }

  /** R² of an approximation within rows, as a softmax does not see what a whole row shares. */
  private static double explained(
      AxisFit.Centred logits, AttentionBlock block, double[] approximation) {
    double[] near = block.pairs().centred(approximation);
    double[] cells = logits.cells();
    double missed = 0;
    for (int i = 0; i < cells.length; i++) {
      missed += (cells[i] - near[i]) * (cells[i] - near[i]);
    }
    return 1 - missed / logits.squares();
  }

  private static double meanDistance(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += Math.abs(x[i] - y[i]);
    }
    return sum / x.length;
  }

  private static double[] energy(PlaneRows q, PlaneRows k) {
    PlaneRows away = k.less(k.mean());
    double[] energy = new double[k.planes().count()];
    for (int plane = 0; plane < energy.length; plane++) {
      double ofQueries = 0;
      double ofKeys = 0;
      for (int token = 0; token < k.tokens(); token++) {
        ofQueries += q.length(token, plane) / q.tokens();
        ofKeys += away.length(token, plane) / k.tokens();
      }
      energy[plane] = ofQueries * ofKeys;
    }
    return energy;
  }

  private static double[] offset(AttentionBlock block, PlaneRows q, PlaneRows k) {
    int count = block.planes().count();
    double[] means = block.dummy().meanKeys(k, block.pairs().distances());
    double[] offset = new double[2 * count];
    for (int token = 0; token < q.tokens(); token++) {
      for (int plane = 0; plane < count; plane++) {
        double c = means[token * 2 * count + plane];
        double d = means[token * 2 * count + count + plane];
        double a = q.real(token, plane);
        double b = q.imaginary(token, plane);
        offset[plane] += block.scale() * (a * c + b * d) / q.tokens();
        offset[count + plane] += block.scale() * (b * c - a * d) / q.tokens();
      }
    }
    return offset;
  }
}
