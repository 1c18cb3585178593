package dev.sonde.probe.influence;

import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.Batch;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Objective;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Model;
import dev.sonde.api.text.Tokenizer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A model whose inputs and gradients follow from the token, its place and the seed of labels. */
final class MadeUpModel implements Model {
  static final List<Linear> LINEARS =
      List.of(new Linear("made.0.up", 5, 4), new Linear("made.1.down", 4, 3));

  /** A token whose gradients are not finite. */
  static final int BROKEN = 666;

  private int passes;

  /** How many requests were run. */
  int passes() {
    return passes;
  }

  @Override
  public ModelInfo info() {
    return ModelInfo.builder("made", "0").build();
  }

  @Override
  public Capabilities capabilities() {
    return Capabilities.builder().build();
  }

  @Override
  public Tokenizer tokenizer() {
    throw new UnsupportedOperationException();
  }

  @Override
  public GenerationStream generate(GenerateRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ActivationStream forward(ForwardRequest request) {
    passes++;
    List<Batch> batches = new ArrayList<>();
    int from = 0;
    while (from < request.sequences().size()) {
      int to = from;
      int tokens = 0;
      while (to < request.sequences().size() && (to == from || tokens < request.tokenBudget())) {
        tokens += request.sequences().get(to++).length();
      }
      for (int group = 0; group < request.groups().size(); group++) {
        List<Rows> rows = new ArrayList<>();
        for (Read read : request.groups().get(group)) {
          Linear linear = LINEARS.get(group);
          int width = read.isGradient() ? linear.out() : linear.in();
          rows.add(rows(request.sequences(), from, to, read, width, group));
        }
        batches.add(Batch.of(group, rows));
      }
      from = to;
    }
    return new Stream(batches);
  }

  /** Gradients of all first objectives, then of all second ones. */
  private static Rows rows(List<Sequence> all, int from, int to, Read read, int width, int linear) {
    int objectives = read.isGradient() ? all.get(from).objectives().size() : 1;
    int tokens = all.subList(from, to).stream().mapToInt(Sequence::length).sum();
    int count = objectives * tokens;
    MemorySegment cells = Arena.ofAuto().allocate(4L * count * width, 64);
    int[] sequences = new int[count];
    int[] places = new int[count];
    int row = 0;
    for (int o = 0; o < objectives; o++) {
      for (int s = from; s < to; s++) {
        long seed = read.isGradient() ? seed(all.get(s).objectives().get(o)) : 7;
        for (int token = 0; token < all.get(s).length(); token++) {
          sequences[row] = s;
          places[row] = token;
          Random random = new Random(seed * 1009 + all.get(s).token(token) * 97L + token + linear);
          for (int c = 0; c < width; c++) {
            boolean broken = read.isGradient() && all.get(s).token(token) == BROKEN;
            float value = broken ? Float.NaN : (float) random.nextGaussian();
            cells.setAtIndex(ValueLayout.JAVA_FLOAT, (long) row * width + c, value);
          }
          row++;
        }
      }
    }
    return Rows.even(read, width, cells, sequences, places);
  }

  private static long seed(Objective objective) {
    return objective.seed() * 31 + (objective.kind().equals(Objective.SAMPLED_LOSS) ? 3 : 2);
  }

  /** Batches one after the other. */
  private static final class Stream implements ActivationStream {
    private final List<Batch> batches;
    private int next;

    Stream(List<Batch> batches) {
      this.batches = batches;
    }

    @Override
    public boolean next() {
      return next++ < batches.size();
    }

    @Override
    public Batch batch() {
      return batches.get(next - 1);
    }

    @Override
    public void close() {}
  }
}
