package dev.sonde.engine.evaluate.control;

import dev.sonde.api.data.Example;
import dev.sonde.api.report.Metric;
import dev.sonde.engine.evaluate.fit.CrossValidation;
import dev.sonde.engine.evaluate.fit.Measure;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the prompt's text, its embedding and the named confounds reach, without the model's
 * computation: each with the penalty chosen inside, on the partitions of the nested figure.
 */
public final class Baselines implements Control {
  private static final String CONFOUND = "confound.";
  private static final String CONFOUNDS = "confounds";

  @Override
  public Measured measure(EvaluationRun run) {
    List<Rival> rivals = new ArrayList<>();
    Ridge ridge = new Ridge(run);
    List<Example> examples = run.study().examples();
    List<String> texts = examples.stream().map(Example::text).toList();
    rivals.add(
        ridge.rival(
            words("bag_of_words", "bag of words", "single words and pairs, no model"),
            TextTerms.of(texts, TextFeatures::wordsAndPairs)));
    rivals.add(
        ridge.rival(
            words("characters", "characters", "runs of three characters, no model"),
            TextTerms.of(texts, TextFeatures::characters)));
    for (String name : List.of("length", "digits")) {
      rivals.add(
          ridge.rival(
              words(name, name, "how many " + (name.equals("length") ? "characters" : name)),
              Confounds.ofTexts(name, examples).features()));
    }
    rivals.add(
        ridge.rival(
            words("first_word", "first word", "the prompt's first word"),
            TextTerms.of(texts, TextFeatures::firstWord)));
    rivals.add(
        ridge.rival(
            words("last_word", "last word", "the prompt's last word"),
            TextTerms.of(texts, TextFeatures::lastWord)));
    rivals.add(
        ridge.rival(
            words("embedding", "embedding", "the read token, before any block"),
            RivalFeatures.of(run.input().embedding())));
    rivals.add(
        ridge.rival(
            words("embedding_mean", "mean embedding", "all tokens, before any block"),
            RivalFeatures.of(run.input().embeddingMean())));
    rivals.addAll(ofConfounds(run, ridge, examples));
    Result result = new Result(List.copyOf(rivals));
    return working -> result;
  }

  /** Each confound that varies alone, and all of them together. */
  private static List<Rival> ofConfounds(EvaluationRun run, Ridge ridge, List<Example> examples) {
    List<Rival> rivals = new ArrayList<>();
    List<String> names = run.input().confounds();
    for (String name : names) {
      Confounds alone = Confounds.of(List.of(name), examples, Confounds.Effect.STEPS);
      if (!alone.none()) {
        String metric = CONFOUND + name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
        rivals.add(
            ridge.rival(
                words(metric, "confound '" + name + "'", "the named confound alone"),
                alone.features()));
      }
    }
    Confounds together = Confounds.of(names, examples, Confounds.Effect.STEPS);
    if (rivals.size() > 1) {
      rivals.add(
          ridge.rival(
              words(CONFOUNDS, "all confounds", "the named confounds together"),
              together.features()));
    }
    return rivals;
  }

  private static Rival.Words words(String name, String title, String reading) {
    return new Rival.Words(name, title, title, reading);
  }

  /** The ridge of a run. */
  private record Ridge(EvaluationRun run) {
    private Measure measured(RivalFeatures features) {
      InputRidge ridge =
          new InputRidge(run.targets(), run.groups(), run.settings().innerFolds(), run.seeds());
      return Measure.pooled(
          run.partitions().stream()
              .map(CrossValidation::splits)
              .map(splits -> ridge.heldOut(features, splits).merit())
              .toList(),
          run.targets().size());
    }

    Rival rival(Rival.Words words, RivalFeatures features) {
      run.progress().at("baselines, " + words.title(), 0, 1);
      Measure found = measured(features);
      return new Rival(words, found, run.estimate(found));
    }
  }

  /** What each baseline reaches; its metrics stand with those of all rivals. */
  public record Result(List<Rival> rivals) implements ControlResult {
    @Override
    public List<Metric> metrics() {
      return List.of();
    }

    /** Those that are named confounds, alone or together. */
    public List<Rival> confounds() {
      return rivals.stream()
          .filter(
              rival ->
                  rival.words().name().startsWith(CONFOUND)
                      || rival.words().name().equals(CONFOUNDS))
          .toList();
    }
  }
}
