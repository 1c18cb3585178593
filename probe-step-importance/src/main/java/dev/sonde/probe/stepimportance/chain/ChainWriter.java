package dev.sonde.probe.stepimportance.chain;

import dev.sonde.api.config.Config;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Model;
import dev.sonde.trials.NewTokens;
import java.util.ArrayList;
import java.util.List;

/** Lets a model write chains, greedily. */
public final class ChainWriter {
  private final Model model;
  private final int mostTokens;
  private final List<String> stops;
  private final boolean keepUnfinished;
  private final TokenCosts costs;

  /**
   * The writer of an experiment.
   *
   * @param thinks whether a model may write its chain as a thought, which then ends the chain
   */
  public ChainWriter(Config config, Model model, boolean thinks, TokenCosts costs) {
    this.model = model;
    this.mostTokens = config.integer("chain_tokens");
    List<String> texts = new ArrayList<>(config.strings("chain_stops"));
    if (thinks) {
      texts.add(Thought.END);
    }
    this.stops = List.copyOf(texts);
    this.keepUnfinished = config.string("unfinished").equals("keep");
    this.costs = costs;
  }

  /** The texts that the model writes behind some prompts, or why a chain is left out. */
  List<OrSkipped<String>> write(List<Prompts.Prompt> prompts) {
    int longest = model.capabilities().longestContext();
    List<Sequence> sequences = new ArrayList<>();
    List<OrSkipped<String>> texts = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      Prompts.Prompt prompt = prompts.get(i);
      int[] tokens = model.tokenizer().encode(prompt.text(), prompt.specialTokens()).ids();
      texts.add(OrSkipped.skipped(SkipReason.TOO_LONG));
      if (tokens.length > 0 && tokens.length < longest) {
        int most = Math.min(mostTokens, longest - tokens.length);
        sequences.add(Sequence.of(tokens).maxNewTokens(most));
        places.add(i);
      }
    }
    if (!prompts.isEmpty()) {
      sequences.forEach(costs::ran);
      try (GenerationStream stream = model.generate(request(sequences))) {
        while (stream.next()) {
          GenerationStream.Generation generation = stream.generation();
          costs.wrote(generation.tokens().length);
          int[] prompt = sequences.get(generation.sequence()).tokens();
          texts.set(places.get(generation.sequence()), written(prompt, generation.tokens()));
        }
      }
    }
    return texts;
  }

  private GenerateRequest request(List<Sequence> sequences) {
    return GenerateRequest.greedy(sequences, model.info().endOfSequence()).stoppingAt(stops);
  }

  /** The text up to the first of the stops. */
  private OrSkipped<String> written(int[] prompt, int[] tokens) {
    int[] ends = model.info().endOfSequence();
    String text = NewTokens.text(model.tokenizer(), prompt, NewTokens.withoutEnd(ends, tokens));
    String before = NewTokens.before(text, stops);
    boolean stopped = before.length() < text.length();
    return NewTokens.ended(ends, tokens) || stopped || keepUnfinished
        ? OrSkipped.of(before)
        : OrSkipped.skipped(SkipReason.UNFINISHED);
  }
}
