package dev.sonde.formats.gguf.model;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.Weight;
import dev.sonde.formats.gguf.GgufFile;
import dev.sonde.formats.json.JsonText;
import dev.sonde.formats.safetensors.DType;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A GGUF file as the Hugging Face folder it was converted from. Weights are arranged and decoded
 * when they are read.
 */
public final class GgufModel {
  private static final String ARCHITECTURE = "general.architecture";
  private static final String EMBEDDING = "token_embd.weight";

  private final GgufFile file;
  private final Hyperparameters given;
  private final Vocabulary vocabulary;
  private final Map<String, Object> config;
  private final Map<String, Arranged> weights;
  private final List<String> unread;

  private GgufModel(GgufFile file, Family family, Hyperparameters given) {
    this.file = file;
    this.given = given;
    this.vocabulary = Vocabulary.of(file);
    this.weights = ModelWeights.of(family, given);
    this.config = config(family.config(given));
    this.unread = UnreadKeys.notes(given);
  }

  /**
   * Opens a file and finds every weight in it.
   *
   * @param arena decides how long the weights can be read
   * @throws FormatException if the file is malformed, of an architecture that is not supported,
   *     incomplete, or another part of a model than the first
   */
  public static GgufModel open(Path path, Arena arena) {
    GgufFile file = GgufFile.openWhole(path, arena);
    String architecture =
        file.metadata()
            .text(ARCHITECTURE)
            .orElseThrow(
                () -> new FormatException(path, "metadata '" + ARCHITECTURE + "' is missing"));
    return new GgufModel(
        file, GgufFamilies.of(file, architecture), new Hyperparameters(file, architecture));
  }

  /** The file. */
  public GgufFile file() {
    return file;
  }

  /** The files that decide what it computes. */
  public List<Path> files() {
    return file.parts();
  }

  /** The fields of config.json; numbers are {@link Long} or {@link Double}. */
  public Map<String, Object> config() {
    return Collections.unmodifiableMap(config);
  }

  /** The weights under their names in the folder, in its layouts and shapes. */
  public Map<String, Weight> weights() {
    return Collections.unmodifiableMap(weights);
  }

  /** The weights with the types they are best stored as. */
  Map<String, Arranged> arranged() {
    return weights;
  }

  /** Whether the file says of which kind its tokenizer is; without, its tokens are names of ids. */
  public boolean hasTokenizer() {
    return vocabulary.option("model").filter(kind -> !kind.equals("none")).isPresent();
  }

  /**
   * The bytes of tokenizer.json.
   *
   * @throws FormatException if the file's tokenizer is of a kind that is not supported
   */
  public byte[] tokenizer() {
    return JsonText.of(TokenizerFields.of(vocabulary));
  }

  /** Which keys may change what it computes and are not read; sentences. */
  public List<String> configNotes() {
    return List.copyOf(unread);
  }

  /** What the file leaves open of how texts become tokens, and what is taken; sentences. */
  public List<String> tokenizerNotes() {
    List<String> notes = new ArrayList<>();
    boolean splits = vocabulary.option("model").equals(Optional.of("gpt2"));
    if (splits && vocabulary.option("pre").isEmpty()) {
      notes.add(
          "%s does not say how texts are split (tokenizer.ggml.pre is missing); they are split as GPT-2 splits them, which may not be this model's way: take a newer file, or the model's Hugging Face folder."
              .formatted(file.path().getFileName()));
    }
    List<Integer> repeated =
        vocabulary.repeated().keySet().stream()
            .filter(id -> !vocabulary.text(id).isEmpty())
            .toList();
    if (!repeated.isEmpty()) {
      int id = repeated.getFirst();
      notes.add(
          "%s holds one text under several ids, '%s' as %d and as %d%s: the first is taken, as llama.cpp does."
              .formatted(
                  file.path().getFileName(),
                  vocabulary.text(id),
                  vocabulary.repeated().get(id),
                  id,
                  repeated.size() == 1 ? "" : " and %d more".formatted(repeated.size() - 1)));
    }
    return List.copyOf(notes);
  }

  /** The fields of tokenizer_config.json, with the chat template where the file has one. */
  public Map<String, Object> tokenizerConfig() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("tokenizer_class", "PreTrainedTokenizerFast");
    fields.put("clean_up_tokenization_spaces", false);
    given.optionalWhole("context_length").ifPresent(n -> fields.put("model_max_length", n));
    putToken(fields, "bos_token", "bos");
    putToken(fields, "eos_token", "eos");
    putToken(fields, "unk_token", "unknown");
    putToken(fields, "pad_token", "padding");
    file.metadata()
        .text("tokenizer.chat_template")
        .ifPresent(template -> fields.put("chat_template", template));
    return fields;
  }

  /** The fields of generation_config.json: among them every token that ends a generation. */
  public Map<String, Object> generationConfig() {
    Map<String, Object> fields = new LinkedHashMap<>();
    putId(fields, "bos_token_id", "bos");
    putId(fields, "pad_token_id", "padding");
    List<Long> ends =
        Stream.of("eos", "eot", "eom")
            .flatMap(key -> vocabulary.special(key).stream())
            .map(Long::valueOf)
            .distinct()
            .toList();
    if (!ends.isEmpty()) {
      fields.put("eos_token_id", ends.size() == 1 ? ends.getFirst() : ends);
    }
    return fields;
  }

  private Map<String, Object> config(Map<String, Object> family) {
    Map<String, Object> fields = new LinkedHashMap<>(family);
    long rows = file.tensor(EMBEDDING).shape().getFirst();
    if (vocabulary.size() > rows) {
      throw new FormatException(
          file.path(), "has %d tokens and rows for %d of them".formatted(vocabulary.size(), rows));
    }
    fields.put("vocab_size", rows);
    fields.put("tie_word_embeddings", !given.has("output.weight"));
    if (!given.flag("attention.causal").orElse(true)) {
      fields.put("is_causal", false);
    }
    putId(fields, "bos_token_id", "bos");
    putId(fields, "eos_token_id", "eos");
    putId(fields, "pad_token_id", "padding");
    fields.put("torch_dtype", numbers());
    return fields;
  }

  /** The type of the matrices, where it is one. */
  private String numbers() {
    List<DType> types =
        weights.values().stream()
            .filter(weight -> weight.shape().size() > 1)
            .map(Arranged::dtype)
            .distinct()
            .toList();
    return switch (types.size() == 1 ? types.getFirst() : DType.F32) {
      case F16 -> "float16";
      case BF16 -> "bfloat16";
      default -> "float32";
    };
  }

  private void putToken(Map<String, Object> fields, String field, String key) {
    vocabulary.special(key).ifPresent(id -> fields.put(field, vocabulary.text(id)));
  }

  private void putId(Map<String, Object> fields, String field, String key) {
    vocabulary.special(key).ifPresent(id -> fields.put(field, (long) id));
  }
}
