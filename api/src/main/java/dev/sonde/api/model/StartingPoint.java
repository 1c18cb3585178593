package dev.sonde.api.model;

import dev.sonde.api.ApiStatus;
import java.util.Arrays;

/**
 * Where a pass over a sequence begins, if not at the embedding: at a block, with a residual stream
 * that was read before, as it was or changed. Only that block and those behind it are run.
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.2")
public final class StartingPoint {
  private final int block;
  private final float[] residual;

  private StartingPoint(int block, float[] residual) {
    this.block = block;
    this.residual = residual;
  }

  /**
   * A block and what it is given.
   *
   * @param block the first that is run; the number of blocks where only the unembedding is
   * @param residual {@code [tokens, d_model]}, row by row: what the block before gave
   * @throws IllegalArgumentException if the block is negative
   */
  public static StartingPoint of(int block, float[] residual) {
    if (block < 0) {
      throw new IllegalArgumentException("there is no block " + block);
    }
    return new StartingPoint(block, residual.clone());
  }

  /** The first block that is run. */
  public int block() {
    return block;
  }

  /** The residual stream before that block, {@code [tokens, d_model]}. */
  public float[] residual() {
    return residual.clone();
  }

  /** Whether a point is passed before the pass begins, so that it cannot be read or changed. */
  public boolean isBehind(HookPoint point) {
    return point.isBeforeBlocks() || point.layer().orElse(block) < block;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StartingPoint that
        && block == that.block
        && Arrays.equals(residual, that.residual);
  }

  @Override
  public int hashCode() {
    return 31 * block + Arrays.hashCode(residual);
  }

  @Override
  public String toString() {
    return "block " + block;
  }
}
