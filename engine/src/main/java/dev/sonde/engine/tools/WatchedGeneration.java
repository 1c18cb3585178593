package dev.sonde.engine.tools;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.GenerationStream.Generation;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Sequence;
import dev.sonde.engine.experiment.Experiment.ModelPart;
import dev.sonde.engine.host.Folders;
import dev.sonde.engine.host.Progress;
import dev.sonde.engine.model.Fetching;
import dev.sonde.engine.model.OpenModel;
import dev.sonde.engine.plugin.PluginRegistry;
import dev.sonde.engine.score.StepScorer;
import dev.sonde.engine.tools.SteeredGeneration.Change;
import dev.sonde.engine.tools.SteeredGeneration.Continuation;
import dev.sonde.trials.NewTokens;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * Continues a prompt while a probe looks at the state that each token is predicted from. Where it
 * fires, the text ends before that token, or the model is steered from that token on, or nothing
 * happens but a note.
 *
 * <p>A greedy text that may end early is written in parts that double, so that little is computed
 * behind its end; a drawn one is written whole and cut, as its draws depend on its beginning.
 */
public final class WatchedGeneration {
  private static final int FIRST_PART = 16;

  private final PluginRegistry plugins;
  private final Folders folders;
  private final Progress progress;

  /** Generations of models that the plugins open. */
  public WatchedGeneration(PluginRegistry plugins, Folders folders, Progress progress) {
    this.plugins = plugins;
    this.folders = folders;
    this.progress = progress;
  }

  /** What happens where the probe fires. */
  public enum Then {
    /** The text ends. */
    STOP,
    /** The model is steered from there on. */
    STEER,
    /** It is noted. */
    NOTE
  }

  /**
   * The watch.
   *
   * @param probe a card, its tensors, or the folder of a run
   * @param above the threshold; empty for the probe's own
   * @param anyway whether another model or tokenizer than the probe's is allowed
   */
  public record Watch(Path probe, OptionalDouble above, Then then, boolean anyway) {}

  /**
   * A token that was written.
   *
   * @param text what it adds
   * @param score of the state that it was predicted from
   */
  public record Step(String text, double score) {}

  /**
   * A watched text.
   *
   * @param text without the prompt
   * @param steps its tokens
   * @param above the threshold
   * @param fired the first step at which the probe fired, counted from 0; empty where it never did
   */
  public record Result(String text, List<Step> steps, double above, OptionalInt fired) {
    /** A result with its list copied. */
    public Result {
      steps = List.copyOf(steps);
    }
  }

  /** Tokens with the score of each. */
  private record Written(int[] tokens, double[] scores, OptionalInt fired) {}

  /**
   * Continues a prompt.
   *
   * @param change what steering adds; empty unless the watch steers
   * @throws InvalidInputException if something does not fit the model
   * @throws dev.sonde.api.ModelUnavailableException if the model cannot be opened
   */
  public Result of(ModelPart part, Watch watch, Optional<Change> change, Continuation how) {
    if ((watch.then() == Then.STEER) != change.isPresent()) {
      throw new InvalidInputException(
          "--then steer needs a direction (--control-vector FILE), and only that uses one");
    }
    SteeredGeneration steered = new SteeredGeneration(plugins, folders, progress);
    Optional<Function<ModelInfo, List<Intervention>>> fitted = change.map(steered::read);
    try (OpenModel model = Fetching.models(plugins, folders, progress).open(part)) {
      model.info().notes().forEach(progress::warning);
      StepScorer scorer =
          StepScorer.of(
              watch.probe(), model, plugins, folders, watch.above(), watch.anyway(), progress);
      List<Intervention> steering = fitted.map(fit -> fit.apply(model.info())).orElse(List.of());
      int[] prompt = model.tokenizer().encode(how.prompt(), true).ids();
      if (prompt.length == 0) {
        throw new InvalidInputException("the prompt has no tokens");
      }
      Written written = written(model, prompt, scorer, watch.then(), steering, how);
      return result(model, prompt, written, scorer.above());
    }
  }

