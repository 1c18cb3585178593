package dev.sonde.engine.experiment;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.config.Settings;
import dev.sonde.engine.experiment.Experiment.DataPart;
import dev.sonde.engine.experiment.Experiment.ErasePart;
import dev.sonde.engine.experiment.Experiment.EvaluationPart;
import dev.sonde.engine.experiment.Experiment.ModelPart;
import dev.sonde.engine.experiment.Experiment.Part;
import dev.sonde.engine.experiment.Experiment.ProbePart;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads experiments from files and options; {@link ResolvedExperiment} writes them. */
public final class ExperimentFile {
  static final int FORMAT = 1;
  private static final String COMMAND_LINE = "--";
  private static final String PLAIN_NAME = "[A-Za-z0-9][A-Za-z0-9._-]*";

  /** The key of the column with the label. */
  static final String LABEL = "label";

  private static final List<String> SPLITS = List.of("grouped", "rowwise", "leave_one_group_out");

  private ExperimentFile() {}

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
   * Reads a resolved experiment, whose paths are absolute, from its text.
   *
   * @throws InvalidInputException if it is none
   */
  public static Experiment parse(String resolved) {
    String source = "the experiment";
    if (Yaml.parse(resolved, source).orElse(null) instanceof Node.Mapping root) {
      return of(root, Path.of("").toAbsolutePath());
    }
    throw new InvalidInputException(source + " is no mapping of keys to values");
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
    ConfigView config = ConfigView.checked(root, ExperimentSettings.ROOT);
    if (config.integer("sonde") != FORMAT) {
      throw config.error("sonde", "this Sonde reads format version " + FORMAT);
    }
    String name = config.string("name");
    requirePlainName(config, name);
    DataPart data = data(section(root, "data", ExperimentSettings.DATA), folder);
    List<ProbePart> probes = probes(config.get("probes"));
    requireMadeBefore(data.config(), probes);
    return new Experiment(
        name,
        config.integer("seed"),
        model(root, "model", folder),
        named(root, "models", "a model", (mapping, key) -> model(mapping, key, folder)),
        data,
        named(
            root,
            "sets",
            "a set",
            (mapping, key) -> data(section(mapping, key, ExperimentSettings.DATA), folder)),
        probes,
        decoders(root),
        evaluation(section(root, "evaluation", ExperimentSettings.EVALUATION)));
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
    ConfigView config = section(parent, key, ExperimentSettings.MODEL);
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
    long prompts = Stream.of("text", "template", "messages").filter(config::has).count();
    if (config.has("pairs") ? prompts > 1 || config.has("text") : prompts != 1) {
      throw config.error(
          "text",
          config.has("pairs")
              ? "'pairs' names the columns of the texts; beside it stand 'template' or 'messages' at most"
              : "give one of 'text', 'template' and 'messages'");
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
      ConfigView config = ConfigView.checked(mapping, ExperimentSettings.PROBE);
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
      Optional<ConfigView> labels =
          config.has("data")
              ? Optional.of(section(mapping, "data", ExperimentSettings.PROBE_DATA))
              : Optional.empty();
      Optional<String> maker = labels.flatMap(own -> maker(own, names, name));
      probes.add(new ProbePart(name, use, new Part(with), labels, maker));
    }
    return List.copyOf(probes);
  }

  /**
   * The probe that makes a label's column, which is called {@code PROBE.COLUMN}.
   *
   * @param names of the probes up to this one
   */
  private static Optional<String> maker(ConfigView labels, Set<String> names, String own) {
    String column = labels.string(LABEL);
    Optional<String> maker =
        names.stream()
            .filter(name -> column.startsWith(name + "."))
            .max(Comparator.comparingInt(String::length));
    if (maker.filter(own::equals).isPresent()) {
      throw labels.error(
          LABEL, "'%s' would be a column that the probe makes itself".formatted(own));
    }
    return maker;
  }

  /** What a probe makes stands neither in the data, nor in rows of the probes before it. */
  private static void requireMadeBefore(ConfigView data, List<ProbePart> probes) {
    for (ProbePart maker : probes) {
      String prefix = maker.name() + ".";
      if (data.has(LABEL) && data.string(LABEL).startsWith(prefix)) {
        throw data.error(
            LABEL,
            "the probe '%s' would make it, in the run: name it in the probes that ask about it, as data: { label: %s }"
                .formatted(maker.name(), data.string(LABEL)));
      }
      for (ProbePart probe : probes) {
        Optional<ConfigView> labels =
            probe.labels().filter(own -> own.string(LABEL).startsWith(prefix));
        if (labels.isPresent() && probe.maker().isEmpty()) {
          throw labels
              .get()
              .error(
                  LABEL,
                  "the probe '%s' makes it, and stands behind '%s': put it first"
                      .formatted(maker.name(), probe.name()));
        }
      }
    }
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
        config.flag("random_init"),
        erase(config));
  }

  private static ErasePart erase(ConfigView config) {
    List<String> methods = config.strings("erase");
    for (String method : methods) {
      if (!ErasePart.METHODS.contains(method)) {
        throw config.error(
            "erase",
            "'%s' is not one of %s".formatted(method, String.join(", ", ErasePart.METHODS)));
      }
    }
    if (methods.stream().distinct().count() < methods.size()) {
      throw config.error("erase", "name each way once: " + methods);
    }
    if (config.integer("erase_rounds") < 1) {
      throw config.error("erase_rounds", "must be at least 1");
    }
    if (!(config.real("erase_shrinkage") >= 0)) {
      throw config.error("erase_shrinkage", "must be at least 0");
    }
    if (!(config.real("erase_left") > 0 && config.real("erase_left") < 0.5)) {
      throw config.error("erase_left", "must lie between 0 and 0.5");
    }
    return new ErasePart(
        methods,
        config.integer("erase_rounds"),
        config.real("erase_shrinkage"),
        config.real("erase_left"));
  }
}
