package dev.sonde.probe.stepimportance.answer;

import dev.sonde.answers.AnswerParser;
import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Model;
import dev.sonde.probe.stepimportance.chain.Mask;
import dev.sonde.probe.stepimportance.chain.TokenCosts;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Tests subsequences of many chains in one request: sufficiency and attainability. */
public final class AnswerTester {
  /** Behind an answer whose box was not closed. */
  private static final String CUT = "…";

  private final Model model;
  private final Elicitation elicitation;
  private final AnswerParser parser;
  private final AnswerSampling sampling;
  private final boolean wholeText;
  private final TokenCosts costs;

  /**
   * A tester of one model.
   *
   * @param wholeText whether perplexities are of prompt and steps, not of the steps alone
   */
  public AnswerTester(
      Model model,
      Elicitation elicitation,
      AnswerParser parser,
      AnswerSampling sampling,
      boolean wholeText,
      TokenCosts costs) {
    this.model = model;
    this.elicitation = elicitation;
    this.parser = parser;
    this.sampling = sampling;
    this.wholeText = wholeText;
    this.costs = costs;
  }

  /** Measures what was not measured yet and notes it with its chains. */
  public void test(List<Trial> trials) {
    List<Trial> open =
        trials.stream()
            .distinct()
            .filter(trial -> !trial.chain().tested().has(trial.mask(), trial.measure()))
            .toList();
    score(open.stream().filter(trial -> trial.measure() != Trial.Measure.ANSWERS).toList());
    sample(open.stream().filter(trial -> trial.measure() == Trial.Measure.ANSWERS).toList());
  }

  private void score(List<Trial> trials) {
    if (trials.isEmpty()) {
      return;
    }
    double[] perplexities = perplexities(trials.stream().map(this::scored).toList());
    for (int i = 0; i < perplexities.length; i++) {
      Trial trial = trials.get(i);
      TestedMasks tested = trial.chain().tested();
      if (trial.measure() == Trial.Measure.DIRECT_ANSWER) {
        tested.directPerplexity(perplexities[i]);
      } else {
        tested.put(trial.mask(), perplexities[i]);
      }
    }
  }

  private Sequence scored(Trial trial) {
    ChainUnderTest chain = trial.chain();
    return trial.measure() == Trial.Measure.DIRECT_ANSWER
        ? scored(chain, chain.chain().sequence(Mask.of(), chain.endings().direct()))
        : scored(chain, chain.chain().sequence(trial.mask()));
  }

  private Sequence scored(ChainUnderTest chain, int[] tokens) {
    int from = wholeText ? 1 : chain.chain().promptTokens();
    return Sequence.of(tokens).scoreFrom(from);
  }

  /** The perplexity of each sequence's targets; NaN where it has none. */
  private double[] perplexities(List<Sequence> sequences) {
    double[] sums = logProbabilities(sequences);
    double[] perplexities = new double[sums.length];
    for (int i = 0; i < sums.length; i++) {
      perplexities[i] = Attainability.perplexity(sums[i], sequences.get(i).targets().size());
    }
    return perplexities;
  }

  /** The summed log-probabilities of each sequence's targets, in nats. */
  public double[] logProbabilities(List<Sequence> sequences) {
    double[] sums = new double[sequences.size()];
    if (sequences.isEmpty()) {
      return sums;
    }
    ForwardRequest request = ForwardRequest.of(sequences).read(Read.logProbabilities());
    sequences.forEach(costs::ran);
    try (ActivationStream stream = model.forward(request)) {
      while (stream.next()) {
        Rows rows = stream.batch().rows().getFirst();
        for (int row = 0; row < rows.count(); row++) {
          sums[rows.sequences()[row]] += rows.values().getAtIndex(ValueLayout.JAVA_FLOAT, row);
        }
      }
    }
    return sums;
  }

  private void sample(List<Trial> trials) {
    if (trials.isEmpty()) {
      return;
    }
    List<Sequence> sequences = new ArrayList<>();
    List<String[]> written = new ArrayList<>();
    for (Trial trial : trials) {
      ChainUnderTest chain = trial.chain();
      Endings endings = chain.endings();
      int[] ending = trial.mask().size() == 0 ? endings.empty() : endings.elicitation();
      int[] tokens = chain.chain().sequence(trial.mask(), ending);
      sequences.add(sampling.sequence(tokens, chain.seed(), endings.most()));
      written.add(new String[sampling.samples()]);
    }
    int[] right = new int[trials.size()];
    sequences.forEach(costs::ran);
    GenerateRequest request = elicitation.request(sequences, sampling.way());
    try (GenerationStream stream = model.generate(request)) {
      while (stream.next()) {
        GenerationStream.Generation generation = stream.generation();
        int index = generation.sequence();
        Trial trial = trials.get(index);
        costs.wrote(generation.tokens().length);
        String text = elicitation.written(generation.tokens());
        boolean closed = elicitation.answer(trial.mask(), text).isPresent();
        written.get(index)[generation.sample()] = closed ? text : text + CUT;
        if (accepts(trial, text)) {
          right[index]++;
        }
      }
    }
    for (int i = 0; i < right.length; i++) {
      Trial trial = trials.get(i);
      List<String> texts = Arrays.asList(written.get(i));
      trial.chain().tested().put(trial.mask(), new TestedMasks.Sampled(right[i], texts));
    }
  }

  private boolean accepts(Trial trial, String written) {
    return elicitation
        .answer(trial.mask(), written)
        .flatMap(parser::parse)
        .filter(given -> parser.equal(given, trial.chain().accepted()))
        .isPresent();
  }
}
