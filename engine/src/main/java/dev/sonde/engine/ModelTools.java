package dev.sonde.engine;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.engine.experiment.ExperimentFile;
import dev.sonde.engine.host.Folders;
import dev.sonde.engine.host.MissingFile;
import dev.sonde.engine.host.Progress;
import dev.sonde.engine.host.Unwritable;
import dev.sonde.engine.plan.Quantity;
import dev.sonde.engine.plugin.PluginRegistry;
import dev.sonde.engine.tools.CaptureFile;
import dev.sonde.engine.tools.DoseEffect;
import dev.sonde.engine.tools.PrecisionCheck;
import dev.sonde.engine.tools.SteeredGeneration;
import dev.sonde.engine.tools.SteeringDoses;
import dev.sonde.engine.worker.Workforce;
import dev.sonde.formats.FormatException;
import dev.sonde.formats.gguf.model.GgufConversion;
import dev.sonde.statistics.Estimate;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** What is done with a model beside runs: capture, continue, compare number types, convert. */
public final class ModelTools {
  private static final long MEBIBYTE = 1 << 20;

  private final Folders folders;
  private final PluginRegistry plugins;
  private final Workforce workforce;
  private final Progress progress;

  ModelTools(Folders folders, PluginRegistry plugins, Workforce workforce, Progress progress) {
    this.folders = folders;
    this.plugins = plugins;
    this.workforce = workforce;
    this.progress = progress;
  }

  /**
   * Writes activations to a safetensors file.
   *
   * @param model {@code ref} and {@code backend}, as in an experiment
   * @param data {@code path} and {@code text}, as in an experiment
   * @param overrides {@code path.to.key=value}
   * @param points hook points or patterns
   * @param tokens see {@link CaptureRequest#of}, and {@code all}
   * @param out a file that ends in {@code .safetensors}
   * @param overwrite whether it may exist
   */
  public void capture(
      Map<String, Object> model,
      Map<String, Object> data,
      List<String> overrides,
      List<String> points,
      String tokens,
      Path out,
      boolean overwrite) {
    new CaptureFile(folders, plugins, workforce, progress, EngineVersion.text())
        .write(
            ExperimentFile.of(model, data, overrides),
            CaptureRequest.of(points, tokens),
            out,
            overwrite);
  }

