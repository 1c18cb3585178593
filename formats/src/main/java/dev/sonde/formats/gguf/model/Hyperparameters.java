package dev.sonde.formats.gguf.model;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.gguf.GgufFile;
import dev.sonde.formats.gguf.GgufTensor;
import java.util.List;
import java.util.Optional;

/**
 * The metadata of one architecture, whose keys begin with its name. Every error names file and key.
 */
record Hyperparameters(GgufFile file, String architecture) {
  long whole(String key) {
    return optionalWhole(key).orElseThrow(() -> problem(key, "is missing"));
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

  /** Number of blocks; more than there are tensors it cannot be. */
  long blocks() {
    long blocks = whole("block_count");
    if (blocks <= 0 || blocks > file.tensors().size()) {
      throw problem(
          "block_count", "is %d, with %d tensors".formatted(blocks, file.tensors().size()));
    }
    return blocks;
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

  long keyValueHeads() {
    return optionalWhole("attention.head_count_kv").orElse(heads());
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

  private String full(String key) {
    return architecture + "." + key;
  }
}
