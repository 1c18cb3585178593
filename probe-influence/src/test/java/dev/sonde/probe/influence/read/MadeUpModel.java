package dev.sonde.probe.influence.read;

import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.Batch;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Objective;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.model.TrainingPlan;
import dev.sonde.api.probe.Model;
import dev.sonde.api.text.Encoding;
import dev.sonde.api.text.Tokenizer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A model whose inputs and gradients follow from the token, its place and the seed of labels. */
public final class MadeUpModel implements Model, Tokenizer {
  public static final List<LinearModule> LINEARS =
      List.of(new LinearModule("made.0.up", 5, 4), new LinearModule("made.1.down", 4, 3));

  /** A token whose gradients are not finite. */
  public static final int BROKEN = 666;

  private static final int VOCABULARY = 20;

  private final double moved;
  private int passes;

  /** A model that was not trained. */
  public MadeUpModel() {
    this(0);
  }

  private MadeUpModel(double moved) {
    this.moved = moved;
  }

  /** How many requests were run. */
  public int passes() {
    return passes;
  }

  @Override
  public ModelInfo info() {
    return ModelInfo.of("made", "0")
        .shape(2, 5)
        .widths(
            Map.of(
                HookPoint.linearIn("up").name(), 5,
                HookPoint.linearOut("up").name(), 4,
                HookPoint.linearIn("down").name(), 4,
                HookPoint.linearOut("down").name(), 3));
  }

  @Override
  public Capabilities capabilities() {
    return Capabilities.none().features(Set.of(Capabilities.GRADIENTS, Capabilities.TRAINING));
  }

  @Override
  public Tokenizer tokenizer() {
    return this;
  }

  /** A token a word. */
  @Override
  public Encoding encode(String text, boolean specialTokens) {
    List<MatchResult> words = Pattern.compile("\\S+").matcher(text).results().toList();
    return Encoding.of(
        words.stream().mapToInt(w -> Math.floorMod(w.group().hashCode(), VOCABULARY)).toArray(),
        words.stream().mapToInt(MatchResult::start).toArray(),
        words.stream().mapToInt(MatchResult::end).toArray());
  }

  @Override
  public String decode(int[] ids) {
    throw new UnsupportedOperationException();
  }

  @Override
  public String token(int id) {
    return "w" + id + " ";
  }

  @Override
  public void close() {}

  @Override
  public void save(Path folder) {
    throw new UnsupportedOperationException();
  }

  /** A step moves it by what it is trained on and when. */
  @Override
  public Model train(TrainingPlan plan) {
    double sum = moved;
    for (TrainingPlan.Step step : plan.steps()) {
      for (Sequence sequence : step.batch()) {
        sum = 0.9 * sum + step.rate() * sequence.token(0);
      }
    }
    return new MadeUpModel(sum);
  }

  @Override
  public double[][] logProbabilities(List<Sequence> sequences) {
    return sequences.stream()
        .map(
            sequence ->
                sequence.targets().stream()
                    .mapToDouble(target -> -1 - target.token() / 7.0 - moved * target.position())
                    .toArray())
        .toArray(double[][]::new);
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
          boolean up = read.point().name().contains("up");
          int width = read.isGradient() ? (up ? 4 : 3) : (up ? 5 : 4);
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
