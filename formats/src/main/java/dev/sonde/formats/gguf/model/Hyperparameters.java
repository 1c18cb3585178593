package dev.sonde.formats.gguf.model;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.gguf.GgufFile;
import dev.sonde.formats.gguf.GgufTensor;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/**
 * The metadata of one architecture, whose keys begin with its name. Every error names file and key;
 * it remembers which keys were asked for.
 */
record Hyperparameters(GgufFile file, String architecture, Set<String> asked) {
  /** Of a tensor's name; no model has so many blocks that more digits were needed. */
  private static final Pattern BLOCK = Pattern.compile("blk\\.(\\d{1,6})\\.");

  Hyperparameters(GgufFile file, String architecture) {
    this(file, architecture, new HashSet<>());
  }

  long whole(String key) {
    return optionalWhole(key).orElseThrow(() -> problem(key, "is missing"));
  }

  /** A whole number from 1 on. */
  long size(String key) {
    long size = whole(key);
    if (size < 1) {
      throw problem(key, "is " + size);
    }
    return size;
  }

  /** A whole number; a list with one per block must repeat one number. */
  Optional<Long> optionalWhole(String key) {
    if (!(file.metadata().values().get(full(key)) instanceof List<?>)) {
      return file.metadata().whole(full(key));
    }
    List<Object> distinct =
        file.metadata().numbers(full(key)).orElseThrow().stream().distinct().toList();
    if (distinct.size() == 1 && distinct.getFirst() instanceof Long number) {
      return Optional.of(number);
    }
    throw problem(key, "differs between blocks: " + distinct);
  }

  double real(String key) {
    return optionalReal(key).orElseThrow(() -> problem(key, "is missing"));
  }

  Optional<Double> optionalReal(String key) {
    Optional<Double> number = file.metadata().real(full(key));
    if (number.isPresent() && !Double.isFinite(number.get())) {
      throw problem(key, "is " + number.get());
    }
    return number;
  }

  Optional<String> text(String key) {
    return file.metadata().text(full(key));
  }

  Optional<Boolean> flag(String key) {
    return file.metadata().flag(full(key));
  }

  /**
   * Number of blocks, those left out that draft tokens; more than there are tensors it cannot be.
   */
  long blocks() {
    long blocks = whole("block_count");
    if (blocks <= 0 || blocks > file.tensors().size()) {
      throw problem(
          "block_count", "is %d, with %d tensors".formatted(blocks, file.tensors().size()));
    }
    long drafting = optionalWhole("nextn_predict_layers").orElse(0L);
    if (drafting < 0 || drafting >= blocks) {
      throw problem("nextn_predict_layers", "is %d, of %d blocks".formatted(drafting, blocks));
    }
    return blocks - drafting;
  }

  /** Whether a tensor is of a block behind those that compute the model, which drafts tokens. */
  boolean drafts(String tensor) {
    Matcher block = BLOCK.matcher(tensor);
    return optionalWhole("nextn_predict_layers").orElse(0L) > 0
        && block.lookingAt()
        && Long.parseLong(block.group(1)) >= blocks();
  }

  long width() {
    return whole("embedding_length");
  }

  long heads() {
    long heads = whole("attention.head_count");
    if (heads <= 0) {
      throw problem("attention.head_count", "is " + heads);
    }
    return heads;
  }

  /** Of the blocks that have attention; lists have 0 for the others. */
  long keyValueHeads() {
    String key = "attention.head_count_kv";
    if (!(file.metadata().values().get(full(key)) instanceof List<?>)) {
      return optionalWhole(key).orElse(heads());
    }
    List<Object> distinct =
        perBlock(key).stream().filter(count -> !count.equals(0L)).distinct().toList();
    if (distinct.size() == 1 && distinct.getFirst() instanceof Long number) {
      return number;
    }
    throw problem(key, "differs between blocks: " + distinct);
  }

  /** A number or flag for each block; one that stands alone is every block's. */
  List<Object> perBlock(String key) {
    Object value = file.metadata().values().get(full(key));
    if (value == null) {
      throw problem(key, "is missing");
    }
    if (!(value instanceof List<?>)) {
      return Collections.nCopies(Math.toIntExact(blocks()), value);
    }
    List<Object> numbers = file.metadata().numbers(full(key)).orElseThrow();
    if (numbers.size() < blocks()) {
      throw problem(key, "has %d numbers for %d blocks".formatted(numbers.size(), blocks()));
    }
    return numbers.subList(0, Math.toIntExact(blocks()));
  }

  /** The kinds of blocks, by a tensor that those of one kind have. */
  List<String> kinds(String tensor, String with, String without) {
    return LongStream.range(0, blocks())
        .mapToObj(block -> has("blk.%d.%s".formatted(block, tensor)) ? with : without)
        .toList();
  }

  /** The kinds of blocks where the file has a flag for each that says whether it slides. */
  Optional<List<String>> slidingBlocks() {
    String key = "attention.sliding_window_pattern";
    if (!(file.metadata().values().get(full(key)) instanceof List<?>)) {
      return Optional.empty();
    }
    return Optional.of(
        perBlock(key).stream()
            .map(slides -> Boolean.TRUE.equals(slides) ? "sliding_attention" : "full_attention")
            .toList());
  }

  /** How much of a head turns. */
  double turningShare() {
    return (double) optionalWhole("rope.dimension_count").orElse(headWidth()) / headWidth();
  }

  /** Refuses a file of whose heads only a part turns. */
  void expectWholeHeadsToTurn() {
    long rotary = optionalWhole("rope.dimension_count").orElse(headWidth());
    if (rotary != headWidth()) {
      throw problem("rope.dimension_count", rotary + " is not the heads' width " + headWidth());
    }
  }

  /** Width of one head. */
  long headWidth() {
    long headWidth = optionalWhole("attention.key_length").orElseGet(() -> width() / heads());
    if (headWidth <= 0 || headWidth % 2 != 0) {
      throw problem("attention.key_length", headWidth + " makes no pairs of planes");
    }
    return headWidth;
  }

  double rotaryBase() {
    // llama.cpp's default where converters write none.
    return optionalReal("rope.freq_base").orElse(10_000.0);
  }

  /** Refuses a file that has a key of what is not computed. */
  void refuse(String key, String why) {
    if (file.metadata().values().containsKey(full(key))) {
      throw problem(key, why);
    }
  }

  boolean has(String tensor) {
    return file.tensors().containsKey(tensor);
  }

  GgufTensor tensor(String name) {
    return file.tensor(name);
  }

  FormatException problem(String key, String what) {
    return new FormatException(file.path(), "metadata '%s' %s".formatted(full(key), what));
  }

  /** Says that a key's value does not matter. */
  void pass(String key) {
    asked.add(key);
  }

  /** The keys of the architecture that nobody has asked for. */
  List<String> unasked() {
    String prefix = architecture + ".";
    return file.metadata().values().keySet().stream()
        .filter(key -> key.startsWith(prefix) && !asked.contains(key.substring(prefix.length())))
        .map(key -> key.substring(prefix.length()))
        .toList();
  }

  /** What a key holds; a FLOAT32 as the decimal that its author wrote. */
  Object value(String key) {
    Object value = Objects.requireNonNull(file.metadata().values().get(full(key)));
    return value instanceof Float || value instanceof Double
        ? file.metadata().real(full(key)).orElseThrow()
        : value;
  }

  private String full(String key) {
    asked.add(key);
    return architecture + "." + key;
  }
}
