package dev.sonde.probe.linear;

import dev.sonde.answers.AnswerParser;
import dev.sonde.answers.Outcome;
import dev.sonde.api.data.Study;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Model;
import dev.sonde.trials.NewTokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Whole answers, generated greedily and held against what rows accept. */
final class Accuracy {
  private final Model model;
  private final Study study;
  private final Asked asked;
  private final Selector selector;
  private final int[] rows;

  /**
   * What is asked for.
   *
   * @param column of accepted answers: a text, or a list of texts
   * @param parser reads the answer of a generated text
   * @param rows most rows that are answered
   * @param tokens most tokens of an answer
   * @param stops texts that end an answer
   */
  record Asked(String column, AnswerParser parser, int rows, int tokens, List<String> stops) {
    /** Those of some rows that say what they accept. */
    int[] answerable(Study study, int[] some) {
      return IntStream.of(some).filter(row -> study.examples().get(row).has(column)).toArray();
    }
  }

  /**
   * What became of the rows under one treatment; NaN for other rows.
   *
   * @param right per row of the study, 1 where its answer is accepted, else 0
   * @param unparsed per row of the study, 1 where no answer could be read, else 0
   */
  record Answers(double[] right, double[] unparsed) {}

  /**
   * Answers of some rows.
   *
   * @param rows all of which say what they accept
   * @param selector the tokens that are changed: of {@link Selector#all} also the generated ones
   */
  Accuracy(Model model, Study study, Asked asked, int[] rows, Selector selector) {
    this.model = model;
    this.study = study;
    this.asked = asked;
    this.rows = rows.clone();
    this.selector = selector;
  }

  /** The answers as the model gives them. */
  Answers unsteered() {
    return answers(List.of(List.of())).getFirst();
  }

  /** The answers under each dose. */
  List<Answers> steered(Steer steer, List<Dose> doses, List<HookPoint> points) {
    Intervention.Phase phase =
        selector.equals(Selector.all()) ? Intervention.Phase.ALWAYS : Intervention.Phase.PROMPT;
    return answers(
        doses.stream()
            .map(
                dose -> dose.along(steer, points, selector).stream().map(i -> i.in(phase)).toList())
            .toList());
  }

  /** The answers under several changes of the model. */
  List<Answers> answers(List<List<Intervention>> treatments) {
    List<Sequence> sequences = new ArrayList<>();
    for (List<Intervention> treatment : treatments) {
      for (int row : rows) {
        int[] prompt = AnswerTokens.prompt(model.tokenizer(), study.examples().get(row));
        sequences.add(Sequence.of(prompt).maxNewTokens(asked.tokens()).intervene(treatment));
      }
    }
    List<Answers> answers = new ArrayList<>();
    for (int t = 0; t < treatments.size(); t++) {
      answers.add(new Answers(missing(), missing()));
    }
    GenerateRequest request =
        GenerateRequest.greedy(sequences, model.info().endOfSequence()).stoppingAt(asked.stops());
    model
        .generate(request)
        .forEach(
            generation -> {
              int row = rows[generation.sequence() % rows.length];
              Outcome outcome = judge(row, generation.tokens());
              Answers of = answers.get(generation.sequence() / rows.length);
              of.right()[row] = outcome == Outcome.RIGHT ? 1 : 0;
              of.unparsed()[row] = outcome == Outcome.UNPARSED ? 1 : 0;
            });
    return answers;
  }

  private double[] missing() {
    double[] none = new double[study.examples().size()];
    Arrays.fill(none, Double.NaN);
    return none;
  }

  private Outcome judge(int row, int[] tokens) {
    String text = NewTokens.before(model.tokenizer().decode(tokens), asked.stops());
    return asked.parser().judge(text, study.examples().get(row).texts(asked.column()));
  }
}
