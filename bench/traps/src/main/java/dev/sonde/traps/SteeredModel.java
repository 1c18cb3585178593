package dev.sonde.traps;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.Batch;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Model;
import dev.sonde.api.text.Encoding;
import dev.sonde.api.text.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A model whose states are given, and whose answers follow from what was added to them by a rule
 * that is given too: it steers as it was planted to.
 */
final class SteeredModel implements Model, Tokenizer {
  static final String YES = " yes";
  static final String NO = " no";

  /** Tokens of words; a row's number is a token of its own behind them. */
  private static final List<String> WORDS = List.of("row", "yes", "no");

  private static final Pattern WORD = Pattern.compile("\\S+");

  private final List<Matrix> states;
  private final Rule rule;

  /** What a change of a state does. */
  interface Rule {
    /**
     * The logit of yes over no behind a row.
     *
     * @param added to its state, {@code [width]}
     */
    double logit(int row, double[] added);

    /** What it costs a token of any text, in nats. */
    double harm(double[] added);
  }

  /** The logit of yes over no behind a row with something added to its state. */
  interface Logit {
    double of(int row, double[] added);
  }

  /** Answers that changes move at no cost. */
  static Rule moving(Logit logit) {
    return new Rule() {
      @Override
      public double logit(int row, double[] added) {
        return logit.of(row, added);
      }

      @Override
      public double harm(double[] added) {
        return 0;
      }
    };
  }

  /** Answers that no change moves. */
  static Rule answering(IntToDoubleFunction logit) {
    return moving((row, added) -> logit.applyAsDouble(row));
  }

  /**
   * A model.
   *
   * @param states of the rows after each block, {@code [rows, width]}
   */
  SteeredModel(List<Matrix> states, Rule rule) {
    this.states = List.copyOf(states);
    this.rule = rule;
  }

  List<Matrix> states() {
    return states;
  }

  @Override
  public ModelInfo info() {
    return ModelInfo.of("steered", "5".repeat(64))
        .shape(states.size(), states.getFirst().columns());
  }

  @Override
  public Capabilities capabilities() {
    return Capabilities.none()
        .sites(Set.of("hook_resid_post", HookPoint.LOG_PROB.site()))
        .interventions(Set.of(Intervention.ADD))
        .generating();
  }

  @Override
  public Tokenizer tokenizer() {
    return this;
  }

  @Override
  public Encoding encode(String text, boolean specialTokens) {
    List<MatchResult> words = WORD.matcher(text).results().toList();
    return Encoding.of(
        words.stream().mapToInt(word -> token(word.group())).toArray(),
        words.stream().mapToInt(MatchResult::start).toArray(),
        words.stream().mapToInt(MatchResult::end).toArray());
  }

  private static int token(String word) {
    int known = WORDS.indexOf(word);
    return known >= 0 ? known : WORDS.size() + Integer.parseInt(word);
  }

  @Override
  public String decode(int[] ids) {
    return IntStream.of(ids).mapToObj(this::token).collect(Collectors.joining(" "));
  }

  @Override
  public String token(int id) {
    return id < WORDS.size() ? WORDS.get(id) : String.valueOf(id - WORDS.size());
  }

  @Override
  public double[][] logProbabilities(List<Sequence> sequences) {
    return sequences.stream().map(this::logProbabilities).toArray(double[][]::new);
  }

  private double[] logProbabilities(Sequence sequence) {
    double harm = rule.harm(added(sequence));
    double logit = logit(sequence);
    return sequence.targets().stream()
        .mapToDouble(
            target ->
                target.position() < sequence.length()
                    ? -1 - harm
                    : -Math.log1p(
                        Math.exp(target.token() == WORDS.indexOf("yes") ? -logit : logit)))
        .toArray();
  }

  private double logit(Sequence sequence) {
    return rule.logit(row(sequence), added(sequence));
  }

  private double[] added(Sequence sequence) {
    double[] added = new double[states.getFirst().columns()];
    for (Intervention change : sequence.interventions()) {
      float[] values = change.values();
      for (int c = 0; c < added.length; c++) {
        added[c] += change.amount() * values[c];
      }
    }
    return added;
  }

  private static int row(Sequence sequence) {
    return sequence.token(1) - WORDS.size();
  }

  /** The state of each sequence's last token at one point. */
  @Override
  public ActivationStream forward(ForwardRequest request) {
    Read read = request.groups().getFirst().getFirst();
    Matrix all = states.get(read.point().layer().orElseThrow());
    int count = request.sequences().size();
    Matrix found = Matrix.zeros(Matrix.Type.FLOAT32, count, all.columns());
    for (int i = 0; i < count; i++) {
      found.setRow(i, all.row(row(request.sequences().get(i))));
    }
    int[] places = new int[count];
    Arrays.fill(places, 1);
    Rows rows =
        Rows.even(
            read, all.columns(), found.segment(), IntStream.range(0, count).toArray(), places);
    return new ActivationStream() {
      private boolean given;

      @Override
      public boolean next() {
        boolean more = !given;
        given = true;
        return more;
      }

      @Override
      public Batch batch() {
        return Batch.of(0, List.of(rows));
      }

      @Override
      public void close() {}
    };
  }

  /** One token each: yes where that is likelier than no. */
  @Override
  public GenerationStream generate(GenerateRequest request) {
    List<Sequence> sequences = request.sequences();
    return new GenerationStream() {
      private int at = -1;

      @Override
      public boolean next() {
        at++;
        return at < sequences.size();
      }

      @Override
      public Generation generation() {
        double logit = logit(sequences.get(at));
        int token = WORDS.indexOf(logit > 0 ? "yes" : "no");
        return Generation.of(
            at, 0, new int[] {token}, new double[] {-Math.log1p(Math.exp(-Math.abs(logit)))});
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void close() {}
}
