package dev.sonde.probe.position.estimate;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.Model;
import dev.sonde.probe.position.read.HeadStream;
import dev.sonde.probe.position.read.PlaneRows;
import java.util.List;

/**
 * The logits of some heads on one text, taken apart cell by cell: what is position, what meaning,
 * what neither; and how far the same split holds over all distances, not only those that the text
 * has.
 */
public final class TextMaps {
  /** The version of the layout. */
  public static final int VERSION = 1;

  private static final String LOGITS = "logits.";
  private static final String POSITION = "position.";
  private static final String SUM = "sum.";
  private static final String GRID = "grid.";
  private static final String GRID_R = "grid_r.";

  /** Queries whose grids are compared with f + g. */
  private static final int GRIDS = 16;

  private TextMaps() {}

  /**
   * Looks at heads.
   *
   * @param blocks of the model, for texts of that length
   * @param first how many first tokens are left out
   * @param heads pairs of block and head
   */
  public static Artifact of(
      Model model,
      LinearAlgebra algebra,
      List<AttentionBlock> blocks,
      int[] ids,
      int first,
      List<int[]> heads) {
    List<List<HookPoint>> points = heads.stream().map(head -> HeadStream.points(head[0])).toList();
    Artifact[] found = {Artifact.empty()};
    ModelInfo info = model.info();
    HeadStream.run(
        model,
        List.of(Sequence.of(ids)),
        points,
        (group, text, rows) -> {
          int[] head = heads.get(group);
          AttentionBlock block = blocks.get(head[0]);
          int keyHead = HeadStream.keyHead(info, head[1]);
          PlaneRows q =
              HeadStream.head(block.planes(), rows.getFirst(), info.heads(), head[1], first);
          PlaneRows k =
              HeadStream.head(block.planes(), rows.getLast(), info.keyValueHeads(), keyHead, first);
          found[0] = with(found[0], algebra, block, q, k, head[0] + "." + head[1]);
        });
    return found[0];
  }

  private static Artifact with(
      Artifact maps,
      LinearAlgebra algebra,
      AttentionBlock block,
      PlaneRows q,
      PlaneRows k,
      String head) {
    double[] logits = block.logits(algebra, q, k);
    double[] position =
        block.additive(algebra, block.dummy().positionAlone(), q, k, block.inOrder());
    double[] sum = block.additive(algebra, block.dummy(), q, k, block.inOrder());
    return maps.with(LOGITS + head, row(logits))
        .with(POSITION + head, row(position))
        .with(SUM + head, row(sum))
        .with(GRID + head, Matrix.of(Matrix.Type.FLOAT64, grid(block, q, k, q.tokens() - 1)))
        .with(GRID_R + head, row(new double[] {ofGrid(block, q, k)}));
  }

  private static Matrix row(double[] values) {
    return Matrix.of(Matrix.Type.FLOAT64, new double[][] {values});
  }

  /** {@code T[j, d] = w(d, q_i, k_j)} of one query over the keys it sees and all distances. */
  static double[][] grid(AttentionBlock block, PlaneRows q, PlaneRows k, int query) {
    int from = block.pairs().from(query);
    double[][] grid = new double[query - from + 1][block.pairs().distances()];
    for (int key = from; key <= query; key++) {
      for (int distance = 0; distance < grid[0].length; distance++) {
        grid[key - from][distance] =
            block.scale() * Logits.at(block.rotations(), distance, q, query, k, key);
      }
    }
    return grid;
  }

  /** Pearson's r of f + g (E3) with all cells of some queries' grids, evenly spread. */
  static double ofGrid(AttentionBlock block, PlaneRows q, PlaneRows k) {
    Sums sums = new Sums();
    int step = Math.max(1, q.tokens() / GRIDS);
    for (int query = 1; query < q.tokens(); query += step) {
      double[][] grid = grid(block, q, k, query);
      double[] ofKeys = new double[grid.length];
      double[] ofDistances = new double[grid[0].length];
      double all = 0;
      for (int key = 0; key < grid.length; key++) {
        for (int distance = 0; distance < grid[0].length; distance++) {
          ofKeys[key] += grid[key][distance] / grid[0].length;
          ofDistances[distance] += grid[key][distance] / grid.length;
          all += grid[key][distance] / grid.length / grid[0].length;
        }
      }
      for (int key = 0; key < grid.length; key++) {
        for (int distance = 0; distance < grid[0].length; distance++) {
          sums.add(grid[key][distance], ofKeys[key] + ofDistances[distance] - all);
        }
      }
    }
    return sums.correlation();
  }

  private static final class Sums {
    private double count;
    private double x;
    private double y;
    private double xx;
    private double yy;
    private double xy;

    void add(double a, double b) {
      count++;
      x += a;
      y += b;
      xx += a * a;
      yy += b * b;
      xy += a * b;
    }

    double correlation() {
      double covariance = xy - x * y / count;
      return covariance / Math.sqrt((xx - x * x / count) * (yy - y * y / count));
    }
  }

  /**
   * One head on the text, packed cells.
   *
   * @param logits as they are
   * @param position f
   * @param sum f + g
   * @param grid {@code T[j, d]} of the last query
   * @param ofGrid r of f + g over all distances
   */
  public record Head(
      double[] logits, double[] position, double[] sum, double[][] grid, double ofGrid) {
    /** What a stage found of a head {@code block.head}. */
    public static Head of(Artifact maps, String head) {
      Matrix grid = maps.tensor(GRID + head);
      double[][] rows = new double[grid.rows()][];
      for (int row = 0; row < rows.length; row++) {
        rows[row] = grid.row(row);
      }
      return new Head(
          maps.tensor(LOGITS + head).row(0),
          maps.tensor(POSITION + head).row(0),
          maps.tensor(SUM + head).row(0),
          rows,
          maps.tensor(GRID_R + head).get(0, 0));
    }
  }
}