  /**
   * Writes a GGUF file as a Hugging Face folder.
   *
   * @param folder must not exist; folders above it are made
   * @throws InvalidInputException if it exists or cannot be written
   * @throws ModelUnavailableException if the file is missing, malformed or not supported
   */
  public static void convert(Path gguf, Path folder, Sonde.Listener listener) {
    if (!Files.isRegularFile(gguf)) {
      throw new ModelUnavailableException(
          Files.isDirectory(gguf)
              ? gguf + ": is a folder; name the .gguf file in it"
              : MissingFile.message(gguf));
    }
    try {
      Files.createDirectories(folder.toAbsolutePath().normalize().resolveSibling(""));
      GgufConversion.convert(
          gguf,
          folder,
          (weight, done, total) ->
              listener.progress("converting (MiB)", done / MEBIBYTE, total / MEBIBYTE));
    } catch (FileAlreadyExistsException e) {
      throw new InvalidInputException(
          "%s exists; name another folder, or remove it".formatted(folder), e);
    } catch (IOException e) {
      throw new InvalidInputException(
          Unwritable.message(folder, e, "another folder with --out"), e);
    } catch (FormatException e) {
      throw new ModelUnavailableException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Runs a model in bfloat16 and in float32 and says how much accuracy the one costs and how much
   * time it saves.
   *
   * @param ref the model, as in an experiment
   * @return a line for each block, for the speed, and for each remark of the backend: what, value
   * @throws ModelUnavailableException if it cannot be opened in both
   */
  public List<List<String>> comparePrecision(String ref, String backend) {
    return lines(
        "bfloat16", "float32", new PrecisionCheck(plugins, folders, progress).of(ref, backend));
  }

  /**
   * Runs a model on a device and on the processor and says how far they differ, how much time the
   * device saves, and how much of its memory the model takes.
   *
   * @param device as the backend names it, such as {@code cuda:0}
   * @param ref the model, as in an experiment
   * @return lines as {@link #comparePrecision} gives them
   * @throws ModelUnavailableException if it cannot be opened on both
   */
  public List<List<String>> compareDevice(String device, String ref, String backend) {
    PrecisionCheck.Result result =
        new PrecisionCheck(plugins, folders, progress).on(device, ref, backend);
    List<List<String>> lines = lines(device, "the processor", result);
    lines.add(
        List.of(
            "memory",
            "%s on the device, %s outside the heap of this process"
                .formatted(
                    Quantity.bytes(result.info().deviceBytes()),
                    Quantity.bytes(result.info().nativeBytes()))));
    return lines;
  }

  private static List<List<String>> lines(
      String what, String against, PrecisionCheck.Result result) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(
        List.of(
            what,
            "residual stream of %d %s against %s, relative error of a token's row"
                .formatted(
                    result.tokens(),
                    result.random() ? "random tokens" : "tokens of prompts",
                    against)));
    for (int layer = 0; layer < result.layers().size(); layer++) {
      PrecisionCheck.Layer errors = result.layers().get(layer);
      lines.add(
          List.of(
              "block " + layer,
              String.format(
                  Locale.ROOT, "median %.2e, worst %.2e", errors.median(), errors.worst())));
    }
    lines.add(
        List.of(
            "speed",
            String.format(
                Locale.ROOT, "%s is %.3g times as fast as %s", what, result.speedup(), against)));
    result.info().notes().forEach(note -> lines.add(List.of("note", note)));
    return lines;
  }

  /**
   * A prompt to continue while directions are added to the residual stream.
   *
   * @param what is continued
   * @param vectors direction files with their factors, added one after the other
   * @param firstLayer the first block whose output is changed
   * @param lastLayer the last; empty for that of the model
   */
  public record Steer(
      Prompted what, List<Map.Entry<Path, Double>> vectors, int firstLayer, OptionalInt lastLayer) {
    /** A request with its list copied. */
    public Steer {
      vectors = List.copyOf(vectors);
    }
  }

  /**
   * A prompt continued both ways, the prompt itself left out.
   *
   * @param plain without directions
   * @param steered with them
   * @param layers the blocks at whose output they were added
   */
  public record Steered(String plain, String steered, List<Integer> layers) {
    /** A result with its list copied. */
    public Steered {
      layers = List.copyOf(layers);
    }
  }

  /**
   * Continues a prompt with and without directions.
   *
   * @throws InvalidInputException if a file is malformed or does not fit the model, or the backend
   *     cannot add vectors
   * @throws ModelUnavailableException if the model cannot be opened
   */
  public Steered steer(Steer steer) {
    SteeredGeneration.Result result =
        new SteeredGeneration(plugins, folders, progress)
            .of(
                steer.what().part(),
                SteeredGeneration.Change.of(steer.vectors(), steer.firstLayer(), steer.lastLayer()),
                steer.what().continuation());
    return new Steered(result.plain(), result.steered(), result.layers());
  }

  /**
   * Doses of directions to be tried over many prompts.
   *
   * @param model {@code ref}, {@code backend} and {@code dtype}, as in an experiment
   * @param data {@code path} and how a row becomes a prompt, as in an experiment
   * @param overrides {@code path.to.key=value}
   * @param neutral the same as {@code data} for text that should stay as it is; empty for the
   *     prompts
   * @param vectors direction files with their factors at dose 1
   * @param firstLayer the first block whose output is changed
   * @param lastLayer the last; empty for that of the model
   * @param scales the doses, by which factors are multiplied
   * @param kind what is wanted: {@code text}, {@code column} or {@code probe}; empty for another
   *     answer than the model's own
   * @param wanted the text, the column or the saved probe; empty where there is no kind
   * @param most the most damage of a dose that is recommended, in nats a token
   * @param maxTokens most tokens of a continuation that a probe scores
   * @param anyway whether a probe of another model or tokenizer may score
   */
  public record Doses(
      Map<String, Object> model,
      Map<String, Object> data,
      List<String> overrides,
      Map<String, Object> neutral,
      List<Map.Entry<Path, Double>> vectors,
      int firstLayer,
      OptionalInt lastLayer,
      List<Double> scales,
      String kind,
      String wanted,
      double most,
      int maxTokens,
      boolean anyway) {
    /** Doses with their collections copied. */
    public Doses {
      model = Map.copyOf(model);
      data = Map.copyOf(data);
      overrides = List.copyOf(overrides);
      neutral = Map.copyOf(neutral);
      vectors = List.copyOf(vectors);
      scales = List.copyOf(scales);
    }
  }

  /**
   * What one dose does; a figure with its 95 % interval is value, low, high.
   *
   * @param scale the dose
   * @param effect mean over the prompts, in nats or the unit of the probe
   * @param share of the prompts behind which the wanted happens
   * @param harm what neutral text loses, in nats a token
   * @param divergence how far predictions on it move (KL), in nats a token; empty where the backend
   *     gives no logits
   * @param within whether both lie within the limit
   */
  public record DoseLine(
      double scale,
      List<Double> effect,
      double share,
      List<Double> harm,
      List<Double> divergence,
      boolean within) {
    /** A line with its lists copied. */
    public DoseLine {
      effect = List.copyOf(effect);
      harm = List.copyOf(harm);
      divergence = List.copyOf(divergence);
    }
  }

  /**
   * What doses do.
   *
   * @param effect what the effect is, in words
   * @param share what the share counts, in words
   * @param prompts how many
   * @param neutral how many neutral texts
   * @param shareBefore the share unsteered
   * @param recommended the dose to take; empty where none
   * @param sentence the advice, which is true of the lines
   */
  public record DoseTable(
      String effect,
      String share,
      int prompts,
      int neutral,
      double shareBefore,
      List<DoseLine> lines,
      OptionalDouble recommended,
      String sentence) {
    /** A table with its list copied. */
    public DoseTable {
      lines = List.copyOf(lines);
    }
  }

  /**
   * Steers a model over many prompts by each of some doses.
   *
   * @throws InvalidInputException if a file is malformed or does not fit the model, a row lacks
   *     what is expected of it, or the backend cannot do what is asked
   * @throws ModelUnavailableException if the model cannot be opened
   */
  public DoseTable steer(Doses asked) {
    SteeringDoses.Wanted wanted = SteeringDoses.Wanted.of(asked.kind(), asked.wanted());
    SteeringDoses.Result found =
        new SteeringDoses(plugins, folders, progress)
            .of(
                new SteeringDoses.Request(
                    ExperimentFile.of(asked.model(), asked.data(), asked.overrides()),
                    asked.neutral().isEmpty()
                        ? Optional.empty()
                        : Optional.of(ExperimentFile.of(asked.model(), asked.neutral(), List.of())),
                    SteeredGeneration.Change.of(
                        asked.vectors(), asked.firstLayer(), asked.lastLayer()),
                    asked.scales(),
                    wanted,
                    asked.most(),
                    asked.maxTokens(),
                    asked.anyway()));
    return new DoseTable(
        "%s (%s)".formatted(wanted.verb(), wanted.unit()),
        wanted.share(),
        found.prompts(),
        found.neutral(),
        found.shareBefore(),
        found.doses().stream().map(ModelTools::line).toList(),
        found.recommended().map(OptionalDouble::of).orElseGet(OptionalDouble::empty),
        found.sentence());
  }

  private static DoseLine line(DoseEffect dose) {
    return new DoseLine(
        dose.dose(),
        figure(dose.effect()),
        dose.share(),
        figure(dose.harm()),
        dose.drift().map(ModelTools::figure).orElseGet(List::of),
        dose.within());
  }

  private static List<Double> figure(Estimate estimate) {
    return List.of(estimate.value(), estimate.low(), estimate.high());
  }
}
