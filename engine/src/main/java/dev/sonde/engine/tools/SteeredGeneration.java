package dev.sonde.engine.tools;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Sampling;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.engine.experiment.Experiment.ModelPart;
import dev.sonde.engine.host.Folders;
import dev.sonde.engine.host.Progress;
import dev.sonde.engine.model.Fetching;
import dev.sonde.engine.model.OpenModel;
import dev.sonde.engine.pass.AddedTwice;
import dev.sonde.engine.plugin.PluginRegistry;
import dev.sonde.trials.NewTokens;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Continues a prompt while directions of files are added to the residual stream. */
public final class SteeredGeneration {
  private final PluginRegistry plugins;
  private final Folders folders;
  private final Progress progress;

  /** SteeredGeneration of models that the plugins open, with files that they read. */
  public SteeredGeneration(PluginRegistry plugins, Folders folders, Progress progress) {
    this.plugins = plugins;
    this.folders = folders;
    this.progress = progress;
  }

  /**
   * A direction file and the factor it is added with.
   *
   * @param file in a format of a plugin
   * @param scale may be negative
   */
  public record Scaled(Path file, double scale) {}

  /**
   * What is changed.
   *
   * @param vectors added one after the other
   * @param first the first block whose output is changed
   * @param last the last; empty for that of the model
   */
  public record Change(List<Scaled> vectors, int first, OptionalInt last) {
    /** A change with its list copied. */
    public Change {
      vectors = List.copyOf(vectors);
    }

    /**
     * A change by files.
     *
     * @param vectors each with its factor
     */
    public static Change of(List<Map.Entry<Path, Double>> vectors, int first, OptionalInt last) {
      return new Change(
          vectors.stream().map(file -> new Scaled(file.getKey(), file.getValue())).toList(),
          first,
          last);
    }
  }

  /**
   * What is continued.
   *
   * @param prompt its text
   * @param maxTokens most tokens that are added
   * @param sampling how they are chosen
   * @param seed decides what is drawn
   */
  public record Continuation(String prompt, int maxTokens, Sampling sampling, long seed) {}

  /**
   * The prompt continued both ways.
   *
   * @param plain without any change
   * @param steered with it
   * @param layers the blocks that were changed
   */
  public record Result(String plain, String steered, List<Integer> layers) {
    /** A result with its list copied. */
    public Result {
      layers = List.copyOf(layers);
    }
  }

  /**
   * Continues a prompt with and without the change.
   *
   * @throws InvalidInputException if a file is malformed, does not fit the model, or the backend
   *     cannot add vectors
   * @throws dev.sonde.api.ModelUnavailableException if the model cannot be opened
   */
  public Result of(ModelPart part, Change change, Continuation continuation) {
    Function<ModelInfo, List<Intervention>> fitted = read(change);
    try (OpenModel model = Fetching.models(plugins, folders, progress).open(part)) {
      model.info().notes().forEach(progress::warning);
      List<Intervention> interventions = fitted.apply(model.info());
      int[] prompt = model.tokenizer().encode(continuation.prompt(), true).ids();
      model.tokenizerNotes().forEach(progress::warning);
      new AddedTwice(model.tokenizer())
          .token(prompt)
          .ifPresent(
              token ->
                  progress.warning(
                      "the token '%s' stands twice: the prompt brings it already, and the tokenizer adds another"
                          .formatted(token)));
      if (prompt.length == 0) {
        throw new InvalidInputException("the prompt has no tokens");
      }
      List<String> texts = continued(model, prompt, interventions, continuation);
      List<Integer> layers =
          List.copyOf(
              new TreeSet<>(
                  interventions.stream().map(i -> i.point().layer().orElseThrow()).toList()));
      return new Result(texts.getFirst(), texts.getLast(), layers);
    }
  }

  /**
   * Reads the files of a change.
   *
   * @return the change as a model takes it, which refuses files that do not fit the model
   * @throws InvalidInputException if a file is malformed
   */
  Function<ModelInfo, List<Intervention>> read(Change change) {
    BiFunction<ModelInfo, Double, List<Intervention>> dosed = dosed(change);
    return model -> dosed.apply(model, 1.0);
  }

