package dev.sonde.engine.evaluate.control;

import dev.sonde.api.data.Example;
import dev.sonde.api.report.Metric;
import dev.sonde.engine.evaluate.fit.HeldOutScores;
import dev.sonde.engine.evaluate.fit.Measure;
import java.util.List;

/** What the prompt's text and its embedding reach, without the model's computation. */
public final class Baselines implements Control {
  private static final Rival.Words BAG_OF_WORDS =
      new Rival.Words(
          "bag_of_words", "bag of words", "bag of words", "the prompt's words, no model");
  private static final Rival.Words LENGTH =
      new Rival.Words("length", "length", "length", "the prompt's characters, no model");
  private static final Rival.Words EMBEDDING =
      new Rival.Words("embedding", "embedding", "embedding", "the read token, before any block");
  private static final Rival.Words EMBEDDING_MEAN =
      new Rival.Words(
          "embedding_mean", "mean embedding", "mean embedding", "all tokens, before any block");

  @Override
  public Measured measure(EvaluationRun run) {
    run.progress().at("baselines", 0, 1);
    List<String> texts = run.study().examples().stream().map(Example::text).toList();
    InputRidge ridge = new InputRidge(run.targets(), run.outer().splits(), run.algebra());
    Result result =
        new Result(
            List.of(
                rival(run, BAG_OF_WORDS, ridge.bagOfWords(texts), true),
                rival(run, LENGTH, ridge.length(texts), true),
                rival(run, EMBEDDING, ridge.features(run.input().embedding()), false),
                rival(run, EMBEDDING_MEAN, ridge.features(run.input().embeddingMean()), false)));
    return working -> result;
  }

  private static Rival rival(
      EvaluationRun run, Rival.Words words, HeldOutScores heldOut, boolean counts) {
    Measure measure = heldOut.merit();
    return new Rival(words, measure, run.estimate(measure), counts);
  }

  /** What each baseline reaches; its metrics stand with those of all rivals. */
  public record Result(List<Rival> rivals) implements ControlResult {
    @Override
    public List<Metric> metrics() {
      return List.of();
    }
  }
}
