package dev.sonde.engine.score;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.engine.experiment.ConfigView;
import dev.sonde.engine.fitted.SavedProbe;
import dev.sonde.engine.model.OpenModel;
import dev.sonde.formats.ContentHash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a probe was made with, held against what it is to be applied to. Another model or tokenizer
 * is refused, as the probe's figures say nothing of it; another number type, chat template or way
 * to make a prompt is a warning.
 */
final class MadeWith {
  private final SavedProbe probe;
  private final OpenModel model;
  private final List<String> refusals = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  private MadeWith(SavedProbe probe, OpenModel model) {
    this.probe = probe;
    this.model = model;
  }

  /**
   * Compares.
   *
   * @param hashes hashes the tokenizer's file
   * @param data how rows become prompts here; empty where prompts are the user's own
   * @param anyway whether another model or tokenizer is allowed
   * @return what a user should know, a sentence each
   * @throws InvalidInputException if the probe does not fit the model, or another is not allowed
   */
  static List<String> check(
      SavedProbe probe,
      OpenModel model,
      ContentHash hashes,
      Optional<ConfigView> data,
      boolean anyway) {
    MadeWith made = new MadeWith(probe, model);
    made.requireFit();
    made.model(hashes);
    data.ifPresent(made::prompt);
    if (!made.refusals.isEmpty() && !anyway) {
      throw new InvalidInputException(
          "%s. Its thresholds and figures say nothing of that; to score all the same use --anyway"
              .formatted(String.join("; ", made.refusals)));
    }
    List<String> all = new ArrayList<>(made.refusals);
    all.addAll(made.warnings);
    return all;
  }

  private void requireFit() {
    model.expand(probe.reading().point().name());
    int width = model.info().width(probe.reading().point());
    if (width != probe.reading().width()) {
      throw new InvalidInputException(
          "the probe '%s' reads rows of %d numbers at %s, the model's have %d: it belongs to another model"
              .formatted(probe.name(), probe.reading().width(), probe.reading().point(), width));
    }
  }

  private void model(ContentHash hashes) {
    ModelInfo info = model.info();
    if (!info.contentHash().equals(fact("sha256"))) {
      refusals.add(
          "the probe '%s' was made with another model: %s (%s)"
              .formatted(probe.name(), fact("reference"), fact("architecture")));
    }
    info.tokenizer()
        .ifPresent(
            source -> {
              if (!hashes.of(source.file()).equals(fact("tokenizer"))) {
                refusals.add(
                    "the probe '%s' was made with another tokenizer".formatted(probe.name()));
              }
            });
    if (!info.dtype().equals(fact("dtype"))) {
      warnings.add(
          "the probe '%s' was made in %s, and the model runs in %s here: scores differ a little"
              .formatted(probe.name(), fact("dtype"), info.dtype()));
    }
  }

  private void prompt(ConfigView data) {
    for (String kind : List.of("text", "template", "messages")) {
      boolean here = data.has(kind);
      boolean there = probe.prompt().containsKey(kind);
      if (here && !there) {
        warnings.add(
            "the probe '%s' was made with prompts of %s, and here they are of %s"
                .formatted(probe.name(), probe.prompt().keySet(), kind));
      } else if (here
          && kind.equals("template")
          && !data.string(kind).equals(probe.prompt().get(kind))) {
        warnings.add("the probe '%s' was made with another template".formatted(probe.name()));
      }
    }
    if (data.has("messages") && probe.prompt().containsKey("messages")) {
      boolean same =
          Objects.equals(probe.prompt().get("generation_prompt"), data.flag("generation_prompt"));
      if (!same) {
        warnings.add(
            "the probe '%s' was made with generation_prompt: %s"
                .formatted(probe.name(), probe.prompt().get("generation_prompt")));
      }
      String template =
          model
              .chatTemplate()
              .map(text -> ContentHash.of(text.getBytes(StandardCharsets.UTF_8)))
              .orElse("");
      if (!template.equals(fact("chat_template"))) {
        warnings.add("the probe '%s' was made with another chat template".formatted(probe.name()));
      }
    }
  }

  private String fact(String key) {
    return String.valueOf(probe.model().getOrDefault(key, "unknown"));
  }
}