  private static Written written(
      OpenModel model,
      int[] prompt,
      StepScorer scorer,
      Then then,
      List<Intervention> steering,
      Continuation how) {
    boolean parts = then != Then.NOTE && how.sampling().isGreedy();
    Written all = new Written(new int[0], new double[0], OptionalInt.empty());
    int size = parts ? FIRST_PART : how.maxTokens();
    int left = how.maxTokens();
    while (left > 0 && all.fired().isEmpty()) {
      int wanted = Math.min(size, left);
      Written more =
          part(model, NewTokens.joined(prompt, all.tokens()), wanted, scorer, List.of(), how);
      all = joined(all, more);
      if (more.tokens().length < wanted || ends(model, more)) {
        break;
      }
      left -= wanted;
      size *= 2;
    }
    if (all.fired().isEmpty() || then == Then.NOTE) {
      return all;
    }
    int at = all.fired().getAsInt();
    Written before =
        new Written(Arrays.copyOf(all.tokens(), at), Arrays.copyOf(all.scores(), at), all.fired());
    if (then == Then.STOP) {
      return before;
    }
    Written steered =
        part(
            model,
            NewTokens.joined(prompt, before.tokens()),
            how.maxTokens() - at,
            scorer,
            steering,
            how);
    return joined(before, steered);
  }

  private static boolean ends(OpenModel model, Written written) {
    int last = written.tokens()[written.tokens().length - 1];
    return Arrays.stream(model.info().endOfSequence()).anyMatch(stop -> stop == last);
  }

  /** Some tokens more, up to the end of the text; scored, with the first that fires. */
  private static Written part(
      OpenModel model,
      int[] prefix,
      int count,
      StepScorer scorer,
      List<Intervention> steering,
      Continuation how) {
    Sequence sequence =
        Sequence.of(prefix).maxNewTokens(count).samples(1, how.seed()).intervene(steering);
    Generation generation;
    try (GenerationStream stream =
        model.generate(
            GenerateRequest.sampled(List.of(sequence), how.sampling(), model.info().endOfSequence())
                .reading(List.of(scorer.point())))) {
      if (!stream.next()) {
        throw new IllegalStateException("the backend gave no generation");
      }
      generation = stream.generation();
    }
    List<float[]> rows = generation.activations().getOrDefault(scorer.point(), List.of());
    if (rows.size() != generation.tokens().length) {
      throw new IllegalStateException(
          "the backend gave %d rows for %d tokens"
              .formatted(rows.size(), generation.tokens().length));
    }
    double[] scores = rows.stream().mapToDouble(scorer::score).toArray();
    OptionalInt fired = OptionalInt.empty();
    for (int step = 0; step < scores.length && fired.isEmpty(); step++) {
      if (scores[step] > scorer.above()) {
        fired = OptionalInt.of(step);
      }
    }
    return new Written(generation.tokens(), scores, fired);
  }

  private static Written joined(Written before, Written more) {
    double[] scores = Arrays.copyOf(before.scores(), before.scores().length + more.scores().length);
    System.arraycopy(more.scores(), 0, scores, before.scores().length, more.scores().length);
    OptionalInt fired =
        before.fired().isPresent() || more.fired().isEmpty()
            ? before.fired()
            : OptionalInt.of(before.tokens().length + more.fired().getAsInt());
    return new Written(NewTokens.joined(before.tokens(), more.tokens()), scores, fired);
  }

  private static Result result(OpenModel model, int[] prompt, Written written, double above) {
    int[] stops = model.info().endOfSequence();
    int[] tokens = NewTokens.withoutEnd(stops, written.tokens());
    List<Step> steps = new ArrayList<>();
    for (int step = 0; step < written.tokens().length; step++) {
      steps.add(new Step(model.tokenizer().token(written.tokens()[step]), written.scores()[step]));
    }
    return new Result(
        NewTokens.text(model.tokenizer(), prompt, tokens), steps, above, written.fired());
  }
}
