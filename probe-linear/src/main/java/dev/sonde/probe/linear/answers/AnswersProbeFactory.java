package dev.sonde.probe.linear.answers;

import dev.sonde.answers.AnswerParser;
import dev.sonde.api.config.Config;
import dev.sonde.api.config.Setting;
import dev.sonde.api.config.Settings;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeFactory;
import java.util.List;

/** Makes {@link AnswersProbe}. */
public final class AnswersProbeFactory implements ProbeFactory {
  /** A factory. */
  public AnswersProbeFactory() {}

  @Override
  public String name() {
    return "answers";
  }

  @Override
  public String summary() {
    return "has the model answer, and makes labels for later probes of whether it is right";
  }

  @Override
  public Settings settings() {
    return Settings.none()
        .optional(
            AskedFor.ANSWER,
            Setting.Type.STRING,
            "the column with the accepted answers (a text or a list); without it answers are not"
                + " judged, and the samples' agreement is all there is")
        .choice(
            AskedFor.PARSER,
            AnswerParser.NAMES,
            "numeric",
            "how the answer is read from a text; alias: right where it contains an accepted one")
        .optional(
            AskedFor.CHOICES,
            Setting.Type.STRING,
            "the column with a list of options, which follow the prompt; the one that is most"
                + " probable per token is the answer, and nothing is generated")
        .string(
            AskedFor.ELICITATION,
            "",
            "a text between prompt and answer; one that opens a box asks for what stands in it")
        .integer(AskedFor.SAMPLES, 1, "answers of each row")
        .real(AskedFor.TEMPERATURE, 0, "sampling temperature; 0 always takes the likeliest token")
        .real(AskedFor.TOP_P, 1, "the share of probability that is sampled from")
        .integer(AskedFor.TOKENS, 64, "maximum tokens of an answer")
        .strings(AskedFor.STOPS, List.of("\nQ:"), "texts that end an answer")
        .strings(AskedFor.SETS, List.of(), "further data sets (sets:) that are answered as well");
  }

  @Override
  public Probe create(Config config) {
    return new AnswersProbe(AskedFor.of(config));
  }
}
