package dev.sonde.engine.experiment;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.config.Setting;
import dev.sonde.api.config.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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

  private static final int FORMAT = 1;
  private static final String COMMAND_LINE = "--";
  private static final String PLAIN_NAME = "[A-Za-z0-9][A-Za-z0-9._-]*";
  private static final List<String> SPLITS = List.of("grouped", "rowwise", "leave_one_group_out");

  private static final Settings ROOT =
      Settings.builder()
          .required("sonde", Setting.Type.INTEGER, "format version, 1")
          .string("name", "experiment", "names the run and its folder")
          .integer("seed", 17, "every random number of the run derives from it")
          .required("model", Setting.Type.TREE, "the model, see model.ref")
          .required("data", Setting.Type.TREE, "the data set, see data.path")
          .optional("models", Setting.Type.TREE, "further models by name, each like model")
          .optional("sets", Setting.Type.TREE, "further data sets by name, each like data")
          .required("probes", Setting.Type.TREE, "a list of probes, each with name, use, with")
          .optional("decoders", Setting.Type.TREE, "settings of decoders by their names in probes")
          .optional("evaluation", Setting.Type.TREE, "how evaluation is done")
          .build();

  /** The number type that leaves the choice to the backend. */
  public static final String AUTO = "auto";

  /** The settings of {@code model:}. */
  public static final Settings MODEL =
      Settings.builder()
          .required(
              "ref",
              Setting.Type.STRING,
              "a Hugging Face folder, a .gguf file, or hf:org/name[@revision] on the hub")
          .string("backend", "pytorch", "a backend's short name, or plugin/name")
          .choice(
              "dtype",
              List.of("float32", "bfloat16", AUTO),
              "float32",
              "number type of the computation")
          .optional("with", Setting.Type.TREE, "settings of the backend itself")
          .build();

  /** The settings of {@code data:}. */
  public static final Settings DATA =
      Settings.builder()
          .required(
              "path",
              Setting.Type.STRING,
              "a JSONL, CSV or Parquet file, or hf:datasets/org/name[@revision] on the hub")
          .optional("text", Setting.Type.STRING, "the column that is fed verbatim")
          .optional(
              "template",
              Setting.Type.STRING,
              "instead of text: columns in braces, '{question}'; '{{' and '}}' for braces")
          .optional(
              "messages",
              Setting.Type.STRING,
              "instead of text: the column with a list of messages for the model's chat template")
          .flag(
              "generation_prompt",
              true,
              "whether rendered messages end where the model's answer begins")
          .optional(
              "chat_template_kwargs",
              Setting.Type.TREE,
              "variables that the chat template reads beside the messages: enable_thinking, tools,"
                  + " documents, date_string, …")
          .optional("label", Setting.Type.STRING, "the column with the label")
          .optional("positive", Setting.Type.STRING, "the label that counts as positive")
          .optional("group", Setting.Type.STRING, "the column whose values must not be split")
          .optional("split", Setting.Type.STRING, "a column that says train or test")
          .strings(
              "splits",
              List.of("grouped"),
              "grouped; rowwise adds the leaky one; leave_one_group_out")
          .optional("limit", Setting.Type.INTEGER, "only the first rows by id")
          .choice(
              "truncation_side",
              List.of("none", "left", "right"),
              "none",
              "prompts longer than the model's context: none refuses them, left cuts off their"
                  + " beginning, right their end")
          .strings(
              "confounds",
              List.of("length", "digits"),
              "columns, or length or digits, whose effect is taken out for auroc.residualised")
          .build();

  private static final Settings PROBE =
      Settings.builder()
          .required("use", Setting.Type.STRING, "a probe's short name, or plugin/name")
          .optional("name", Setting.Type.STRING, "its name in the report; default: its short name")
          .optional("with", Setting.Type.TREE, "the probe's settings")
          .build();

  /** The settings of {@code evaluation:}. */
  public static final Settings EVALUATION =
      Settings.builder()
          .integer("folds", 5, "outer folds of the cross-validation")
          .integer("inner_folds", 4, "inner folds, on which layer and decoder are selected")
          .integer("permutations", 999, "labelings drawn for p, for closed-form decoders")
          .integer("refits", 0, "fits that may be spent on p for each other decoder")
          .integer(
              "bootstrap", 1000, "draws of groups behind every 95 % interval, those of probes too")
          .integer("control_tasks", 5, "random labelings of the groups for selectivity")
          .flag("random_init", true, "whether a model with fresh weights is evaluated beside it")
          .build();

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
    /** The same model with weights drawn afresh. */
    public ModelPart withFreshWeights(long freshSeed) {
      return new ModelPart("random:%d:%s".formatted(freshSeed, ref), base, backend, dtype, with);
    }

    /**
     * The same model as it was opened.
     *
     * @param resolved its reference with an absolute path or a commit
     * @param chosen the number type that was taken, where it was to be chosen
     */
    public ModelPart opened(String resolved, String chosen) {
      return new ModelPart(resolved, base, backend, dtype.equals(AUTO) ? chosen : dtype, with);
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
   */
  public record ProbePart(String name, String use, Part with) {}

  /** How evaluation is done. */
  public record EvaluationPart(
      int folds,
      int innerFolds,
      int permutations,
      int refits,
      int bootstrap,
      int controlTasks,
      boolean randomInit) {}

  /** A section that is checked once the plugin is known that it belongs to. */
  public static final class Part {
    private final Node.Mapping node;

    Part(Node.Mapping node) {
      this.node = node;
    }

    /** The section, checked against its settings, with defaults. */
    public ConfigView checked(Settings settings) {
      return ConfigView.checked(node, settings);
    }
  }

  /**
   * Reads a file and applies overrides in order.
   *
   * @param overrides {@code path.to.key=value}
   * @throws InvalidInputException naming place and key path of what is wrong
   */
  public static Experiment read(Path file, List<String> overrides) {
    Node.Mapping root = Yaml.read(file);
    for (String assignment : overrides) {
      root = Overrides.apply(root, assignment);
    }
    return of(root, file.toAbsolutePath().resolveSibling(""));
  }

  /**
   * A model and a data set without probes, for commands that take them as options.
   *
   * @param model {@code ref}, {@code backend}, as in the file
   * @param data {@code path}, {@code text}, as in the file
   * @param overrides {@code path.to.key=value}
   */
  public static Experiment of(
      Map<String, Object> model, Map<String, Object> data, List<String> overrides) {
    Map<String, Object> plain = new LinkedHashMap<>();
    plain.put("sonde", FORMAT);
    plain.put("model", model);
    plain.put("data", data);
    plain.put("probes", List.of());
    Node.Mapping root = Yaml.mapping(plain, COMMAND_LINE);
    for (String assignment : overrides) {
      root = Overrides.apply(root, assignment);
    }
    return of(root, Path.of("").toAbsolutePath());
  }

  private static Experiment of(Node.Mapping root, Path folder) {
    ConfigView config = ConfigView.checked(root, ROOT);
    if (config.integer("sonde") != FORMAT) {
      throw config.error("sonde", "this Sonde reads format version " + FORMAT);
    }
    String name = config.string("name");
    requirePlainName(config, name);
    return new Experiment(
        name,
        config.integer("seed"),
        model(root, "model", folder),
        named(root, "models", "a model", (mapping, key) -> model(mapping, key, folder)),
        data(section(root, "data", DATA), folder),
        named(root, "sets", "a set", (mapping, key) -> data(section(mapping, key, DATA), folder)),
        probes(config.get("probes")),
        decoders(root),
        evaluation(section(root, "evaluation", EVALUATION)));
  }

  /** Names become file names and anchors. */
  private static void requirePlainName(ConfigView config, String name) {
    if (!name.matches(PLAIN_NAME)) {
      throw config.error("name", "'%s': use letters, digits, '.', '_' and '-'".formatted(name));
    }
  }

  private static ConfigView section(Node.Mapping root, String key, Settings settings) {
    return switch (root.entries().get(key)) {
      case null -> ConfigView.defaults(settings, key);
      case Node.Mapping mapping -> ConfigView.checked(mapping, settings);
      case Node other -> throw other.error("is not a mapping of keys to values");
    };
  }

  private static ModelPart model(Node.Mapping parent, String key, Path folder) {
    ConfigView config = section(parent, key, MODEL);
    Optional<Part> with = Optional.empty();
    if (parent.entries().get(key) instanceof Node.Mapping model
        && model.entries().get("with") instanceof Node.Mapping settings) {
      with = Optional.of(new Part(settings));
    }
    return new ModelPart(
        config.string("ref"),
        base(config, "ref", folder),
        config.string("backend"),
        config.string("dtype"),
        with);
  }

  /** A part under its name. */
  private interface NamedPart<T> {
    T of(Node.Mapping parent, String name);
  }

  /** Parts under names of the user's choice, in file order. */
  private static <T> Map<String, T> named(
      Node.Mapping root, String key, String what, NamedPart<T> part) {
    Map<String, T> parts = new LinkedHashMap<>();
    switch (root.entries().get(key)) {
      case null -> {}
      case Node.Mapping mapping ->
          mapping
              .entries()
              .forEach(
                  (name, node) -> {
                    if (name.equals("data") || !name.matches(PLAIN_NAME)) {
                      throw node.error("'%s' cannot be the name of %s".formatted(name, what));
                    }
                    parts.put(name, part.of(mapping, name));
                  });
      case Node other -> throw other.error("is not a mapping of names to parts");
    }
    return Collections.unmodifiableMap(parts);
  }

  private static DataPart data(ConfigView config, Path folder) {
    if (Stream.of("text", "template", "messages").filter(config::has).count() != 1) {
      throw config.error("text", "give one of 'text', 'template' and 'messages'");
    }
    for (String split : config.strings("splits")) {
      if (!SPLITS.contains(split)) {
        throw config.error(
            "splits", "'%s' is not one of %s".formatted(split, String.join(", ", SPLITS)));
      }
    }
    return new DataPart(config.string("path"), base(config, "path", folder), config);
  }

  /** Paths in the file are relative to the file, paths on the command line to the caller. */
  private static Path base(ConfigView config, String key, Path folder) {
    return config.place(key).startsWith(COMMAND_LINE) ? Path.of("").toAbsolutePath() : folder;
  }

  private static List<ProbePart> probes(Node node) {
    if (!(node instanceof Node.Sequence list)) {
      throw node.error("is not a list of probes");
    }
    List<ProbePart> probes = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    for (Node item : list.items()) {
      if (!(item instanceof Node.Mapping mapping)) {
        throw item.error("is not a mapping with name, use, with");
      }
      ConfigView config = ConfigView.checked(mapping, PROBE);
      String use = config.string("use");
      String name = config.has("name") ? config.string("name") : use;
      requirePlainName(config, name);
      if (!names.add(name)) {
        throw config.error("name", "two probes are called '%s'".formatted(name));
      }
      Node.Mapping with =
          switch (mapping.entries().get("with")) {
            case null ->
                new Node.Mapping(item.place(), item.path() + ".with", new LinkedHashMap<>());
            case Node.Mapping given -> given;
            case Node other -> throw other.error("is not a mapping of settings");
          };
      probes.add(new ProbePart(name, use, new Part(with)));
    }
    return List.copyOf(probes);
  }

  private static Map<String, Part> decoders(Node.Mapping root) {
    Map<String, Part> decoders = new LinkedHashMap<>();
    switch (root.entries().get("decoders")) {
      case null -> {}
      case Node.Mapping mapping ->
          mapping
              .entries()
              .forEach(
                  (name, node) -> {
                    if (!(node instanceof Node.Mapping settings)) {
                      throw node.error("is not a mapping of settings");
                    }
                    decoders.put(name, new Part(settings));
                  });
      case Node other -> throw other.error("is not a mapping of decoders to their settings");
    }
    return Collections.unmodifiableMap(decoders);
  }

  private static EvaluationPart evaluation(ConfigView config) {
    for (String key : List.of("folds", "inner_folds")) {
      if (config.integer(key) < 2) {
        throw config.error(key, "at least 2 folds are needed");
      }
    }
    if (config.integer("bootstrap") < 0) {
      throw config.error("bootstrap", "must be at least 0");
    }
    return new EvaluationPart(
        config.integer("folds"),
        config.integer("inner_folds"),
        config.integer("permutations"),
        config.integer("refits"),
        config.integer("bootstrap"),
        config.integer("control_tasks"),
        config.flag("random_init"));
  }

  /**
   * The whole experiment as YAML with defaults filled in and absolute paths, from which a run can
   * be resumed.
   *
   * @param mainModel the main model as it was opened
   * @param furtherModels the further ones, by name
   * @param paths of the data sets by name, the main one's as {@code data}: absolute, or of the hub
   *     with the commit
   * @param probeSettings per probe its settings with defaults
   */
  public String resolved(
      ModelPart mainModel,
      Map<String, ModelPart> furtherModels,
      Map<String, String> paths,
      Map<String, ConfigView> probeSettings) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("sonde", FORMAT);
    root.put("name", name);
    root.put("seed", seed);
    root.put("model", plain(mainModel));
    if (!furtherModels.isEmpty()) {
      Map<String, Object> modelsMap = new LinkedHashMap<>();
      furtherModels.forEach((key, part) -> modelsMap.put(key, plain(part)));
      root.put("models", modelsMap);
    }
    root.put("data", resolved(data, paths.get("data")));
    if (!sets.isEmpty()) {
      Map<String, Object> setsMap = new LinkedHashMap<>();
      sets.forEach((set, part) -> setsMap.put(set, resolved(part, paths.get(set))));
      root.put("sets", setsMap);
    }
    root.put(
        "probes",
        probes.stream()
            .map(
                probe -> {
                  Map<String, Object> map = new LinkedHashMap<>();
                  map.put("name", probe.name());
                  map.put("use", probe.use());
                  ConfigView with = probeSettings.get(probe.name());
                  map.put("with", with == null ? Map.of() : with.plain());
                  return map;
                })
            .toList());
    if (!decoders.isEmpty()) {
      Map<String, Object> decodersMap = new LinkedHashMap<>();
      decoders.forEach((decoder, part) -> decodersMap.put(decoder, part.node.plain()));
      root.put("decoders", decodersMap);
    }
    Map<String, Object> evaluationMap = new LinkedHashMap<>();
    evaluationMap.put("folds", evaluation.folds());
    evaluationMap.put("inner_folds", evaluation.innerFolds());
    evaluationMap.put("permutations", evaluation.permutations());
    evaluationMap.put("refits", evaluation.refits());
    evaluationMap.put("bootstrap", evaluation.bootstrap());
    evaluationMap.put("control_tasks", evaluation.controlTasks());
    evaluationMap.put("random_init", evaluation.randomInit());
    root.put("evaluation", evaluationMap);
    return Yaml.write(root);
  }

  private static Map<String, Object> plain(ModelPart part) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("ref", part.ref());
    map.put("backend", part.backend());
    map.put("dtype", part.dtype());
    part.with().ifPresent(with -> map.put("with", with.node.plain()));
    return map;
  }

  private static Map<String, Object> resolved(DataPart part, @Nullable String path) {
    Map<String, Object> map = new LinkedHashMap<>(part.config().plain());
    map.put("path", path == null ? part.file().toString() : path);
    return map;
  }
}
