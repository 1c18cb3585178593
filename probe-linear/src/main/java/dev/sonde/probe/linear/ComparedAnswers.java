package dev.sonde.probe.linear;

import dev.sonde.api.data.Example;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.Metric;
import dev.sonde.statistics.Groups;
import dev.sonde.statistics.PairedFigures;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;

/** How often further models answer otherwise than the main one, nothing steered. */
final class ComparedAnswers {
  private static final String QUESTION = "Does model '%s' answer as the main model does?";

  private final ProbeContext context;
  private final Accuracy.Asked asked;
  private final CompareSettings settings;
  private final List<Example> examples;
  private final Targets targets;
  private final PairedFigures paired;
  private final int[] answerable;

  ComparedAnswers(ProbeContext context, Accuracy.Asked asked, CompareSettings settings) {
    this.context = context;
    this.asked = asked;
    this.settings = settings;
    this.examples = context.study().examples();
    this.targets = context.study().targets().orElseThrow().classes();
    List<String> groups = context.study().groups();
    this.paired =
        new PairedFigures(
            Groups.of(groups),
            new boolean[examples.size()],
            new int[examples.size()],
            context.random("compared answers"));
    int[] all = IntStream.range(0, examples.size()).toArray();
    this.answerable =
        SteeringSplit.atMost(asked.rows(), asked.answerable(context.study(), all), groups, targets);
  }

  /** Has all models answer. */
  void report(Collection<Comparison> comparisons) {
    if (!context.model().capabilities().generates()) {
      context
          .report()
          .note("Answers were not compared: the main model's backend does not generate.");
      return;
    }
    String[] firsts = firsts(context.model());
    double[] right = right(context.model());
    int done = 0;
    for (Comparison each : comparisons) {
      context.progress("answers of further models", done++, comparisons.size());
      Model model = context.model(each.model());
      if (model.capabilities().generates()) {
        compare(each, model, firsts, right);
      } else {
        each.note("answers were not compared, as its backend does not generate.");
      }
    }
  }

  private void compare(Comparison comparison, Model model, String[] firsts, double[] right) {
    String[] its = firsts(model);
    double[] flipped = new double[firsts.length];
    Arrays.setAll(flipped, row -> firsts[row].equals(its[row]) ? 0 : 1);
    PairedFigures.Pair begun = paired.share(flipped, flipped, row -> true);
    Metric others =
        comparison.single(
            "first_token_flipped",
            "share of rows whose greedy answer begins with another token",
            begun.first(),
            firsts.length);
    if (answerable.length == 0) {
      claim(comparison, "answers that begin otherwise", others, begun.groups());
      return;
    }
    double[] rightThere = right(model);
    double[] turned = new double[right.length];
    Arrays.setAll(turned, row -> Math.abs(right[row] - rightThere[row]));
    boolean[] answered = new boolean[right.length];
    IntStream.of(answerable).forEach(row -> answered[row] = true);
    PairedFigures.Pair judged = paired.share(turned, turned, row -> answered[row]);
    Metric flips =
        comparison.single(
            "answer_flipped",
            "share of answers that are right by one model only",
            judged.first(),
            answerable.length);
    comparison.pair(
        "accuracy",
        "share of answers that are right",
        paired.share(right, rightThere, row -> answered[row]),
        answerable.length);
    claim(comparison, "answers that flip", flips, judged.groups());
  }

  private void claim(Comparison comparison, String words, Metric flips, int groups) {
    comparison.claimLoss(
        "answers_as", QUESTION, words, flips, settings.loss(), CompareSettings.LOSS, groups);
  }

  private double[] right(Model model) {
    return answerable.length == 0
        ? new double[0]
        : new Accuracy(model, context.study(), asked, answerable, Selector.last())
            .unsteered()
            .right();
  }

  /** The text of the first token that a model would write behind each row. */
  private String[] firsts(Model model) {
    String[] firsts = new String[examples.size()];
    List<Sequence> prompts =
        examples.stream()
            .map(example -> AnswerTokens.prompt(model.tokenizer(), example))
            .map(prompt -> Sequence.of(prompt).maxNewTokens(1))
            .toList();
    model
        .generate(GenerateRequest.greedy(prompts))
        .forEach(each -> firsts[each.sequence()] = model.tokenizer().decode(each.tokens()));
    return firsts;
  }
}
