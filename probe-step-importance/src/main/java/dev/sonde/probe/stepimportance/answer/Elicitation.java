package dev.sonde.probe.stepimportance.answer;

import dev.sonde.api.config.Config;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.Sampling;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Model;
import dev.sonde.api.text.Tokenizer;
import dev.sonde.probe.stepimportance.chain.Continuation;
import dev.sonde.probe.stepimportance.chain.Mask;
import dev.sonde.probe.stepimportance.chain.StepTokens;
import java.util.List;

/** How a model is asked for the answer behind a prompt and some steps: σ in the paper. */
public final class Elicitation {
  private final Model model;
  private final Wording wording;
  private final int[] tokens;

  /** The elicitation of one model. */
  public Elicitation(Model model, Wording wording) {
    this.model = model;
    this.wording = wording;
    this.tokens = inside(wording.text());
  }

  /**
   * What is written.
   *
   * @param text asks for the answer behind kept steps
   * @param emptyText the same where no step is kept
   * @param answerForm how an answer follows it, {@link #PLACE} in its place
   * @param stops texts at which an answer ends
   * @param answerTokens the most tokens of an answer; 0 for twice those of the accepted one
   */
  public record Wording(
      String text, String emptyText, String answerForm, List<String> stops, int answerTokens) {
    /** The place of the answer in the answer's form. */
    public static final String PLACE = "{answer}";

    /** Wording with its list copied. */
    public Wording {
      stops = List.copyOf(stops);
    }

    /**
     * The wording of an experiment.
     *
     * @param chat whether prompts go through the model's chat template
     */
    public static Wording of(Config config, boolean chat) {
      String prefix = chat ? "chat_" : "";
      String text = config.string(prefix + "elicitation");
      return new Wording(
          text,
          config.has("empty_elicitation") ? config.string("empty_elicitation") : text,
          config.string(prefix + "answer_form"),
          config.strings(prefix + "stops"),
          config.integer(prefix + "answer_tokens"));
    }
  }

  /** Its tokens behind kept steps. */
  int[] tokens() {
    return tokens.clone();
  }

  /**
   * What follows the steps of a chain in its tests.
   *
   * @param answer how the accepted answer is written
   * @param own what the model itself writes behind the elicitation
   */
  public Endings endings(String answer, int... own) {
    String form = wording.answerForm().replace(Wording.PLACE, answer);
    return new Endings(
        tokens,
        inside(wording.emptyText()),
        inside(wording.emptyText() + form),
        inside(wording.text() + form),
        Continuation.joined(tokens, own),
        wording.answerTokens() > 0 ? wording.answerTokens() : 2 * inside(answer).length);
  }

  private int[] inside(String text) {
    return StepTokens.inside(model.tokenizer(), text);
  }

  /** A request for answers that end where the wording says. */
  GenerateRequest request(List<Sequence> sequences, Sampling sampling) {
    return GenerateRequest.sampled(sequences, sampling, model.info().endOfSequence())
        .stoppingAt(wording.stops());
  }

  /** What is read as an answer: the elicitation may open a box that the model closes. */
  String answerText(Mask mask, int... written) {
    Tokenizer tokenizer = model.tokenizer();
    return (mask.size() == 0 ? wording.emptyText() : wording.text()) + tokenizer.decode(written);
  }
}
