package dev.sonde.probe.position.estimate;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.probe.Artifact;
import dev.sonde.probe.position.read.CausalPairs;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The fits of a model's blocks, one for each set of query-key pairs: blocks of one window share it.
 * Their normal equations are solved once, in a stage before the shards that use them.
 */
public final class AxisFits {
  /** The version of the layout. */
  public static final int VERSION = 1;

  private final Map<CausalPairs, AxisFit> fits;

  private AxisFits(Map<CausalPairs, AxisFit> fits) {
    this.fits = fits;
  }

  private static Collection<CausalPairs> distinct(Collection<AttentionBlock> blocks) {
    return blocks.stream().map(AttentionBlock::pairs).distinct().toList();
  }

  /** Solves the normal equations of some blocks, all of one text length. */
  public static Artifact solve(Collection<AttentionBlock> blocks, LinearAlgebra algebra) {
    Artifact solved = Artifact.empty();
    for (CausalPairs pairs : distinct(blocks)) {
      AxisFit fit = new AxisFit(pairs, algebra);
      solved =
          solved.with(ofThree(pairs), fit.inverseOfThree()).with(ofTwo(pairs), fit.inverseOfTwo());
    }
    return solved;
  }

  /** The fits of blocks whose equations were solved. */
  public static AxisFits of(Collection<AttentionBlock> blocks, Artifact solved) {
    return new AxisFits(
        distinct(blocks).stream()
            .collect(
                Collectors.toMap(
                    Function.identity(),
                    pairs -> {
                      Matrix three = solved.tensor(ofThree(pairs));
                      return new AxisFit(pairs, three, solved.tensor(ofTwo(pairs)));
                    })));
  }

  private static String ofThree(CausalPairs pairs) {
    return "inverse.three." + pairs.distances();
  }

  private static String ofTwo(CausalPairs pairs) {
    return "inverse.two." + pairs.distances();
  }

  /** The fit of a block. */
  AxisFit of(AttentionBlock block) {
    AxisFit fit = fits.get(block.pairs());
    if (fit == null) {
      throw new IllegalArgumentException("no fit of " + block.pairs());
    }
    return fit;
  }
}