  /**
   * The same with all factors multiplied by a dose; a dose of 0 changes nothing.
   *
   * @throws InvalidInputException if a file is malformed
   */
  BiFunction<ModelInfo, Double, List<Intervention>> dosed(Change change) {
    Map<Path, Map<Integer, float[]>> files = new TreeMap<>();
    change.vectors().forEach(scaled -> files.put(scaled.file(), residual(scaled.file())));
    return (model, dose) -> {
      List<Intervention> all = new ArrayList<>();
      for (Scaled scaled : change.vectors()) {
        Map<Integer, float[]> vectors = files.getOrDefault(scaled.file(), Map.of());
        Scaled own = new Scaled(scaled.file(), dose * scaled.scale());
        all.addAll(interventions(own, vectors, change, model));
      }
      return dose == 0 ? List.of() : all;
    };
  }

  /** A file's vectors at the output of blocks, by block. */
  private Map<Integer, float[]> residual(Path file) {
    Map<Integer, float[]> byLayer = new TreeMap<>();
    List<HookPoint> others = new ArrayList<>();
    new DirectionFiles(plugins)
        .read(file)
        .vectors()
        .forEach(
            (point, vector) -> {
              if (point.site().equals(HookPoint.RESID_POST)) {
                byLayer.put(point.layer().orElseThrow(), vector);
              } else {
                others.add(point);
              }
            });
    if (byLayer.isEmpty()) {
      throw new InvalidInputException(
          "%s: has no vector of blocks.N.%s; it has %s"
              .formatted(file, HookPoint.RESID_POST, others));
    }
    if (!others.isEmpty()) {
      progress.warning(
          "%s: only vectors of the residual stream are added, not those of %s"
              .formatted(file, others));
    }
    return byLayer;
  }

  private static List<Intervention> interventions(
      Scaled scaled, Map<Integer, float[]> vectors, Change change, ModelInfo model) {
    int end = model.layers() - 1;
    int last = change.last().orElse(Math.max(end, change.first()));
    if (last > end) {
      throw new InvalidInputException(
          "layers %d to %d: the model has the blocks 0 to %d".formatted(change.first(), last, end));
    }
    List<Intervention> interventions = new ArrayList<>();
    vectors.forEach(
        (layer, vector) -> {
          check(scaled.file(), layer, vector, model);
          if (layer >= change.first() && layer <= last) {
            HookPoint point = HookPoint.of(layer, HookPoint.RESID_POST);
            interventions.add(Intervention.add(point, Selector.all(), vector, scaled.scale()));
          }
        });
    if (interventions.isEmpty()) {
      throw new InvalidInputException(
          "%s: has no vector for layers %d to %d; it has those of %s"
              .formatted(scaled.file(), change.first(), last, vectors.keySet()));
    }
    return interventions;
  }

  private static void check(Path file, int layer, float[] vector, ModelInfo model) {
    if (vector.length != model.width()) {
      throw new InvalidInputException(
          "%s: its vectors have %d numbers, the model's residual stream is %d wide; it belongs to another model"
              .formatted(file, vector.length, model.width()));
    }
    if (layer >= model.layers()) {
      throw new InvalidInputException(
          "%s: has a vector of block %d, the model has the blocks 0 to %d; it belongs to another model"
              .formatted(file, layer, model.layers() - 1));
    }
    for (float number : vector) {
      if (!Float.isFinite(number)) {
        throw new InvalidInputException(
            "%s: its vector of block %d holds %s".formatted(file, layer, number));
      }
    }
  }

  /** The text without and with the interventions. */
  private static List<String> continued(
      OpenModel model, int[] prompt, List<Intervention> interventions, Continuation how) {
    Sequence plain = Sequence.of(prompt).maxNewTokens(how.maxTokens()).samples(1, how.seed());
    Sequence steered =
        Sequence.of(prompt)
            .maxNewTokens(how.maxTokens())
            .samples(1, how.seed())
            .intervene(interventions);
    int[] stops = model.info().endOfSequence();
    String[] texts = {"", ""};
    try (GenerationStream stream =
        model.generate(GenerateRequest.sampled(List.of(plain, steered), how.sampling(), stops))) {
      while (stream.next()) {
        GenerationStream.Generation generation = stream.generation();
        texts[generation.sequence()] =
            NewTokens.text(
                model.tokenizer(), prompt, NewTokens.withoutEnd(stops, generation.tokens()));
      }
    }
    return List.of(texts);
  }
}
