package dev.sonde.probe.stepimportance;

import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.Batch;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.model.Span;
import dev.sonde.api.probe.Model;
import dev.sonde.api.text.Tokenizer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Predicate;

/** Answers right where a text holds what is needed; its gradients are made up. */
public final class PretendModel implements Model {
  private static final LetterPairs PAIRS = new LetterPairs();
  private static final int VOCABULARY = 1 << 24;
  private static final int WIDTH = 3;

  private final Predicate<String> right;
  private final Norm gradient;
  private int requests;
  private int generations;

  /**
   * A model.
   *
   * @param right texts behind which the answer is 05, else it is 06
   * @param gradient the norm for a target row and a source row
   */
  public PretendModel(Predicate<String> right, DoubleBinaryOperator gradient) {
    this(
        right,
        (sequence, objective, span) -> gradient.applyAsDouble(sequence.spans().size(), span));
  }

  /** The norm of a gradient: of an objective by the embeddings of a span. */
  @FunctionalInterface
  public interface Norm {
    double of(Sequence sequence, int objective, int span);
  }

  public PretendModel(Predicate<String> right, Norm gradient) {
    this.right = right;
    this.gradient = gradient;
  }

  /** Requests of either kind. */
  public int requests() {
    return requests;
  }

  /** Sampled answers. */
  public int generations() {
    return generations;
  }

  @Override
  public ModelInfo info() {
    return ModelInfo.of("pretend", "0").shape(1, WIDTH).vocabulary(VOCABULARY);
  }

  @Override
  public Capabilities capabilities() {
    return Capabilities.none().generating();
  }

  @Override
  public Tokenizer tokenizer() {
    return PAIRS;
  }

  @Override
  public ActivationStream forward(ForwardRequest request) {
    requests++;
    Read read = request.groups().getFirst().getFirst();
    boolean ofStates = read.isReduced() && !read.isGradient();
    List<Double> values = new ArrayList<>();
    List<int[]> places = new ArrayList<>();
    for (int s = 0; s < request.sequences().size(); s++) {
      Sequence sequence = request.sequences().get(s);
      if (ofStates) {
        states(sequence, s, values, places);
      } else if (!read.isGradient()) {
        for (int t = 0; t < sequence.targets().size(); t++) {
          values.add(-1.0);
          places.add(new int[] {s, t, 0});
        }
      }
      for (int o = 0; read.isGradient() && o < sequence.objectives().size(); o++) {
        for (int source = 0; source < sequence.spans().size(); source++) {
          values.add(gradient.of(sequence, o, source));
          places.add(new int[] {s, source, o});
        }
      }
    }
    MemorySegment cells = Arena.ofAuto().allocate(ValueLayout.JAVA_FLOAT, values.size());
    for (int i = 0; i < values.size(); i++) {
      cells.setAtIndex(ValueLayout.JAVA_FLOAT, i, values.get(i).floatValue());
    }
    int width = ofStates ? WIDTH : 1;
    Rows even = Rows.even(read, width, cells, column(places, 0), column(places, 1));
    Rows rows = read.isGradient() ? even.ofObjectives(column(places, 2)) : even;
    return new ActivationStream() {
      private boolean begun;

      @Override
      public boolean next() {
        boolean first = !begun;
        begun = true;
        return first;
      }

      @Override
      public Batch batch() {
        return Batch.of(0, List.of(rows));
      }

      @Override
      public void close() {}
    };
  }

  /** Per span a state that its tokens and those before it decide. */
  private void states(Sequence sequence, int index, List<Double> values, List<int[]> places) {
    for (int span = 0; span < sequence.spans().size(); span++) {
      Span read = sequence.spans().get(span);
      int[] seen = Arrays.copyOf(sequence.tokens(), read.to());
      Random noise = new Random(Arrays.hashCode(seen) * 31 + read.from());
      noise.doubles(WIDTH).forEach(values::add);
      places.add(new int[] {index, span, 0});
    }
  }

  private static int[] column(List<int[]> places, int column) {
    return places.stream().mapToInt(place -> place[column]).toArray();
  }

  @Override
  public GenerationStream generate(GenerateRequest request) {
    requests++;
    List<GenerationStream.Generation> all = new ArrayList<>();
    for (int s = 0; s < request.sequences().size(); s++) {
      Sequence sequence = request.sequences().get(s);
      String answer = right.test(PAIRS.decode(sequence.tokens())) ? "05" : "06";
      for (int sample = 0; sample < sequence.samples(); sample++) {
        generations++;
        int[] tokens = PAIRS.encode(answer, false).ids();
        all.add(GenerationStream.Generation.of(s, sample, tokens, new double[] {-1}));
      }
    }
    return new GenerationStream() {
      private int next = -1;

      @Override
      public boolean next() {
        return ++next < all.size();
      }

      @Override
      public Generation generation() {
        return all.get(next);
      }

      @Override
      public void close() {}
    };
  }
}
