package dev.sonde.formats.huggingface;

import dev.sonde.formats.ContentHash;
import dev.sonde.formats.FormatException;
import dev.sonde.formats.Weight;
import dev.sonde.formats.json.Json;
import dev.sonde.formats.safetensors.Tensor;
import dev.sonde.formats.safetensors.TensorFolder;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A model folder as Hugging Face's tools write it, with its weights mapped. */
public final class ModelFolder {
  private static final String WEIGHTS = "model";

  private final Path folder;
  private final DecoderSpec spec;
  private final TensorFolder weights;
  private final int[] endOfSequence;

  private ModelFolder(Path folder, DecoderSpec spec, TensorFolder weights, int[] endOfSequence) {
    this.folder = folder;
    this.spec = spec;
    this.weights = weights;
    this.endOfSequence = endOfSequence;
  }

  /**
   * Opens a folder: reads its configuration and the headers of its weights.
   *
   * @throws FormatException naming file and field where something is missing, malformed or not
   *     supported
   */
  public static ModelFolder open(Path folder) {
    Path configFile = folder.resolve("config.json");
    Fields config = fields(configFile);
    DecoderSpec spec = Families.read(config);
    // Weights stay mapped while native code may still hold them: the collector decides.
    TensorFolder weights = TensorFolder.open(folder, WEIGHTS, Arena.ofAuto());
    Path generation = folder.resolve("generation_config.json");
    Fields stops = Files.exists(generation) ? fields(generation) : config;
    int[] endOfSequence = (stops.has("eos_token_id") ? stops : config).integers("eos_token_id");
    return new ModelFolder(folder, spec, weights, endOfSequence);
  }

  private static Fields fields(Path file) {
    try {
      return new Fields(file, Json.object(file, Files.readAllBytes(file)));
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
    return endOfSequence.clone();
  }

  /** The tokenizer.json, where there is one. */
  public Optional<Path> tokenizer() {
    Path file = folder.resolve("tokenizer.json");
    return Files.exists(file) ? Optional.of(file) : Optional.empty();
  }

  /** Number of weights. */
  public long parameters() {
    return weights.tensors().values().stream().mapToLong(Tensor::count).sum();
  }

  /** The weights by part. */
  public DecoderWeights weights() {
    return new DecoderWeights(spec, this);
  }

  /** Whether there is a weight of that name. */
  boolean has(String name) {
    return weights.tensors().containsKey(stored(name));
  }

  /** How many sizes a weight has; 0 if there is none. */
  int rank(String name) {
    Tensor tensor = weights.tensors().get(stored(name));
    return tensor == null ? 0 : tensor.shape().size();
  }

  /** A weight of a certain shape; see {@link TensorFolder#tensor}. */
  Weight weight(String name, long... shape) {
    return weights.tensor(stored(name), shape);
  }

  /** A tensor of bytes of a certain shape. */
  Tensor bytes(String name, long... shape) {
    return weights.tensor(stored(name), shape);
  }

  /** A weight, where there is one of that name. */
  Optional<Weight> optionalWeight(String name, long... shape) {
    return has(name) ? Optional.of(weight(name, shape)) : Optional.empty();
  }

  /** Files of a bare decoder leave out the first part of the names. */
  private String stored(String name) {
    String bare = name.substring(name.indexOf('.') + 1);
    boolean isBare = !weights.tensors().containsKey(name) && weights.tensors().containsKey(bare);
    return isBare ? bare : name;
  }

  /** One hash over everything that decides the activations. */
  public String contentHash(ContentHash hashes) {
    List<Path> files = new ArrayList<>(List.of(folder.resolve("config.json")));
    files.addAll(weights.files());
    return hashes.of(files);
  }
}
