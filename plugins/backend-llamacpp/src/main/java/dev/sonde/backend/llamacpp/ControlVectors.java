package dev.sonde.backend.llamacpp;

import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Vectors that llama.cpp adds itself, by its adapter of control vectors, instead of being stopped
 * at each node: where that gives the same numbers, bit for bit, which is tried once a model. Some
 * architectures have no adapter and would leave the vectors out.
 */
final class ControlVectors {
  private static final int[] PROBE = {0, 0};

  private final LlamaLibrary library;
  private final SiteMap sites;
  private final int width;
  private final int vocabulary;
  private Optional<Boolean> equal = Optional.empty();

  /**
   * Those of a model.
   *
   * @param sites of its graph
   * @param width of its residual stream
   */
  ControlVectors(LlamaLibrary library, SiteMap sites, int width, int vocabulary) {
    this.library = library;
    this.sites = sites;
    this.width = width;
    this.vocabulary = vocabulary;
  }

  int width() {
    return width;
  }

  /**
   * The vector that stands for all changes of a pass.
   *
   * @param fed sequences, all of which must have the same changes
   * @param reads what is read: elsewhere than after blocks the adapter's graph was not compared
   * @param open whose room for one sequence is taken for the first try
   */
  Optional<float[]> of(List<Edits> fed, Set<HookPoint> reads, OpenLlama open) {
    boolean known = reads.stream().allMatch(ControlVectors::isCompared);
    if (!known || sites.layers() < 2 || fed.stream().anyMatch(Edits::isPlain)) {
      return Optional.empty();
    }
    Optional<float[]> first = fed.getFirst().controlVector(sites.layers(), width);
    boolean all =
        first.isPresent()
            && fed.stream()
                .allMatch(
                    each ->
                        each.controlVector(sites.layers(), width)
                            .filter(vector -> Arrays.equals(vector, first.get()))
                            .isPresent());
    return all && areEqual(open) ? first : Optional.empty();
  }

  private static boolean isCompared(HookPoint point) {
    return point.site().equals(HookPoint.RESID_POST)
        || point.equals(HookPoint.LOGITS)
        || point.equals(HookPoint.LOG_PROB);
  }

  private boolean areEqual(OpenLlama open) {
    if (equal.isEmpty()) {
      open.takeRoom(this);
      equal = Optional.of(tried(open.room()));
    }
    return equal.get();
  }

  /** Runs two tokens with a vector in every block, both ways. */
  private boolean tried(LlamaContext context) {
    float[] vector = new float[width];
    for (int i = 0; i < width; i++) {
      vector[i] = (float) Math.sin(1.3 * i + 0.7);
    }
    List<Intervention> changes = new ArrayList<>();
    for (int block = 1; block < sites.layers(); block++) {
      HookPoint point = HookPoint.of(block, HookPoint.RESID_POST);
      changes.add(Intervention.add(point, Selector.all(), vector, 0.37));
    }
    Edits edits = new Edits(Sequence.of(PROBE).intervene(changes));
    Seen written = seen(context, edits);
    context.steer(edits.controlVector(sites.layers(), width).orElseThrow(), width);
    Seen added = seen(context, edits.nothing());
    context.steer(new float[0], width);
    return written.isLike(added);
  }

  /** All rows after blocks, and the logits behind them. */
  private Seen seen(LlamaContext context, Edits edits) {
    Seen seen = new Seen(sites.layers());
    context.clear();
    LlamaContext.Part part = new LlamaContext.Part(0, 0, PROBE.clone(), new boolean[] {true, true});
    List<NodeTap.Fed> fed = List.of(new NodeTap.Fed(part, edits));
    context.decode(List.of(part), new NodeTap(library, sites, fed, seen, true));
    for (int token = 0; token < PROBE.length; token++) {
      seen.row(HookPoint.LOGITS, 0, token, context.logits(token, vocabulary));
    }
    context.clear();
    return seen;
  }

  /** The rows of a try, by point and token. */
  private static final class Seen implements NodeTap.Sink {
    private final Set<HookPoint> points;
    private final TreeMap<String, List<Float>> rows = new TreeMap<>();

    Seen(int layers) {
      Set<HookPoint> after = new LinkedHashSet<>();
      for (int block = 0; block < layers; block++) {
        after.add(HookPoint.of(block, HookPoint.RESID_POST));
      }
      this.points = after;
    }

    @Override
    public boolean wants(HookPoint point, int sequence, int token) {
      return true;
    }

    @Override
    public Set<HookPoint> points() {
      return points;
    }

    @Override
    public void row(HookPoint point, int sequence, int token, float[] row) {
      List<Float> numbers = new ArrayList<>();
      for (float number : row) {
        numbers.add(number);
      }
      rows.put(point + " " + token, numbers);
    }

    /** Whether the same rows were seen, bit for bit. */
    boolean isLike(Seen other) {
      return rows.equals(other.rows);
    }
  }
}
