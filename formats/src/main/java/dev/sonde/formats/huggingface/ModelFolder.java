package dev.sonde.formats.huggingface;

import dev.sonde.formats.ContentHash;
import dev.sonde.formats.FormatException;
import dev.sonde.formats.Weight;
import dev.sonde.formats.gguf.model.GgufModel;
import dev.sonde.formats.json.Json;
import dev.sonde.formats.safetensors.TensorFolder;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** A model folder as Hugging Face's tools write it, with its weights mapped. */
public final class ModelFolder {
  /** How the name of a GGUF file ends. */
  public static final String GGUF = ".gguf";

  private static final String WEIGHTS = "model";

  /** Standard deviation of fresh weights where config.json does not say. */
  private static final double USUAL_DEVIATION = 0.02;

  private final Path folder;
  private final DecoderSpec spec;
  private final StoredWeights stored;
  private final Origin origin;
  private final String variant;

  /**
   * What is known beside the weights.
   *
   * @param files that decide what is computed
   * @param endOfSequence ids that end a generation
   * @param deviation of fresh weights
   * @param remarks what was guessed or passed over
   * @param refusedTokens ids that stand for what is not computed
   * @param tokenizer whether a GGUF file has one
   */
  private record Origin(
      List<Path> files,
      int[] endOfSequence,
      double deviation,
      List<String> remarks,
      Map<Integer, String> refusedTokens,
      boolean tokenizer) {}

  private ModelFolder(
      Path folder,
      DecoderSpec spec,
      Map<String, ? extends Weight> tensors,
      Origin origin,
      String variant) {
    this.folder = folder;
    this.spec = spec;
    this.stored = new StoredWeights(folder, tensors);
    this.origin = origin;
    this.variant = variant;
  }

  /**
   * Opens a Hugging Face folder, or a GGUF file as if it were one: reads its configuration and the
   * headers of its weights.
   *
   * @throws FormatException naming file and field where something is missing, malformed or not
   *     supported
   */
  public static ModelFolder open(Path path) {
    return open(path, OptionalLong.empty());
  }

  /**
   * The same with freshly initialised weights, if a seed is given: matrices normal with the
   * deviation that config.json names ({@code initializer_range}), gains one, biases zero.
   */
  public static ModelFolder open(Path path, OptionalLong freshSeed) {
    ModelFolder trained = trained(path);
    return freshSeed.isPresent() ? trained.randomised(freshSeed.getAsLong()) : trained;
  }

  private static ModelFolder trained(Path path) {
    if (path.toString().endsWith(GGUF)) {
      return openGguf(path);
    }
    boolean adapter =
        Files.exists(path.resolve(Adapter.CONFIG)) && !Files.exists(path.resolve("config.json"));
    return adapter ? openAdapter(path) : openFolder(path);
  }

  private static ModelFolder openGguf(Path file) {
    GgufModel model = GgufModel.open(file, Arena.ofAuto());
    Fields config = new Fields(file, model.config());
    Fields generation = new Fields(file, model.generationConfig());
    Families.Described described = Families.read(config);
    Origin origin =
        new Origin(
            model.files(),
            generation.integers("eos_token_id"),
            config.real("initializer_range", USUAL_DEVIATION),
            Stream.concat(described.remarks().stream(), model.configNotes().stream()).toList(),
            described.refusedTokens(),
            model.hasTokenizer());
    return new ModelFolder(file, described.spec(), model.weights(), origin, "");
  }

  private static ModelFolder openAdapter(Path folder) {
    Path configFile = folder.resolve(Adapter.CONFIG);
    Adapter adapter = new Adapter(folder, fields(configFile));
    ModelFolder base = openFolder(adapter.base());
    Map<String, Weight> all = new LinkedHashMap<>(base.stored.tensors());
    all.putAll(adapter.apply(all));
    List<Path> files = new ArrayList<>(base.origin.files());
    files.add(configFile);
    files.addAll(adapter.files());
    Origin origin =
        new Origin(
            files,
            base.endOfSequence(),
            base.origin.deviation(),
            base.origin.remarks(),
            base.origin.refusedTokens(),
            base.origin.tokenizer());
    return new ModelFolder(base.folder, base.spec, all, origin, "");
  }

