package dev.sonde.probe.stepimportance.answer;

import dev.sonde.answers.Brackets;
import dev.sonde.api.config.Config;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.Sampling;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Model;
import dev.sonde.probe.stepimportance.chain.Mask;
import dev.sonde.probe.stepimportance.chain.StepTokens;
import dev.sonde.trials.NewTokens;
import java.util.List;
import java.util.Optional;

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
        NewTokens.joined(tokens, own),
        wording.answerTokens() > 0 ? wording.answerTokens() : 2 * inside(answer).length);
  }

  private int[] inside(String text) {
    return StepTokens.inside(model.tokenizer(), text);
  }

  /**
   * A request for answers that end where the wording says. A backend with texts of its own stops at
   * the first bracket, which may be one that the answer opened: it is not told of brackets, and
   * what it writes too much is cut off.
   */
  GenerateRequest request(List<Sequence> sequences, Sampling sampling) {
    boolean knowsNoDepth = model.capabilities().features().contains(Capabilities.STOP_STRINGS);
    return GenerateRequest.sampled(sequences, sampling, model.info().endOfSequence())
        .stoppingAt(
            wording.stops().stream()
                .filter(stop -> !(knowsNoDepth && Brackets.isClosing(stop.charAt(0))))
                .toList());
  }

  /** The text of an answer, up to where it closes what the elicitation opened. */
  public String written(int... tokens) {
    String text = model.tokenizer().decode(tokens);
    return wording.stops().stream()
        .map(stop -> stop.charAt(0))
        .filter(Brackets::isClosing)
        .flatMap(closing -> Brackets.closes(text, closing).stream().boxed())
        .min(Integer::compare)
        .map(end -> text.substring(0, end + 1))
        .orElse(text);
  }

  /**
   * What is read as an answer: elicitation and what was written behind it. Empty where the
   * elicitation opens a box that was not closed: the answer in it may be cut off.
   */
  Optional<String> answer(Mask mask, String written) {
    String asked = mask.size() == 0 ? wording.emptyText() : wording.text();
    return !Brackets.leavesOpen(asked, '}') || Brackets.closes(written, '}').isPresent()
        ? Optional.of(asked + written)
        : Optional.empty();
  }
}
