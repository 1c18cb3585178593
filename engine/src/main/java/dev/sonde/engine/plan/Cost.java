package dev.sonde.engine.plan;

import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Read;
import dev.sonde.engine.pass.Pass;
import dev.sonde.engine.shard.ShardTask;
import dev.sonde.engine.store.RowLayout;
import dev.sonde.engine.store.StoredPass;
import java.util.List;

/**
 * What a pass takes, known before it runs.
 *
 * @param requests forward requests; each goes once over its sequences
 * @param sequences sequences in them
 * @param tokens tokens in them
 * @param storedTokens tokens of the data set whose reads are all stored already
 * @param storeBytes bytes that the store grows by, less the headers of its files
 * @param blocks number of the model's blocks that are run
 * @param operations multiplications and additions, an estimate from above: what prompts share at
 *     their beginning may be run once
 */
public record Cost(
    int requests,
    long sequences,
    long tokens,
    long storedTokens,
    long storeBytes,
    int blocks,
    double operations) {

  /** The cost of what is missing in the store. */
  public static Cost of(StoredPass stored) {
    Pass pass = stored.pass();
    ModelInfo info = pass.model().info();
    List<ShardTask.Capture> missing = stored.missing();
    long sequences = 0;
    long tokens = 0;
    long bytes = 0;
    int blocks = 0;
    double operations = 0;
    for (ShardTask.Capture task : missing) {
      List<int[]> rows = pass.tokens(task.shard());
      sequences += rows.size();
      tokens += rows.stream().mapToLong(row -> row.length).sum();
      for (Read read : task.reads()) {
        bytes += bytes(info, read, rows);
        operations += unembedding(info, read, rows);
      }
      int depth = depth(info, task.reads());
      blocks = Math.max(blocks, depth);
      operations += depth * operationsOfBlock(info, rows);
    }
    return new Cost(
        missing.size(),
        sequences,
        tokens,
        pass.rows().tokens() - tokens,
        bytes,
        blocks,
        operations);
  }

  /** Numbers in a row of a read; 0 where rows differ. */
  public static int width(ModelInfo info, Read read) {
    return read.reduction().equals(Read.NORM) ? 1 : info.width(read.point());
  }

  /** Bytes of all rows of a read, float32. */
  public static long bytes(ModelInfo info, Read read, List<int[]> tokens) {
    return RowLayout.of(read, tokens).rows() * width(info, read) * Float.BYTES;
  }

  private static int depth(ModelInfo info, List<Read> reads) {
    return reads.stream()
        .map(Read::point)
        .mapToInt(p -> p.isBeforeBlocks() ? 0 : p.layer().orElse(info.layers() - 1) + 1)
        .max()
        .orElse(0);
  }

  /**
   * Two operations for each weight and token; and for each pair of a token and an earlier one, two
   * for each number of the queries (scores) and two for each of the mixed values.
   */
  private static double operationsOfBlock(ModelInfo info, List<int[]> tokens) {
    double operations = 0;
    for (int[] row : tokens) {
      double pairs = row.length * (row.length + 1.0) / 2;
      operations += 2.0 * info.blockParameters() * row.length;
      operations += 4.0 * info.heads() * info.headWidth() * pairs;
    }
    return operations;
  }

  private static double unembedding(ModelInfo info, Read read, List<int[]> tokens) {
    if (!read.point().equals(HookPoint.LOGITS)) {
      return 0;
    }
    boolean last = !read.isReduced() && !RowLayout.everyToken(read);
    long rows = last ? tokens.size() : tokens.stream().mapToLong(row -> row.length).sum();
    return 2.0 * rows * info.width() * info.vocabularySize();
  }
}
