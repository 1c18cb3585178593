package dev.sonde.probe.position;

import dev.sonde.api.SondeException;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.model.Attention;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Model;
import dev.sonde.statistics.Quantiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * All heads of a model on all texts. Queries and keys stream through: what stays is a few numbers a
 * head and text. At any time as many heads have their logits in memory as there are processors.
 */
final class Survey {
  private final String name;
  private final ModelInfo info;
  private final List<Block> blocks;
  private final HeadFit[][][] fits;
  private final Offsets[] queries;
  private final Offsets[] keys;

  /** How texts are looked at. */
  record Settings(int first, double slowAngle) {}

  private Survey(String name, Model model, List<Block> blocks, int texts) {
    this.name = name;
    this.info = model.info();
    this.blocks = List.copyOf(blocks);
    this.fits = new HeadFit[info.layers()][info.heads()][texts];
    int planes = info.headWidth() / 2;
    this.queries = offsets(info.layers(), info.heads() * planes);
    this.keys = offsets(info.layers(), info.keyValueHeads() * planes);
  }

  private static Offsets[] offsets(int layers, int planes) {
    return IntStream.range(0, layers).mapToObj(l -> new Offsets(planes)).toArray(Offsets[]::new);
  }

  /** The blocks of a model, those of one window with one fit. */
  static List<Block> blocks(ModelInfo info, LinearAlgebra algebra, int tokens, Settings settings) {
    Map<Cells, AxisFit> fits = new HashMap<>();
    List<Block> blocks = new ArrayList<>();
    for (Attention attention : info.attention()) {
      Cells cells = Cells.of(tokens, settings.first(), attention.window());
      AxisFit fit = fits.computeIfAbsent(cells, c -> new AxisFit(c, algebra));
      blocks.add(Block.of(attention, info.headWidth(), cells, fit, tokens, settings.slowAngle()));
    }
    return blocks;
  }

  /**
   * Looks at every head on every text.
   *
   * @param name of the model in metrics
   * @param shuffles per text an order of its keys, for the control
   * @param progress told how many blocks of texts are done
   */
  static Survey of(
      String name,
      Model model,
      LinearAlgebra algebra,
      List<Block> blocks,
      List<int[]> texts,
      List<int[]> shuffles,
      Settings settings,
      IntConsumer progress) {
    Survey survey = new Survey(name, model, blocks, texts.size());
    List<List<HookPoint>> layers =
        IntStream.range(0, survey.info.layers()).mapToObj(HeadStream::points).toList();
    List<Sequence> sequences = texts.stream().map(Sequence::of).toList();
    try (Pool pool = new Pool()) {
      HeadStream.run(
          model,
          sequences,
          layers,
          new HeadStream.Consumer() {
            private int done;

            @Override
            public void take(int layer, int text, List<float[]> rows) {
              survey.take(pool, algebra, layer, text, shuffles.get(text), rows, settings.first());
              done++;
            }

            @Override
            public void finish() {
              pool.join();
              progress.accept(done);
            }
          });
    }
    return survey;
  }

  private void take(
      Pool pool,
      LinearAlgebra algebra,
      int layer,
      int text,
      int[] shuffle,
      List<float[]> rows,
      int first) {
    Block block = blocks.get(layer);
    float[] q = rows.getFirst();
    float[] k = rows.getLast();
    int keyHeads = info.keyValueHeads();
    for (int head = 0; head < keyHeads; head++) {
      keys[layer].add(head, HeadStream.head(block.planes(), k, keyHeads, head, first));
    }
    for (int head = 0; head < info.heads(); head++) {
      int own = head;
      PlaneRows queryRows = HeadStream.head(block.planes(), q, info.heads(), head, first);
      queries[layer].add(head, queryRows);
      pool.submit(
          () -> {
            int keyHead = HeadStream.keyHead(info, own);
            PlaneRows keyRows = HeadStream.head(block.planes(), k, keyHeads, keyHead, first);
            fits[layer][own][text] = HeadFit.of(algebra, block, queryRows, keyRows, shuffle);
          });
    }
  }

  /** Threads for arithmetic, as many as processors. */
  private static final class Pool implements AutoCloseable {
    private final ExecutorService threads =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    private final List<Future<?>> running = new ArrayList<>();

    void submit(Runnable work) {
      running.add(threads.submit(work));
    }

    /** Waits for all that was submitted. */
    void join() {
      for (Future<?> each : running) {
        try {
          each.get();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new SondeException("interrupted", e);
        } catch (ExecutionException e) {
          throw e.getCause() instanceof RuntimeException cause
              ? cause
              : new IllegalStateException(e.getCause());
        }
      }
      running.clear();
    }

    @Override
    public void close() {
      threads.shutdownNow();
    }
  }

  /** The model's name in metrics. */
  String name() {
    return name;
  }

  int layers() {
    return fits.length;
  }

  int heads() {
    return info.heads();
  }

  int texts() {
    return fits[0][0].length;
  }

  Block block(int layer) {
    return blocks.get(layer);
  }

  HeadFit fit(int layer, int head, int text) {
    return fits[layer][head][text];
  }

  Offsets queries(int layer) {
    return queries[layer];
  }

  Offsets keys(int layer) {
    return keys[layer];
  }

  /** A figure of one head on each text. */
  double[] ofHead(int layer, int head, ToDoubleFunction<HeadFit> figure) {
    double[] values = new double[texts()];
    for (int text = 0; text < values.length; text++) {
      values[text] = figure.applyAsDouble(fits[layer][head][text]);
    }
    return values;
  }

  /** A figure of all heads of some layers on each text, {@code [layers · heads, texts]}. */
  double[][] ofLayers(int from, int to, ToDoubleFunction<HeadFit> figure) {
    double[][] values = new double[(to - from) * heads()][];
    for (int layer = from; layer < to; layer++) {
      for (int head = 0; head < heads(); head++) {
        values[(layer - from) * heads() + head] = ofHead(layer, head, figure);
      }
    }
    return values;
  }

  /** The blocks in which some head could not be measured. */
  List<Integer> damagedBlocks() {
    return IntStream.range(0, layers())
        .filter(l -> Arrays.stream(fits[l]).flatMap(Arrays::stream).anyMatch(f -> !f.exists()))
        .boxed()
        .toList();
  }

  /** What f is made of, the mean over heads and texts of a block. */
  double[] meanOffset(int layer) {
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
  double[] energyShare() {
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
  double offsetRatio(boolean ofKeys, int plane) {
    double[][] ratios = new double[layers()][];
    for (int layer = 0; layer < ratios.length; layer++) {
      Offsets offsets = ofKeys ? keys[layer] : queries[layer];
      ratios[layer] =
          IntStream.range(0, offsets.heads()).mapToDouble(h -> offsets.ratio(h, plane)).toArray();
    }
    return Quantiles.median(HeadMedian.numbers(ratios));
  }

  /** Blocks, heads and texts that could not be measured. */
  int missing() {
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
