package dev.sonde.engine.evaluate.control;

import dev.sonde.api.data.Example;
import dev.sonde.api.report.Metric;
import dev.sonde.engine.evaluate.fit.CrossValidation;
import dev.sonde.engine.evaluate.fit.Measure;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

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
    TextRivals.of(
            examples,
            Optional.of(run.input().embedding()),
            Optional.of(run.input().embeddingMean()),
            run.algebra())
        .forEach(rival -> rivals.add(ridge.rival(rival.words(), rival.features().get())));
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
                TextRivals.words(metric, "confound '" + name + "'", "the named confound alone"),
                alone.features(run.algebra())));
      }
    }
    Confounds together = Confounds.of(names, examples, Confounds.Effect.STEPS);
    if (rivals.size() > 1) {
      rivals.add(
          ridge.rival(
              TextRivals.words(CONFOUNDS, "all confounds", "the named confounds together"),
              together.features(run.algebra())));
    }
    return rivals;
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
