package dev.sonde.engine.experiment;

import dev.sonde.api.config.Settings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An experiment file, read and checked as far as that needs no plugin.
 *
 * @param name names the run
 * @param seed every random number of the run derives from it
 * @param model the main model
 * @param models further models by name
 * @param data the main data set
 * @param sets further data sets by name
 * @param probes what to do
 * @param decoders settings of decoders, by the names that probes call them by
 * @param evaluation how evaluation is done
 */
public record Experiment(
    String name,
    long seed,
    ModelPart model,
    Map<String, ModelPart> models,
    DataPart data,
    Map<String, DataPart> sets,
    List<ProbePart> probes,
    Map<String, Part> decoders,
    EvaluationPart evaluation) {

  /** The number type that leaves the choice to the backend. */
  public static final String AUTO = "auto";

  /**
   * The model.
   *
   * @param ref as written
   * @param base the folder that a relative path is relative to
   * @param backend a name
   * @param dtype a number type
   * @param with the backend's own settings, unchecked
   */
  public record ModelPart(
      String ref, Path base, String backend, String dtype, Optional<Part> with) {
    /** A model with a backend's usual settings; a relative path is one of the current folder. */
    public static ModelPart here(String ref, String backend, String dtype) {
      return new ModelPart(ref, Path.of("").toAbsolutePath(), backend, dtype, Optional.empty());
    }

    /** The same model with weights drawn afresh. */
    public ModelPart withFreshWeights(long freshSeed) {
      return new ModelPart("random:%d:%s".formatted(freshSeed, ref), base, backend, dtype, with);
    }

    /**
     * The same model as it was opened.
     *
     * @param resolved its reference with an absolute path or a commit
     * @param chosen the number type that was taken, where it was to be chosen; what stands behind
     *     its name, such as a device, is no part of it
     */
    public ModelPart opened(String resolved, String chosen) {
      String taken = dtype.equals(AUTO) ? chosen.replaceFirst("[ ,].*", "") : dtype;
      return new ModelPart(resolved, base, backend, taken, with);
    }
  }

  /**
   * The data set.
   *
   * @param path as written
   * @param base the folder that a relative path is relative to
   * @param config the section, for columns
   */
  public record DataPart(String path, Path base, ConfigView config) {
    /** The file or folder on disk that the path is, unless it is one of the hub. */
    public Path file() {
      return base.resolve(path).normalize();
    }
  }

  /**
   * A probe.
   *
   * @param name its name in the report
   * @param use its factory
   * @param with its settings, unchecked
   * @param labels what it asks about in place of the labels of {@code data}
   * @param maker the earlier probe that makes the column of {@code labels}; empty where it is one
   *     of the data
   */
  public record ProbePart(
      String name, String use, Part with, Optional<ConfigView> labels, Optional<String> maker) {
    /** The column that the maker is to make, by the maker's own name for it. */
    public Optional<String> madeColumn() {
      return maker.map(
          by -> labels.orElseThrow().string(ExperimentFile.LABEL).substring(by.length() + 1));
    }
  }

  /** A probe by its name. */
  public ProbePart probe(String probe) {
    return probes.stream().filter(part -> part.name().equals(probe)).findFirst().orElseThrow();
  }

  /** The labels that probes ask about in place of those of {@code data}, by the probe's name. */
  public Map<String, ConfigView> ownLabels() {
    Map<String, ConfigView> own = new LinkedHashMap<>();
    probes.forEach(probe -> probe.labels().ifPresent(labels -> own.put(probe.name(), labels)));
    return own;
  }

  /** How evaluation is done. */
  public record EvaluationPart(
      int folds,
      int innerFolds,
      int permutations,
      int refits,
      int bootstrap,
      int controlTasks,
      boolean randomInit,
      ErasePart erase) {
    /** An evaluation that erases nothing. */
    public EvaluationPart(
        int folds,
        int innerFolds,
        int permutations,
        int refits,
        int bootstrap,
        int controlTasks,
        boolean randomInit) {
      this(
          folds,
          innerFolds,
          permutations,
          refits,
          bootstrap,
          controlTasks,
          randomInit,
          ErasePart.NONE);
    }
  }

  /**
   * What is erased, and looked at again.
   *
   * @param methods names of erasers; none where nothing is erased
   * @param rounds of iterated null-space projection, at most
   * @param shrinkage of LEACE's covariance, as a share of the mean variance of a feature
   * @param left how far above or below chance a figure may lie for the label to be gone
   */
  public record ErasePart(List<String> methods, int rounds, double shrinkage, double left) {
    /** Least-squares concept erasure. */
    public static final String LEACE = "leace";

    /** Iterated null-space projection. */
    public static final String INLP = "inlp";

    /** The difference of means projected out. */
    public static final String MEAN_PROJECTION = "mean_projection";

    /** The names that there are. */
    static final List<String> METHODS = List.of(LEACE, INLP, MEAN_PROJECTION);

    static final ErasePart NONE = new ErasePart(List.of(), 8, 0, 0.05);

    /** A part with its list copied. */
    public ErasePart {
      methods = List.copyOf(methods);
    }
  }

  /** A section that is checked once the plugin is known that it belongs to. */
  public static final class Part {
    private final Node.Mapping node;

    Part(Node.Mapping node) {
      this.node = node;
    }

    Object plain() {
      return node.plain();
    }

    /** The section, checked against its settings, with defaults. */
    public ConfigView checked(Settings settings) {
      return ConfigView.checked(node, settings);
    }
  }
}
