package dev.sonde.engine;

import dev.sonde.api.InvalidInputException;
import dev.sonde.engine.experiment.ExperimentFile;
import dev.sonde.engine.fitted.ProbeFile;
import dev.sonde.engine.host.Folders;
import dev.sonde.engine.host.Progress;
import dev.sonde.engine.plugin.PluginRegistry;
import dev.sonde.engine.score.ProbeScoring;
import dev.sonde.engine.score.ScoreFiles;
import dev.sonde.engine.score.ScoreRequest;
import dev.sonde.engine.score.TokenAggregate;
import dev.sonde.engine.tools.SteeredGeneration;
import dev.sonde.engine.tools.WatchedGeneration;
import java.io.Writer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** What is done with probes that runs have saved. */
public final class ProbeTools {
  private final Folders folders;
  private final PluginRegistry plugins;
  private final Progress progress;

  ProbeTools(Folders folders, PluginRegistry plugins, Progress progress) {
    this.folders = folders;
    this.plugins = plugins;
    this.progress = progress;
  }

  /**
   * Texts to score.
   *
   * @param probes cards, their tensors, or folders of runs
   * @param model {@code ref}, {@code backend}, {@code dtype}, as in an experiment
   * @param data {@code path}, which may be {@code -} for standard input, and how a row becomes a
   *     prompt, as in an experiment; without the latter as the first probe's prompts were made
   * @param overrides {@code path.to.key=value}
   * @param format of the data; empty to go by its name
   * @param answer a column whose text follows the prompt, and whose tokens alone count; may be
   *     empty
   * @param assistant whether only the turns of the model in conversations count
   * @param tokens whether a score a token is wanted
   * @param aggregate {@code last}, {@code mean}, {@code max}, {@code ema} or {@code p95}; empty for
   *     the probe's own reading
   * @param above the threshold; empty for that of the rate
   * @param rate the false-positive rate whose threshold flags
   * @param anyway whether another model or tokenizer than the probe's is allowed
   */
  public record Texts(
      List<Path> probes,
      Map<String, Object> model,
      Map<String, Object> data,
      List<String> overrides,
      Optional<String> format,
      Optional<String> answer,
      boolean assistant,
      boolean tokens,
      Optional<String> aggregate,
      OptionalDouble above,
      double rate,
      boolean anyway) {
    /** Texts with their lists and maps copied. */
    public Texts {
      probes = List.copyOf(probes);
      model = Map.copyOf(model);
      data = Map.copyOf(data);
      overrides = List.copyOf(overrides);
    }
  }

  /**
   * What is known of the texts.
   *
   * @param column with the label
   * @param positive the label of the positive class; every other is the negative one
   * @param group the column with the group; empty where each row is one
   */
  public record Known(String column, String positive, Optional<String> group) {}

  /**
   * Where scores go.
   *
   * @param out a file, of comma-separated values if its name ends in {@code .csv}; empty for the
   *     writer
   * @param screen taken where there is no file
   * @param html a page with coloured tokens
   * @param calibrated the card of a probe to be calibrated with what is known
   * @param curve {@code platt} or {@code isotonic}
   * @param overwrite whether files of scores may be replaced
   */
  public record Outputs(
      Optional<Path> out,
      Writer screen,
      Optional<Path> html,
      Optional<Path> calibrated,
      String curve,
      boolean overwrite) {}

  /**
   * The name of the class that a saved probe's high scores mean.
   *
   * @throws InvalidInputException if the probe cannot be read
   */
  public static String positive(Path probe) {
    return ProbeFile.read(probe).positive();
  }

