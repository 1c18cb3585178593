package dev.sonde.probe.linear.answers;

import dev.sonde.answers.Answer;
import dev.sonde.answers.Outcome;
import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.Example;
import dev.sonde.api.data.Study;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.ShardContext;
import dev.sonde.trials.AnswerOptions;
import dev.sonde.trials.NewTokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The answers of a data set, some rows at a time: as the model's tokens, which are kept, and as
 * what is read of them.
 *
 * @param asked what is asked for
 */
record AnswerShards(AskedFor asked) {
  /** Rows of a shard: few enough that an interrupted run loses little. */
  static final int ROWS = 64;

  private static final String STUDY = "study";
  private static final String ROWS_OF = "rows";
  private static final String TOKENS = "tokens";
  private static final String LENGTHS = "lengths";
  private static final String LOG_PROBABILITIES = "log_probabilities";

  /** The shards of a data set, by name. */
  SequencedMap<String, Artifact> inputs(Study study) {
    SequencedMap<String, Artifact> inputs = new LinkedHashMap<>();
    for (int from = 0; from < study.size(); from += ROWS) {
      int to = Math.min(from + ROWS, study.size());
      inputs.put(
          "%s-%06d".formatted(study.name(), from),
          Artifact.empty().with(STUDY, study.name()).with(ROWS_OF, from, to));
    }
    return inputs;
  }

  /** Computes a shard. */
  Artifact compute(Artifact input, ShardContext context) {
    String name = input.texts().getOrDefault(STUDY, "");
    Study study = name.equals(context.study().name()) ? context.study() : context.study(name);
    long[] rows = input.integers().getOrDefault(ROWS_OF, new long[2]);
    List<Example> examples = study.examples().subList((int) rows[0], (int) rows[1]);
    return asked.choices().isPresent()
        ? chosen(examples, context.model())
        : written(study, examples, context);
  }

  private Artifact chosen(List<Example> examples, Model model) {
    List<Sequence> sequences = new ArrayList<>();
    List<AnswerOptions> questions = new ArrayList<>();
    for (Example example : examples) {
      AnswerOptions options = options(example);
      questions.add(options);
      sequences.addAll(options.sequences(model.tokenizer(), example));
    }
    List<double[]> scores = List.of(model.logProbabilities(sequences));
    long[] answers = new long[examples.size()];
    double[][] sure = new double[examples.size()][1];
    int first = 0;
    for (int row = 0; row < answers.length; row++) {
      int end = first + questions.get(row).texts().size();
      int chosen = AnswerOptions.chosen(scores.subList(first, end));
      answers[row] = chosen;
      sure[row][0] = AnswerOptions.mean(scores.get(first + chosen));
      first = end;
    }
    long[] lengths = new long[answers.length];
    Arrays.fill(lengths, 1);
    return kept(answers, lengths, sure);
  }

  private AnswerOptions options(Example example) {
    return AnswerOptions.of(example, asked.choices().orElseThrow(), asked.column().orElseThrow());
  }

  private Artifact written(Study study, List<Example> examples, ShardContext context) {
    Model model = context.model();
    List<Sequence> sequences = new ArrayList<>();
    for (Example example : examples) {
      long seed = context.random("answers/%s/%s".formatted(study.name(), example.id())).nextLong();
      int[] prompt = prompt(model, example);
      sequences.add(
          Sequence.of(prompt).maxNewTokens(most(model, prompt)).samples(asked.samples(), seed));
    }
    int[][] tokens = new int[examples.size() * asked.samples()][];
    double[][] sure = new double[examples.size()][asked.samples()];
    model
        .generate(
            GenerateRequest.sampled(sequences, asked.way(), model.info().endOfSequence())
                .stoppingAt(asked.boxed() ? List.of() : asked.stops()))
        .forEach(
            each -> {
              tokens[each.sequence() * asked.samples() + each.sample()] = each.tokens();
              sure[each.sequence()][each.sample()] =
                  Arrays.stream(each.logProbabilities()).average().orElse(0);
            });
    return kept(
        Arrays.stream(tokens).flatMapToInt(Arrays::stream).asLongStream().toArray(),
        Arrays.stream(tokens).mapToLong(each -> each.length).toArray(),
        sure);
  }

  private static Artifact kept(long[] tokens, long[] lengths, double[][] logProbabilities) {
    return Artifact.empty()
        .with(TOKENS, tokens)
        .with(LENGTHS, lengths)
        .with(LOG_PROBABILITIES, Matrix.of(Matrix.Type.FLOAT64, logProbabilities));
  }

  /**
   * The prompt that an answer follows, as tokens.
   *
   * @throws InvalidInputException if the model's context has no room behind it
   */
  int[] prompt(Model model, Example example) {
    int[] tokens =
        model
            .tokenizer()
            .encode(example.text() + asked.elicitation(), example.specialTokens())
            .ids();
    int longest = model.capabilities().longestContext();
    if (tokens.length == 0 || tokens.length >= longest) {
      throw new InvalidInputException(
          "row '%s': its prompt has %d tokens, and the model reads %d: there is no room for an answer; leave such rows out with data.where"
              .formatted(example.id(), tokens.length, longest));
    }
    return tokens;
  }

  /** The most tokens of an answer behind a prompt. */
  int most(Model model, int... prompt) {
    return Math.min(asked.tokens(), model.capabilities().longestContext() - prompt.length);
  }

  /** The answers of a shard's rows. */
  List<RowAnswers> read(Artifact result, List<Example> examples, Model model) {
    long[] tokens = result.integers().getOrDefault(TOKENS, new long[0]);
    long[] lengths = result.integers().getOrDefault(LENGTHS, new long[0]);
    Matrix sure =
        result.tensors().getOrDefault(LOG_PROBABILITIES, Matrix.zeros(Matrix.Type.FLOAT64, 0, 0));
    List<RowAnswers> answers = new ArrayList<>();
    int at = 0;
    for (int row = 0; row < examples.size(); row++) {
      List<RowAnswers.Sample> samples = new ArrayList<>();
      for (int sample = 0; sample < asked.samples(); sample++) {
        int end = at + (int) lengths[row * asked.samples() + sample];
        int[] own = Arrays.stream(tokens, at, end).mapToInt(Math::toIntExact).toArray();
        samples.add(sample(examples.get(row), own, sure.row(row)[sample], model));
        at = end;
      }
      answers.add(RowAnswers.of(samples));
    }
    return answers;
  }

  private RowAnswers.Sample sample(Example example, int[] tokens, double sure, Model model) {
    if (asked.choices().isPresent()) {
      AnswerOptions options = options(example);
      String text = options.texts().get(tokens[0]);
      Outcome outcome = tokens[0] == options.right() ? Outcome.RIGHT : Outcome.WRONG;
      return new RowAnswers.Sample(
          text, Optional.of(new Answer.Phrase(text.strip())), Optional.of(outcome), sure);
    }
    String written =
        NewTokens.text(
            model.tokenizer(),
            prompt(model, example),
            NewTokens.withoutEnd(model.info().endOfSequence(), tokens));
    Optional<String> read = asked.read(written);
    return new RowAnswers.Sample(
        read.orElse(written),
        read.flatMap(asked.parser()::parse),
        asked
            .column()
            .map(
                column ->
                    read.map(text -> asked.parser().judge(text, example.texts(column)))
                        .orElse(Outcome.UNPARSED)),
        sure);
  }
}
