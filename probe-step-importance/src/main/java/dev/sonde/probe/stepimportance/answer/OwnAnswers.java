package dev.sonde.probe.stepimportance.answer;

import dev.sonde.answers.Answer;
import dev.sonde.answers.AnswerParser;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.Sampling;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Model;
import dev.sonde.probe.stepimportance.chain.Mask;
import dev.sonde.probe.stepimportance.chain.TokenCosts;
import dev.sonde.trials.NewTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The answers that a model itself gives behind whole chains, taken greedily. */
public final class OwnAnswers {
  /** The most tokens of an answer that is asked for before the accepted one is known. */
  public static final int MOST_TOKENS = 24;

  private final Model model;
  private final Elicitation elicitation;
  private final AnswerParser parser;
  private final TokenCosts costs;

  /** The answers of one model. */
  public OwnAnswers(Model model, Elicitation elicitation, AnswerParser parser, TokenCosts costs) {
    this.model = model;
    this.elicitation = elicitation;
    this.parser = parser;
    this.costs = costs;
  }

  /** The tokens that asking takes behind a chain. */
  public int longest() {
    return elicitation.tokens().length + MOST_TOKENS;
  }

  /** Whether a given answer says the same as an accepted one. */
  public boolean isEqual(Answer given, Answer accepted) {
    return parser.equal(given, accepted);
  }

  /**
   * The answers behind some chains.
   *
   * @param chains tokens of prompt and chain
   * @param most the most tokens of an answer
   * @return one per chain
   */
  public List<OwnAnswer> behind(List<int[]> chains, int most) {
    if (chains.isEmpty()) {
      return List.of();
    }
    List<Sequence> sequences = new ArrayList<>();
    List<OwnAnswer> answers = new ArrayList<>();
    for (int[] tokens : chains) {
      int[] asking = NewTokens.joined(tokens, elicitation.tokens());
      sequences.add(Sequence.of(asking).maxNewTokens(most));
      answers.add(new OwnAnswer(Optional.empty()));
    }
    sequences.forEach(costs::ran);
    GenerateRequest request = elicitation.request(sequences, Sampling.greedy());
    try (GenerationStream stream = model.generate(request)) {
      while (stream.next()) {
        GenerationStream.Generation generation = stream.generation();
        costs.wrote(generation.tokens().length);
        int[] written = NewTokens.withoutEnd(model.info().endOfSequence(), generation.tokens());
        Optional<Answer> answer =
            elicitation.answer(Mask.of(0), elicitation.written(written)).flatMap(parser::parse);
        answers.set(generation.sequence(), new OwnAnswer(answer, written));
      }
    }
    return answers;
  }
}