  /**
   * Scores texts with saved probes, in one pass that ends behind the deepest hook point.
   *
   * @return what the labels say of the probes, a line each; none where nothing is known
   * @throws InvalidInputException if a probe does not fit, or something cannot be read or written
   * @throws dev.sonde.api.ModelUnavailableException if the model cannot be opened
   */
  public List<String> score(Texts texts, Optional<Known> known, Outputs outputs) {
    if (texts.probes().isEmpty()) {
      throw new InvalidInputException("name a saved probe, or the folder of a run");
    }
    Map<String, Object> data = new LinkedHashMap<>(texts.data());
    boolean says =
        Stream.of("text", "template", "messages")
            .anyMatch(
                key ->
                    data.containsKey(key)
                        || texts.overrides().stream()
                            .anyMatch(o -> o.startsWith("data." + key + "=")));
    if (!says) {
      data.putAll(ProbeScoring.promptOf(texts.probes().getFirst()));
    }
    ScoreRequest request =
        new ScoreRequest(
            texts.probes(),
            ExperimentFile.of(texts.model(), data, texts.overrides()),
            texts.format(),
            texts.answer(),
            texts.assistant(),
            texts.tokens() || outputs.html().isPresent(),
            texts.aggregate().map(TokenAggregate::parse),
            texts.above(),
            texts.rate(),
            texts.anyway(),
            known.map(
                each -> new ScoreRequest.Labelled(each.column(), each.positive(), each.group())));
    return new ScoreFiles(new ProbeScoring(plugins, folders, progress))
        .write(
            request,
            new ScoreFiles.Places(
                outputs.out(), outputs.screen(), outputs.html(), outputs.overwrite()),
            outputs.calibrated().map(card -> new ScoreFiles.Calibrate(card, outputs.curve())));
  }

  /**
   * A probe that watches a generation.
   *
   * @param probe a card, its tensors, or the folder of a run
   * @param above the threshold; empty for the probe's own at 5 % false positives
   * @param then {@code stop}, {@code steer} or {@code note}
   * @param vectors direction files with their factors, for {@code steer}
   * @param anyway whether another model or tokenizer than the probe's is allowed
   */
  public record Watch(
      Path probe,
      OptionalDouble above,
      String then,
      List<Map.Entry<Path, Double>> vectors,
      boolean anyway) {
    /** A watch with its list copied. */
    public Watch {
      vectors = List.copyOf(vectors);
    }
  }

  /**
   * A watched text.
   *
   * @param text without the prompt
   * @param tokens that were written
   * @param scores of the state that each was predicted from
   * @param above the threshold
   * @param fired the first step at which the probe fired, counted from 0; empty where it never did
   */
  public record Watched(
      String text, List<String> tokens, List<Double> scores, double above, OptionalInt fired) {
    /** A text with its lists copied. */
    public Watched {
      tokens = List.copyOf(tokens);
      scores = List.copyOf(scores);
    }
  }

  /**
   * Continues a prompt while a probe watches.
   *
   * @param what is continued
   * @throws InvalidInputException if something does not fit
   * @throws dev.sonde.api.ModelUnavailableException if the model cannot be opened
   */
  public Watched watch(Prompted what, Watch watch) {
    WatchedGeneration.Then then =
        switch (watch.then()) {
          case "stop" -> WatchedGeneration.Then.STOP;
          case "steer" -> WatchedGeneration.Then.STEER;
          case "note" -> WatchedGeneration.Then.NOTE;
          default ->
              throw new InvalidInputException(
                  "--then %s: there are stop, steer and note".formatted(watch.then()));
        };
    Optional<SteeredGeneration.Change> change =
        watch.vectors().isEmpty()
            ? Optional.empty()
            : Optional.of(SteeredGeneration.Change.of(watch.vectors(), 0, OptionalInt.empty()));
    WatchedGeneration.Result result =
        new WatchedGeneration(plugins, folders, progress)
            .of(
                what.part(),
                new WatchedGeneration.Watch(watch.probe(), watch.above(), then, watch.anyway()),
                change,
                what.continuation());
    return new Watched(
        result.text(),
        result.steps().stream().map(WatchedGeneration.Step::text).toList(),
        result.steps().stream().map(WatchedGeneration.Step::score).toList(),
        result.above(),
        result.fired());
  }
}
