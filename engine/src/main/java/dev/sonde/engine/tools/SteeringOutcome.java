package dev.sonde.engine.tools;

import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.engine.model.OpenModel;
import dev.sonde.engine.score.StepScorer;
import dev.sonde.trials.NewTokens;
import dev.sonde.trials.PromptTokens;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** What changes of a model's activations do to what is wanted of it, prompt by prompt. */
final class SteeringOutcome {
  private final Measure measure;
  private final Measured before;

  private SteeringOutcome(Measure measure) {
    this.measure = measure;
    this.before = measure.under(List.of());
  }

  /**
   * A value a prompt, more of which is wanted, and the share of prompts behind which it happens.
   */
  record Measured(double[] values, double share) {}

  /** Measures what is wanted. */
  private interface Measure {
    Measured under(List<Intervention> changes);
  }

  /**
   * What changes do.
   *
   * @param effects per prompt, by how much there is more of what is wanted
   * @param share of the prompts behind which it happens
   */
  record Of(double[] effects, double share) {}

  /** The share of the prompts behind which it happens unsteered. */
  double shareBefore() {
    return before.share();
  }

  /** What some changes do. */
  Of under(List<Intervention> changes) {
    Measured now = changes.isEmpty() ? before : measure.under(changes);
    double[] effects = new double[before.values().length];
    Arrays.setAll(effects, row -> now.values()[row] - before.values()[row]);
    return new Of(effects, now.share());
  }

  /** The outcome that is asked for, measured unsteered. */
  static SteeringOutcome of(
      SteeringDoses.Request request,
      OpenModel model,
      List<PromptTokens> prompts,
      SteeringDoses.ProbeOpener opener) {
    String name = request.wanted().name();
    return new SteeringOutcome(
        switch (request.wanted().kind()) {
          case OTHER_ANSWER -> ownAnswers(model, prompts);
          case TEXT -> expected(model, prompts, prompts.stream().map(prompt -> name).toList());
          case COLUMN ->
              expected(
                  model,
                  prompts,
                  prompts.stream().map(prompt -> prompt.example().text(name)).toList());
          case PROBE ->
              new Continued(
                  model,
                  prompts,
                  StepScorer.of(
                      Path.of(name),
                      model,
                      opener.plugins(),
                      opener.folders(),
                      OptionalDouble.empty(),
                      request.anyway(),
                      opener.progress()),
                  request.tokens());
        });
  }

  private static Measure ownAnswers(OpenModel model, List<PromptTokens> prompts) {
    int[] own = firstTokens(model, prompts, List.of());
    List<Sequence> answered = new ArrayList<>();
    for (int row = 0; row < own.length; row++) {
      int[] prompt = prompts.get(row).tokens();
      answered.add(Sequence.of(prompt).target(prompt.length, own[row]));
    }
    return new Answers(model, prompts, answered, own, true);
  }

  private static Measure expected(
      OpenModel model, List<PromptTokens> prompts, List<String> answers) {
    List<Sequence> sequences = new ArrayList<>();
    int[] first = new int[prompts.size()];
    for (int row = 0; row < first.length; row++) {
      PromptTokens.Answered both = prompts.get(row).with(answers.get(row));
      sequences.add(Sequence.of(both.tokens()).scoreFrom(both.from()));
      first[row] = prompts.get(row).firstOf(answers.get(row));
    }
    return new Answers(model, prompts, sequences, first, false);
  }

  /** The first token that the model writes behind each prompt, greedily. */
  private static int[] firstTokens(
      OpenModel model, List<PromptTokens> prompts, List<Intervention> changes) {
    int[] first = new int[prompts.size()];
    List<Sequence> sequences =
        prompts.stream()
            .map(prompt -> Sequence.of(prompt.tokens()).maxNewTokens(1).intervene(changes))
            .toList();
    model
        .generate(GenerateRequest.greedy(sequences))
        .forEach(each -> first[each.sequence()] = each.tokens()[0]);
    return first;
  }

  /**
   * Answers become likelier, or the model's own less likely.
   *
   * @param answered the prompts with the tokens that are scored
   * @param first the first token of each answer
   * @param avoided whether it is not wanted
   */
  private record Answers(
      OpenModel model,
      List<PromptTokens> prompts,
      List<Sequence> answered,
      int[] first,
      boolean avoided)
      implements Measure {
    @Override
    public Measured under(List<Intervention> changes) {
      double[][] scores =
          model.logProbabilities(answered.stream().map(each -> each.intervene(changes)).toList());
      double[] values = new double[scores.length];
      Arrays.setAll(values, row -> (avoided ? -1 : 1) * Arrays.stream(scores[row]).sum());
      int[] now = firstTokens(model, prompts, changes);
      long same = IntStream.range(0, now.length).filter(row -> now[row] == first[row]).count();
      return new Measured(values, (double) (avoided ? now.length - same : same) / now.length);
    }
  }

  /**
   * A probe scores continuations: the mean over the states that their tokens come from. They are
   * written steered and read unsteered, as the direction itself is not to score.
   */
  private record Continued(
      OpenModel model, List<PromptTokens> prompts, StepScorer scorer, int tokens)
      implements Measure {
    @Override
    public Measured under(List<Intervention> changes) {
      List<float[][]> states =
          model.rows(Read.of(scorer.point(), Selector.all()), written(changes));
      double[] values = new double[prompts.size()];
      int above = 0;
      for (int row = 0; row < values.length; row++) {
        float[][] own = states.get(row);
        values[row] =
            IntStream.range(prompts.get(row).tokens().length - 1, own.length)
                .mapToDouble(at -> scorer.score(own[at]))
                .average()
                .orElseThrow();
        above += values[row] > scorer.above() ? 1 : 0;
      }
      return new Measured(values, (double) above / values.length);
    }

    private List<Sequence> written(List<Intervention> changes) {
      int longest = model.capabilities().longestContext();
      List<Sequence> asked = new ArrayList<>();
      for (PromptTokens prompt : prompts) {
        int most = Math.min(tokens, longest - prompt.tokens().length);
        asked.add(Sequence.of(prompt.tokens()).maxNewTokens(most).intervene(changes));
      }
      Sequence[] written = new Sequence[asked.size()];
      int[] ends = model.info().endOfSequence();
      model
          .generate(GenerateRequest.greedy(asked, ends))
          .forEach(
              each ->
                  written[each.sequence()] =
                      Sequence.of(
                          NewTokens.joined(
                              prompts.get(each.sequence()).tokens(),
                              NewTokens.withoutEnd(ends, each.tokens()))));
      return List.of(written);
    }
  }
}