  private static ModelFolder openFolder(Path folder) {
    Path configFile = folder.resolve("config.json");
    WeightForms.check(folder);
    Fields config = fields(configFile);
    Families.Described described = Families.read(config);
    // Weights stay mapped while native code may still hold them: the collector decides.
    TensorFolder weights = TensorFolder.open(folder, WEIGHTS, Arena.ofAuto());
    Path generation = folder.resolve("generation_config.json");
    Fields stops = Files.exists(generation) ? fields(generation) : config;
    int[] endOfSequence = (stops.has("eos_token_id") ? stops : config).integers("eos_token_id");
    List<Path> files = new ArrayList<>(List.of(configFile));
    files.addAll(weights.files());
    WeightForms.AsNumbers numbers = WeightForms.read(folder, config, weights.tensors());
    List<String> remarks = new ArrayList<>(described.remarks());
    remarks.addAll(numbers.remarks());
    double deviation = config.real("initializer_range", USUAL_DEVIATION);
    ModelFolder opened =
        new ModelFolder(
            folder,
            described.spec(),
            numbers.weights(),
            new Origin(files, endOfSequence, deviation, remarks, described.refusedTokens(), false),
            "");
    remarks.addAll(opened.weights().remarks(config));
    return opened;
  }

  private ModelFolder randomised(long seed) {
    Map<String, Weight> fresh = new LinkedHashMap<>();
    stored.tensors().forEach((name, trained) -> fresh.put(name, initialised(trained, seed)));
    return new ModelFolder(folder, spec, fresh, origin, "random:" + seed);
  }

  private Weight initialised(Weight trained, long seed) {
    boolean vector = trained.shape().size() == 1 || trained.name().contains("norm");
    if (!vector) {
      return RandomWeight.of(trained, origin.deviation(), seed);
    }
    boolean gain = trained.name().endsWith("weight");
    float value = gain ? (float) (1 - spec.finalNorm().gainOffset()) : 0;
    return new ConstantWeight(trained.name(), trained.shape(), value);
  }

  /**
   * The same model with other numbers in some of its weights.
   *
   * @param changed by their names in the file, in the shapes of the file
   */
  public ModelFolder with(Map<String, Weight> changed) {
    Map<String, Weight> all = new LinkedHashMap<>(stored.tensors());
    all.putAll(changed);
    String hash = ContentHash.ofWeights(changed.values());
    return new ModelFolder(folder, spec, all, origin, variant + "trained:" + hash);
  }

  /**
   * Writes it as a folder of its own: weights in float32, configuration, tokenizer.
   *
   * @param target an empty folder, or one that does not exist
   * @throws FormatException if it cannot be written, or this is a GGUF file
   */
  public void save(Path target) {
    if (isGguf()) {
      throw new FormatException(folder, "is a GGUF file, which has no config.json to copy");
    }
    try {
      FolderWriter.write(folder, stored.tensors().values(), target);
    } catch (IOException e) {
      throw new FormatException(target, "cannot be written: " + e.getMessage(), e);
    }
  }

  /** Whether it is a GGUF file. */
  public boolean isGguf() {
    return folder.toString().endsWith(GGUF);
  }

  private static Fields fields(Path file) {
    try {
      return new Fields(file, Json.objectWithNone(file, Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new FormatException(file, "cannot be read: " + e.getMessage(), e);
    }
  }

  /** The folder. */
  public Path folder() {
    return folder;
  }

  /** What the decoder looks like. */
  public DecoderSpec spec() {
    return spec;
  }

  /** Token ids that end a generation. */
  public int[] endOfSequence() {
    return origin.endOfSequence().clone();
  }

  /** The tokenizer.json, or the GGUF file that holds the vocabulary, where there is one. */
  public Optional<Path> tokenizer() {
    if (isGguf()) {
      return origin.tokenizer() ? Optional.of(folder) : Optional.empty();
    }
    Path file = folder.resolve("tokenizer.json");
    return Files.exists(file) ? Optional.of(file) : Optional.empty();
  }

  /** Number of weights. */
  public long parameters() {
    return stored.tensors().values().stream().mapToLong(Weight::count).sum();
  }

  /** The weights by part. */
  public DecoderWeights weights() {
    return new DecoderWeights(spec, stored);
  }

  /** What its user should know: what was guessed, passed over or left out. */
  public List<String> remarks() {
    return List.copyOf(origin.remarks());
  }

  /** Token ids that stand for images, videos or sounds, with what they stand for. */
  public Map<Integer, String> refusedTokens() {
    return Map.copyOf(origin.refusedTokens());
  }

  /**
   * A weight by its name in the file.
   *
   * @throws FormatException if there is none
   */
  public Weight stored(String name) {
    Weight found = stored.tensors().get(name);
    if (found == null) {
      throw new FormatException(folder, "the weights have no tensor '" + name + "'");
    }
    return found;
  }

  /** One hash over everything that decides the activations. */
  public String contentHash(ContentHash hashes) {
    String hash = hashes.of(origin.files());
    return variant.isEmpty()
        ? hash
        : ContentHash.of((variant + "/" + hash).getBytes(StandardCharsets.UTF_8));
  }
}
